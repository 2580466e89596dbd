"""A new AgentCore runtime, with the JWT authorizer, the guard and the resource policy on it."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from aws_cdk import aws_bedrockagentcore as agentcore

from ..acknowledgments import acknowledge_implied_dependency, acknowledge_runtime
from ..errors import StreamingAgentError
from ..protection.runtime_guard import GATEWAY_SECRET_HEADER, GATEWAY_SECRET_VARIABLE
from .agent_runtime import RuntimeConfig, RuntimeContext
from .bedrock_model import MODEL_VARIABLE
from .code_artifact import CodeArtifact, grant_code, run_code
from .header_allow_list import MAX_HEADERS, ORIGIN_HEADER
from .model_grant import grant_model
from .resource_policy import new_resource_policy
from .runtime_options import check_environment
from .runtime_role import give_role_per_name
from .runtime_tags import RuntimeTags
from .workload_identity import deny_other_identities

if typing.TYPE_CHECKING:
    from constructs import Construct

_ORIGINS_VARIABLE = "CORS_ALLOW_ORIGINS"


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
