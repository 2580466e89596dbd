"""Which version of a runtime callers get: the latest, one held for them, or an endpoint of yours."""

from aws_cdk import aws_bedrockagentcore as agentcore
from constructs import Construct

from .runtime_options import RuntimeOptions

_LATEST = "DEFAULT"
_LIVE = "live"


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
