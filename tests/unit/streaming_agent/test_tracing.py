"""One span an answer, and what the AgentCore SDK's helpers find."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from streaming_agent import StreamingAgent

from .caller import SESSION, Caller

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return exporter


def test_an_answer_is_one_span_of_the_callers_trace_and_no_chunk_is_one(spans: InMemorySpanExporter) -> None:
    tracer = trace.get_tracer("framework")

    async def answer(prompt: str) -> AsyncIterator[str]:
        with tracer.start_as_current_span("model"):
            for _ in range(5):
                yield "a"

    async def ask() -> None:
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", SESSION: "s1"}
        app = StreamingAgent(answer)
        await Caller(app, {"prompt": "hi"}, headers=headers).end()
        await Caller(app, b"", path="/ping", method="GET").end()

    asyncio.run(ask())
    model, server = spans.get_finished_spans()
    assert (model.name, server.name) == ("model", "POST /invocations")
    assert server.kind is trace.SpanKind.SERVER
    assert server.parent is not None
    assert f"{server.parent.span_id:016x}" == PARENT
    assert f"{server.context.trace_id:032x}" == f"{model.context.trace_id:032x}" == TRACE
    assert model.parent is not None
    assert model.parent.span_id == server.context.span_id
    assert server.attributes is not None
    assert server.attributes["session.id"] == "s1"


def test_the_sdks_helpers_know_who_asks() -> None:
    from bedrock_agentcore.runtime.context import BedrockAgentCoreContext

    seen: list[Any] = []

    async def answer(prompt: str) -> str:
        seen.append(
            (
                BedrockAgentCoreContext.get_session_id(),
                BedrockAgentCoreContext.get_request_id(),
                BedrockAgentCoreContext.get_workload_access_token(),
                BedrockAgentCoreContext.get_request_headers(),
            )
        )
        return "a"

    def threaded(prompt: str) -> str:
        return asyncio.run(answer(prompt))

    async def ask() -> None:
        headers = {
            SESSION: "s1",
            "x-amzn-bedrock-agentcore-runtime-request-id": "r1",
            "WorkloadAccessToken": "w1",
            "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin": "https://a.example",
            "X-Other": "no",
        }
        for function in (answer, threaded):
            await Caller(StreamingAgent(function, origins=[]), {"prompt": "hi"}, headers=headers).end()

    asyncio.run(ask())
    custom = {"x-amzn-bedrock-agentcore-runtime-custom-origin": "https://a.example"}
    assert seen == [("s1", "r1", "w1", custom)] * 2
