"""The AgentCore runtime behind one route: a new one with the JWT authorizer on it, or an existing one, checked."""

import dataclasses
import typing
from collections.abc import Mapping, Sequence

from aws_cdk import Annotations
from aws_cdk import aws_bedrockagentcore as agentcore
from constructs import Construct

from ..auth.auth_config import AuthBinding
from ..errors import StreamingAgentError
from ..protection.runtime_guard import PROOF_HEADER, PROOF_VARIABLE, RuntimeGuardBinding, guard_runtime
from .header_allow_list import ORIGIN_HEADER, check_header_allow_list
from .runtime_options import RuntimeOptions, check_environment

_ORIGINS_VARIABLE = "CORS_ALLOW_ORIGINS"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeNeeds:
    """What a runtime must know of the front door."""

    origins: Sequence[str]
    """The web origins that may call."""
    guard: RuntimeGuardBinding
    """What keeps callers off the runtime's own address."""


def new_runtime(
    scope: Construct,
    artifact: agentcore.AgentRuntimeArtifact,
    auth: AuthBinding,
    options: RuntimeOptions,
    needs: RuntimeNeeds,
) -> agentcore.Runtime:
    """A runtime that checks the caller's token once more: its address is public, and takes the same token."""
    headers = _headers(options, needs)
    runtime = agentcore.Runtime(
        scope,
        "Runtime",
        agent_runtime_artifact=artifact,
        authorizer_configuration=auth.runtime_authorizer,
        runtime_name=options.runtime_name,
        description=options.description,
        environment_variables=_environment(options, needs),
        execution_role=options.execution_role,
        network_configuration=options.network_configuration,
        lifecycle_configuration=options.lifecycle_configuration,
        request_header_configuration=(
            agentcore.RequestHeaderConfiguration(allowlisted_headers=headers) if len(headers) > 0 else None
        ),
        tags=options.tags,
    )
    # The CDK's construct depends on the role beside its policies, which the reference to the role implies.
    typing.cast(agentcore.CfnRuntime, runtime.node.default_child).add_metadata(
        "cfn-lint", {"config": {"ignore_checks": ["W3005"]}}
    )
    guard_runtime(scope, runtime, needs.guard)
    return runtime


def check_existing_runtime(
    scope: Construct,
    runtime: agentcore.IBedrockAgentRuntime,
    auth: AuthBinding,
    options: RuntimeOptions,
    needs: RuntimeNeeds,
) -> None:
    """Refuses a runtime that would answer 401 to every token that the gateway lets through."""
    if _changes_something(options):
        raise StreamingAgentError(
            "SAC025",
            "an existing runtime keeps its own settings, got RuntimeOptions beside it: "
            "change them where the runtime is made, and keep only qualifier or live_version here",
        )
    resource = runtime.node.default_child
    if resource is not None and typing.cast(agentcore.CfnRuntime, resource).authorizer_configuration is None:
        raise StreamingAgentError(
            "SAC019",
            "the existing runtime takes IAM signatures alone, so it would refuse every token: "
            f"give it a JWT authorizer that takes {auth.expectation}",
        )
    # What a JWT authorizer admits is known to CloudFormation, not to the app.
    Annotations.of(scope).add_warning_v2(
        "streaming-agent-construct:existing-runtime",
        f"the existing runtime's authorizer is not checked here: see that it takes {auth.expectation}",
    )
    if needs.guard.secret is not None or needs.guard.vpc_id is not None:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:existing-runtime-guard",
            "the existing runtime is not guarded here: where it is made, give it the header and the variable of "
            "RuntimeGuard.shared_secret, or the resource policy of RuntimeGuard.private_path",
        )


def runtime_identity(runtime: agentcore.IBedrockAgentRuntime) -> str:
    """What changes when the runtime is replaced: its name is create-only, and its Ref reads the same in a template."""
    resource = runtime.node.default_child
    if resource is None:
        return runtime.agent_runtime_arn
    return typing.cast(agentcore.CfnRuntime, resource).agent_runtime_name


def _headers(options: RuntimeOptions, needs: RuntimeNeeds) -> list[str]:
    headers: list[str] = []
    for header in options.header_allow_list if options.header_allow_list is not None else []:
        if header not in headers:
            headers.append(header)
    # The agent answers a browser with the origin that asked, and so has to know it.
    if len(needs.origins) > 0 and ORIGIN_HEADER not in headers:
        headers.append(ORIGIN_HEADER)
    if needs.guard.secret is not None and PROOF_HEADER not in headers:
        headers.append(PROOF_HEADER)
    check_header_allow_list(headers)
    return headers


def _environment(options: RuntimeOptions, needs: RuntimeNeeds) -> Mapping[str, str] | None:
    variables: dict[str, str] = {}
    if len(needs.origins) > 0:
        variables[_ORIGINS_VARIABLE] = ",".join(needs.origins)
    if needs.guard.secret is not None:
        variables[PROOF_VARIABLE] = needs.guard.secret.secret_arn
    if options.environment_variables is not None:
        for name in sorted(options.environment_variables):
            variables[name] = options.environment_variables[name]
    check_environment(variables)
    return variables if len(variables) > 0 else None


def _changes_something(options: RuntimeOptions) -> bool:
    return (
        options.runtime_name is not None
        or options.description is not None
        or options.environment_variables is not None
        or options.execution_role is not None
        or options.network_configuration is not None
        or options.lifecycle_configuration is not None
        or options.header_allow_list is not None
        or options.tags is not None
    )
