"""RuntimeOptions: the settings of the agent's AgentCore runtime."""

import dataclasses
import re
from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Token
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam

from ..argument_types import checked_arguments
from ..durations import is_multiple_of, resolve_milliseconds
from ..errors import StreamingAgentError
from .header_allow_list import check_header_allow_list
from .runtime_tags import check_tags

# Of a runtime, and of its endpoints.
_NAME = r"[a-zA-Z][a-zA-Z0-9_]{0,47}"
_MAX_ENVIRONMENT_VARIABLES = 50
_MAX_VALUE = 2048
_MAX_DESCRIPTION = 1200
# AC runtime-lifecycle-settings: 60 to 28,800 seconds.
_MIN_LIFETIME_MS = 60 * 1000
_MAX_LIFETIME_MS = 8 * 60 * 60 * 1000


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeOptions:
    """Settings of the agent's AgentCore runtime.

    What AgentCore would refuse in the middle of a deployment is refused at synthesis, with the limit that it has.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agents-tools-runtime.html

    Example::

        RuntimeOptions(environment_variables={"MODEL_ID": "eu.amazon.nova-lite-v1:0"})
    """

    runtime_name: str | None = None
    """The runtime's name: a letter, then up to 47 letters, digits and underscores. A new name replaces the runtime.

    Default: - a name made from the construct's path
    """
    description: str | None = None
    """A note, up to 1200 characters. Default: - none"""
    environment_variables: Mapping[str, str] | None = None
    """Environment variables of the agent, 50 at most. Default: - none"""
    execution_role: iam.IRole | None = None
    """The role that the agent works with. Default: - a new role that may write logs and traces, and read the code"""
    network_configuration: agentcore.RuntimeNetworkConfiguration | None = None
    """The network that the agent reaches out from. Default: - the public network"""
    lifecycle_configuration: agentcore.LifecycleConfiguration | None = None
    """How long a session may be idle, and live. Default: - AgentCore's own: 15 minutes idle, 8 hours in all"""
    header_allow_list: Sequence[str] | None = None
    """Request headers that the agent receives, 20 at most: ``Authorization`` and custom ones; of ``X-Amzn-…`` only
    ``X-Amzn-Bedrock-AgentCore-Runtime-Custom-…``.

    Default: - none
    """
    qualifier: str | None = None
    """The runtime endpoint that the API calls. Default: "DEFAULT", which follows the latest version"""
    live_version: str | None = None
    """The version that callers get, by its number. The API then calls an endpoint ``live`` that stays on this version
    while newer ones are tried at ``DEFAULT``; raise the number to let them in, lower it to take them back. One agent
    makes the endpoint of a runtime; others call it with ``qualifier="live"``.

    Default: - the latest version
    """
    tags: Mapping[str, str] | None = None
    """Tags of the runtime, 50 at most. Default: - only those of its stack and app"""
    platform_version: str | None = None
    """AgentCore's platform version, ``"V1"`` or ``"V2"``, or a later one such as ``"V3"``: V2 restores every session
    from one snapshot that it takes after start-up, so what a module computes at import is shared by all sessions.
    Default: - AgentCore's own choice
    """
    tracing: bool | None = None
    """Whether AgentCore delivers the runtime's traces to X-Ray. Default: False"""
    logs: Sequence[agentcore.LoggingConfig] | None = None
    """Where AgentCore delivers the runtime's application and usage logs beside its log group. Default: - nowhere"""


def resolve_runtime_options(chosen: RuntimeOptions | None) -> RuntimeOptions:
    """The settings, refused where AgentCore would refuse them in the middle of a deployment."""
    options = chosen if chosen is not None else RuntimeOptions()
    name = options.runtime_name
    if name is not None and not Token.is_unresolved(name) and re.fullmatch(_NAME, name) is None:
        raise StreamingAgentError(
            "SAC020",
            f"runtime_name: expected a letter followed by up to 47 letters, digits and underscores, got '{name}'",
        )
    description = options.description
    if description is not None and len(description) > _MAX_DESCRIPTION:
        raise StreamingAgentError(
            "SAC140",
            f"description: expected at most {_MAX_DESCRIPTION} characters, got {len(description)}",
        )
    if options.environment_variables is not None:
        check_environment(options.environment_variables)
    if options.lifecycle_configuration is not None:
        _check_lifetime("idle_runtime_session_timeout", options.lifecycle_configuration.idle_runtime_session_timeout)
        _check_lifetime("max_lifetime", options.lifecycle_configuration.max_lifetime)
        _check_idle(options.lifecycle_configuration)
    if options.tags is not None:
        check_tags(options.tags)
    qualifier = options.qualifier
    if qualifier is not None and not Token.is_unresolved(qualifier) and re.fullmatch(_NAME, qualifier) is None:
        raise StreamingAgentError(
            "SAC143",
            "qualifier: expected the name of a runtime endpoint, a letter followed by up to 47 letters, digits and "
            f"underscores, got '{qualifier}'; leave it out for 'DEFAULT'",
        )
    platform = options.platform_version
    if platform is not None and not Token.is_unresolved(platform) and re.fullmatch(r"V[1-9][0-9]*", platform) is None:
        raise StreamingAgentError("SAC176", f"platform_version: expected 'V1' or 'V2', got '{platform}'")
    check_header_allow_list(options.header_allow_list)
    _check_version(options)
    return options


def check_environment(variables: Mapping[str, str]) -> None:
    """Refuses environment variables that AgentCore does not take."""
    if len(variables) > _MAX_ENVIRONMENT_VARIABLES:
        raise StreamingAgentError(
            "SAC021",
            f"environment_variables: expected at most {_MAX_ENVIRONMENT_VARIABLES}, got {len(variables)}; "
            "keep the rest in a parameter or a secret that the agent reads",
        )
    for key in sorted(variables):
        if re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]{0,99}", key) is None:
            raise StreamingAgentError(
                "SAC022",
                "environment_variables: expected names of a letter or underscore followed by letters, digits and "
                f"underscores, at most 100 characters, got '{key}'",
            )
        value = variables[key]
        if not Token.is_unresolved(value) and len(value) > _MAX_VALUE:
            raise StreamingAgentError(
                "SAC142",
                f"environment_variables: expected at most {_MAX_VALUE} characters in '{key}', got {len(value)}; "
                "keep it in a parameter or a secret that the agent reads",
            )


def _check_lifetime(name: str, duration: Duration | None) -> None:
    if duration is None:
        return
    given_ms = resolve_milliseconds(name, duration)
    if given_ms < _MIN_LIFETIME_MS or given_ms > _MAX_LIFETIME_MS or not is_multiple_of(given_ms, 1000):
        raise StreamingAgentError(
            "SAC029",
            f"{name}: expected whole seconds between 60 seconds and 8 hours, got {duration.to_human_string()}",
        )


def _check_idle(lifecycle: agentcore.LifecycleConfiguration) -> None:
    """Refuses a session that may be idle for longer than it lives (AC runtime-lifecycle-settings)."""
    idle = lifecycle.idle_runtime_session_timeout
    lifetime = lifecycle.max_lifetime
    if idle is None or lifetime is None:
        return
    most_ms = resolve_milliseconds("max_lifetime", lifetime)
    if resolve_milliseconds("idle_runtime_session_timeout", idle) > most_ms:
        raise StreamingAgentError(
            "SAC029",
            f"lifecycle_configuration: expected an idle timeout of at most the lifetime, {lifetime.to_human_string()}, "
            f"got {idle.to_human_string()}; shorten the idle timeout, or lengthen the lifetime",
        )


def _check_version(options: RuntimeOptions) -> None:
    """Refuses a version that AgentCore does not count, or two answers to the same question."""
    version = options.live_version
    if version is None:
        return
    if options.qualifier is not None:
        raise StreamingAgentError(
            "SAC027",
            f"live_version='{version}' makes an endpoint and qualifier='{options.qualifier}' names another: "
            "keep one of the two",
        )
    if not Token.is_unresolved(version) and re.fullmatch(r"[1-9][0-9]{0,4}", version) is None:
        raise StreamingAgentError(
            "SAC028",
            f"live_version: expected the number of a version, such as '3', got '{version}'; AgentCore counts from 1, "
            "and a first deployment makes version 1",
        )
