"""The AgentCore runtime behind one route: a new one with the JWT authorizer on it, or an existing one, checked."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping, Sequence

from aws_cdk import Annotations, ArnFormat, Token
from aws_cdk import aws_bedrockagentcore as agentcore

from ..acknowledgments import acknowledge_implied_dependency, acknowledge_runtime
from ..errors import StreamingAgentError
from ..protection.runtime_guard import GATEWAY_SECRET_HEADER, GATEWAY_SECRET_VARIABLE, RuntimeGuardConfig
from .bedrock_model import MODEL_VARIABLE, ModelConfig, grant_model
from .code_artifact import CodeArtifact, grant_code, run_code
from .header_allow_list import MAX_HEADERS, ORIGIN_HEADER
from .resource_policy import new_resource_policy
from .runtime_options import RuntimeOptions, check_environment
from .runtime_role import give_role_per_name
from .runtime_tags import RuntimeTags
from .workload_identity import deny_other_identities

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..auth.auth_config import AuthConfig
    from ..stack_values import StackValues

_ORIGINS_VARIABLE = "CORS_ALLOW_ORIGINS"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeContext:
    """What an agent's source needs to know of the API to make a runtime for it."""

    values: StackValues
    """The stack."""
    auth: AuthConfig
    """Who may call."""
    options: RuntimeOptions
    """What was chosen of the runtime."""
    origins: Sequence[str]
    """The web origins that may call."""
    guard: RuntimeGuardConfig
    """What keeps callers off the runtime's own address."""
    model: ModelConfig | None = None
    """The model that the agent calls."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimePlace:
    """Where a runtime is."""

    region: str
    """Its Region."""
    account: str
    """Its account."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeConfig:
    """The runtime of one agent, as the next parts need it."""

    runtime: agentcore.IBedrockAgentRuntime
    """The runtime."""
    region: str
    """Its Region."""
    account: str
    """Its account."""
    deployment_key: str
    """What changes when the runtime is replaced: the API needs a new deployment then."""
    is_new: bool
    """Whether this construct makes it; an existing one keeps its own settings."""


def new_runtime(
    scope: Construct, artifact: agentcore.AgentRuntimeArtifact, context: RuntimeContext
) -> agentcore.Runtime:
    """A runtime that checks the caller's token once more: its address is public, and takes the same token."""
    options = context.options
    headers = _resolve_headers(context)
    return agentcore.Runtime(
        scope,
        "Runtime",
        agent_runtime_artifact=artifact,
        runtime_name=options.runtime_name,
        description=options.description,
        environment_variables=_resolve_environment(context),
        execution_role=options.execution_role,
        network_configuration=options.network_configuration,
        lifecycle_configuration=options.lifecycle_configuration,
        request_header_configuration=(
            agentcore.RequestHeaderConfiguration(allowlisted_headers=headers) if len(headers) > 0 else None
        ),
        tags=options.tags,
        tracing_enabled=options.tracing,
        logging_configs=list(options.logs) if options.logs is not None else None,
    )


def bind_new_runtime(
    scope: Construct, runtime: agentcore.Runtime, code: CodeArtifact | None, context: RuntimeContext
) -> RuntimeConfig:
    """Gives a new runtime its authorizer, its guard and its resource policy."""
    node = runtime.node
    resource = typing.cast(agentcore.CfnRuntime, node.default_child)
    # Set on the resource: the CDK's own authorizers refuse addresses that AgentCore takes (RFC 8414).
    resource.authorizer_configuration = agentcore.CfnRuntime.AuthorizerConfigurationProperty(
        custom_jwt_authorizer=context.auth.runtime_authorizer
    )
    if context.options.platform_version is not None:
        # The CDK's constructs know it only since 2.273.
        resource.add_property_override("PlatformVersion", context.options.platform_version)
    node.add_validation(RuntimeTags(resource))
    acknowledge_implied_dependency(resource)
    acknowledge_runtime(runtime, context.values)
    if code is not None:
        run_code(resource, code)
        grant_code(runtime, code, context.values)
    name = resource.agent_runtime_name
    if context.options.execution_role is None:
        deny_other_identities(runtime, context.values, name)
        if context.options.runtime_name is not None:
            give_role_per_name(runtime, context.values, context.options.runtime_name)
    if context.guard.secret is not None:
        context.guard.secret.grant_read(runtime.role)
    if context.model is not None:
        grant_model(scope, runtime, context.model, context.values.region)
    new_resource_policy(scope, context.values, runtime.agent_runtime_arn, context.guard.vpc_id)
    return RuntimeConfig(
        runtime=runtime,
        region=context.values.region,
        account=context.values.account,
        # Its name is create-only, and its Ref reads the same in a template before and after.
        deployment_key=name,
        is_new=True,
    )


def check_new_runtime(context: RuntimeContext) -> None:
    """Refuses what a new runtime cannot have, before anything is made."""
    _resolve_headers(context)
    _resolve_environment(context)


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


def _resolve_headers(context: RuntimeContext) -> list[str]:
    """The headers that the agent receives: the user's, and those that the API itself adds."""
    headers: list[str] = []
    # Names of headers are the same in any case (RFC 9110, 5.1).
    known: list[str] = []
    chosen = context.options.header_allow_list
    for header in chosen if chosen is not None else []:
        if header.lower() not in known:
            headers.append(header)
            known.append(header.lower())
    own = len(headers)
    # The agent answers a browser with the origin that asked, and so has to know it.
    if len(context.origins) > 0 and ORIGIN_HEADER.lower() not in known:
        headers.append(ORIGIN_HEADER)
    if context.guard.secret is not None and GATEWAY_SECRET_HEADER.lower() not in known:
        headers.append(GATEWAY_SECRET_HEADER)
    added = len(headers) - own
    if len(headers) > MAX_HEADERS:
        raise StreamingAgentError(
            "SAC023",
            f"header_allow_list: expected at most {MAX_HEADERS - added} headers, because cors and a shared secret take "
            f"{added} of AgentCore's {MAX_HEADERS}, got {own}",
        )
    return headers


def _resolve_environment(context: RuntimeContext) -> Mapping[str, str] | None:
    """The agent's environment variables: the user's, and those that the API itself sets."""
    variables: dict[str, str] = {}
    if len(context.origins) > 0:
        variables[_ORIGINS_VARIABLE] = ",".join(context.origins)
    if context.guard.secret is not None:
        variables[GATEWAY_SECRET_VARIABLE] = context.guard.secret.secret_arn
    chosen = context.options.environment_variables
    if context.model is not None:
        variables[MODEL_VARIABLE] = context.model.model_id
    if chosen is not None:
        for name in sorted(chosen):
            if variables.get(name, chosen[name]) != chosen[name]:
                raise StreamingAgentError(
                    "SAC171",
                    f"environment_variables: expected no {name} beside {_setter_words(name)}, which sets it, got "
                    f"'{chosen[name]}'; leave one of the two out",
                )
            variables[name] = chosen[name]
    check_environment(variables)
    return variables if len(variables) > 0 else None


def _setter_words(variable: str) -> str:
    """Which option sets a variable."""
    if variable == GATEWAY_SECRET_VARIABLE:
        return "RuntimeGuard.shared_secret"
    return "model" if variable == MODEL_VARIABLE else "cors"


def _changed_options(options: RuntimeOptions) -> list[str]:
    """The names of what was chosen and only a new runtime can have."""
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
