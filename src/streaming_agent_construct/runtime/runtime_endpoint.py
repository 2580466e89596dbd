"""Which version of a runtime callers get: the latest, one held for them, or an endpoint of yours."""

import re

from aws_cdk import Token
from aws_cdk import aws_bedrockagentcore as agentcore
from constructs import Construct

from ..errors import StreamingAgentError
from .runtime_options import RuntimeOptions

_LATEST = "DEFAULT"
_LIVE = "live"


def check_version(options: RuntimeOptions) -> None:
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
            "SAC028", f"live_version is the number of a version, such as '3', got '{version}': AgentCore counts from 1"
        )


def called_endpoint(scope: Construct, runtime: agentcore.IBedrockAgentRuntime, options: RuntimeOptions) -> str:
    """The endpoint of the runtime that the API calls; it is made here if a version is held."""
    if options.live_version is not None:
        agentcore.RuntimeEndpoint(
            scope,
            "LiveEndpoint",
            agent_runtime_id=runtime.agent_runtime_id,
            agent_runtime_version=options.live_version,
            endpoint_name=_LIVE,
            description="The version that callers get",
        )
        return _LIVE
    return options.qualifier if options.qualifier is not None else _LATEST
