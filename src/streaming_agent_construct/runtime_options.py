"""RuntimeOptions: what may be chosen of the AgentCore runtime that the agent runs in."""

import dataclasses
import re
from collections.abc import Mapping, Sequence

from aws_cdk import Token
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam

from .errors import StreamingAgentError
from .request_headers import check_header_allow_list

_MAX_ENVIRONMENT_VARIABLES = 50


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeOptions:
    """What may be chosen of the AgentCore runtime that the agent runs in.

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
    while newer ones are tried at ``DEFAULT``; raise the number to let them in, lower it to take them back.

    Default: - the latest version
    """
    tags: Mapping[str, str] | None = None
    """Tags of the runtime. Default: - none of its own"""


def runtime_options(chosen: RuntimeOptions | None) -> RuntimeOptions:
    """What was chosen, refused where AgentCore would refuse it in the middle of a deployment."""
    options = chosen if chosen is not None else RuntimeOptions()
    name = options.runtime_name
    if name is not None and not Token.is_unresolved(name) and re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]{0,47}", name) is None:
        raise StreamingAgentError(
            "SAC020",
            f"runtime_name must be a letter followed by up to 47 letters, digits and underscores, got '{name}'",
        )
    variables = options.environment_variables
    if variables is not None and len(variables) > _MAX_ENVIRONMENT_VARIABLES:
        raise StreamingAgentError(
            "SAC021",
            f"environment_variables may hold {_MAX_ENVIRONMENT_VARIABLES} at most, got {len(variables)}: "
            "keep the rest in a parameter or a secret that the agent reads",
        )
    if variables is not None:
        for key in sorted(variables):
            if re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]{0,99}", key) is None:
                raise StreamingAgentError(
                    "SAC022",
                    "the name of an environment variable is a letter or underscore followed by letters, digits and "
                    f"underscores, 100 characters at most, got '{key}'",
                )
    check_header_allow_list(options.header_allow_list)
    return options
