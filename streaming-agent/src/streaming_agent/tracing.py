"""One span an answer, where OpenTelemetry is on, and what the AgentCore SDK's own helpers look for."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .context import CUSTOM_PREFIX, Context

WORKLOAD_TOKEN_HEADER = "workloadaccesstoken"  # noqa: S105  AC runtime-oauth: how identity helpers get their token


@contextmanager
def answer_span(context: Context) -> Iterator[None]:
    """The server's span of this answer, a child of the caller's: whatever the agent's framework opens is below it.

    Opened in the agent's task, and only where something has loaded OpenTelemetry before, as `opentelemetry-instrument`
    does.
    """
    if "opentelemetry.trace" not in sys.modules:
        yield
        return
    from opentelemetry import propagate, trace  # noqa: PLC0415

    parent = propagate.extract(dict(context.headers))
    attributes = {"session.id": context.session_id or "", "aws.request_id": context.request_id}
    tracer = trace.get_tracer("streaming_agent")
    with tracer.start_as_current_span(
        "POST /invocations", context=parent, kind=trace.SpanKind.SERVER, attributes=attributes
    ):
        yield


def fill_sdk_context(context: Context) -> None:
    """Tells bedrock-agentcore's identity and memory helpers who asks, where the agent has imported them."""
    sdk: Any = sys.modules.get("bedrock_agentcore.runtime.context")
    if sdk is None:
        return
    known = sdk.BedrockAgentCoreContext
    known.set_request_context(context.request_id, context.session_id)
    known.set_request_headers(_passed_on(context.headers))
    if token := context.headers.get(WORKLOAD_TOKEN_HEADER):
        known.set_workload_access_token(token)


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name == "authorization" or name.startswith(CUSTOM_PREFIX)}
