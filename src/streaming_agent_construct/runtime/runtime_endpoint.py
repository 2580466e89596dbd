"""Which version of a runtime callers get: the latest, one held for them, or that of an existing endpoint."""

from __future__ import annotations

import typing

from aws_cdk import Annotations, CfnOutput
from aws_cdk import aws_bedrockagentcore as agentcore

if typing.TYPE_CHECKING:
    from constructs import Construct

    from .runtime_options import RuntimeOptions

_LATEST = "DEFAULT"
_LIVE = "live"


def called_endpoint(scope: Construct, runtime: agentcore.IBedrockAgentRuntime, options: RuntimeOptions) -> str:
    """The endpoint of the runtime that the API calls; it is made here if a version is held."""
    if options.live_version is not None:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:live-version",
            f"live_version='{options.live_version}' must exist in the account and Region that this stack is deployed "
            "to: a first deployment, and one after runtime_name changed, has version 1 only. A version keeps the "
            "authorizer, headers and environment that it was made with, so after a change of auth, cors or the guard "
            "raise it, or callers get 401. The output RuntimeVersion shows the newest. Acknowledge this when you know",
        )
        if runtime.agent_runtime_version is not None:
            CfnOutput(scope, "RuntimeVersion", value=runtime.agent_runtime_version)
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
