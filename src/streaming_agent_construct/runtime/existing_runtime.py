"""A runtime that exists already: where it is, what of it is refused, and what of it cannot be checked here."""

from __future__ import annotations

import re
import typing

from aws_cdk import Annotations, ArnFormat, Token
from aws_cdk import aws_bedrockagentcore as agentcore

from ..errors import StreamingAgentError
from ..same_region import is_elsewhere
from .agent_runtime import RuntimeConfig, RuntimeContext, RuntimePlace

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..stack_values import StackValues
    from .runtime_options import RuntimeOptions


def existing_place(runtime: agentcore.IBedrockAgentRuntime, values: StackValues) -> RuntimePlace:
    """Where an existing runtime is, as far as its ARN tells."""
    arn = runtime.agent_runtime_arn
    if Token.is_unresolved(arn):
        # One of this app.
        return RuntimePlace(region=runtime.stack.region, account=runtime.stack.account)
    parts = values.stack.split_arn(arn, ArnFormat.SLASH_RESOURCE_NAME)
    return RuntimePlace(
        region=parts.region if parts.region is not None else values.region,
        account=parts.account if parts.account is not None else values.account,
    )


def check_existing_runtime(runtime: agentcore.IBedrockAgentRuntime, context: RuntimeContext) -> None:
    """Refuses a runtime that would answer 401 to every token that the gateway lets through."""
    if context.model is not None:
        raise StreamingAgentError(
            "SAC172",
            "model: expected none with an existing runtime, whose role and environment stay as they are; grant the "
            "model and set its environment where the runtime is made",
        )
    changed = _changed_options(context.options)
    if len(changed) > 0:
        raise StreamingAgentError(
            "SAC025",
            "RuntimeOptions for an existing runtime: expected only qualifier or live_version, got "
            f"{', '.join(changed)}; an existing runtime keeps its own settings, so change them where the runtime is "
            "made",
        )
    resource = runtime.node.default_child
    if resource is not None and typing.cast(agentcore.CfnRuntime, resource).authorizer_configuration is None:
        raise StreamingAgentError(
            "SAC019",
            "the existing runtime takes only IAM signatures, so it would refuse every token: "
            f"give it a JWT authorizer that takes {context.auth.expectation}",
        )
    arn = runtime.agent_runtime_arn
    if (
        not Token.is_unresolved(arn)
        and re.fullmatch(r"arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:runtime/[^/]+", arn) is None
    ):
        raise StreamingAgentError(
            "SAC193",
            f"the existing runtime: expected 'arn:aws:bedrock-agentcore:<region>:<account>:runtime/<id>', got '{arn}'; "
            "import it by its ARN",
        )


def bind_existing_runtime(
    scope: Construct, runtime: agentcore.IBedrockAgentRuntime, context: RuntimeContext
) -> RuntimeConfig:
    """The runtime where it is, with a warning of what cannot be checked here."""
    # What a JWT authorizer admits is known to CloudFormation, not to the app.
    Annotations.of(scope).add_warning_v2(
        "streaming-agent-construct:existing-runtime",
        f"the existing runtime's authorizer is not checked here: see that it takes {context.auth.expectation}; and "
        "give it a resource policy that lets token callers invoke it and nothing else, since their token would also "
        "open a shell in it (docs/security.md has the policy)",
    )
    if context.guard.secret is not None or context.guard.vpc_id is not None:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:existing-runtime-guard",
            "the existing runtime is not guarded here: where it is made, give it the header and the variable of "
            "RuntimeGuard.shared_secret, or the VPC condition of RuntimeGuard.private_path in its resource policy",
        )
    resource = runtime.node.default_child
    arn = runtime.agent_runtime_arn
    key = typing.cast(agentcore.CfnRuntime, resource).agent_runtime_name if resource is not None else arn
    place = existing_place(runtime, context.values)
    return RuntimeConfig(runtime=runtime, region=place.region, account=place.account, deployment_key=key, is_new=False)


def elsewhere_words(region: str, account: str, values: StackValues) -> str | None:
    """Where a runtime is that is not where the stack is, as far as both are known."""
    if is_elsewhere(account, values.account):
        return f"account {account}"
    return region if is_elsewhere(region, values.region) else None


def _changed_options(options: RuntimeOptions) -> list[str]:
    """The names of the settings that are given and only a new runtime can have."""
    return [
        *_if_chosen("runtime_name", options.runtime_name is not None),
        *_if_chosen("description", options.description is not None),
        *_if_chosen("environment_variables", options.environment_variables is not None),
        *_if_chosen("execution_role", options.execution_role is not None),
        *_if_chosen("network_configuration", options.network_configuration is not None),
        *_if_chosen("lifecycle_configuration", options.lifecycle_configuration is not None),
        *_if_chosen("header_allow_list", options.header_allow_list is not None),
        *_if_chosen("tags", options.tags is not None),
        *_if_chosen("platform_version", options.platform_version is not None),
        *_if_chosen("tracing", options.tracing is not None),
        *_if_chosen("logs", options.logs is not None),
    ]


def _if_chosen(name: str, is_chosen: bool) -> list[str]:
    return [name] if is_chosen else []
