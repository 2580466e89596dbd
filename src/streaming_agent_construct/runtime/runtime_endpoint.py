"""Which version of a runtime callers get: the latest, one held for them, or that of an existing endpoint."""

from __future__ import annotations

import re
import typing

from aws_cdk import Annotations, CfnOutput, Token
from aws_cdk import aws_bedrockagentcore as agentcore

from ..errors import StreamingAgentError
from .existing_runtime import elsewhere_words, existing_place

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..stack_values import StackValues
    from .runtime_options import RuntimeOptions

_LATEST = "DEFAULT"
_LIVE = "live"
# On the root of the app, which no template and no stack's metadata shows.
_MADE = "streaming-agent-construct:live-endpoint"


def check_endpoint(runtime: agentcore.IBedrockAgentRuntime, values: StackValues, options: RuntimeOptions) -> None:
    """Refuses an endpoint of an existing runtime that AgentCore would not make, before anything is made."""
    version = options.live_version
    if version is None:
        return
    id = runtime.agent_runtime_id
    if not Token.is_unresolved(id) and re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10}", id) is None:
        raise StreamingAgentError(
            "SAC193",
            "the existing runtime: expected an id of its name, a hyphen and 10 letters or digits, such as "
            f"'agent-0123456789', got '{id}', of which live_version makes an endpoint; import it by its whole ARN and "
            "id",
        )
    place = existing_place(runtime, values)
    where = elsewhere_words(place.region, place.account, values)
    if where is not None:
        raise StreamingAgentError(
            "SAC198",
            f"live_version='{version}' makes an endpoint where the stack is, and the existing runtime is in {where}: "
            "make the endpoint there, and name it here with qualifier",
        )
    arn = runtime.agent_runtime_arn
    for entry in values.stack.node.root.node.metadata:
        if entry.type == _MADE and typing.cast(str, entry.data) == arn:
            raise StreamingAgentError(
                "SAC199",
                f"live_version='{version}' makes the endpoint '{_LIVE}' of a runtime for which another agent makes it "
                f"already: write qualifier='{_LIVE}' to call the same version, or make an endpoint of another name and "
                "name it with qualifier",
            )


def called_endpoint(
    scope: Construct, runtime: agentcore.IBedrockAgentRuntime, values: StackValues, options: RuntimeOptions
) -> str:
    """The endpoint of the runtime that the API calls; it is made here if a version is held."""
    if options.live_version is not None:
        values.stack.node.root.node.add_metadata(_MADE, runtime.agent_runtime_arn)
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
