"""Answers as agents of many kinds send them, and what a caller should see: for tests and docs/client.md."""

import json
from dataclasses import dataclass
from typing import Any

EVENTS = "text/event-stream"


@dataclass(frozen=True)
class AgentAnswer:
    """One answer, and what is right."""

    name: str
    body: bytes
    media_type: str = EVENTS
    text: str = "Hello there"
    fails_with: str = ""
    """Words of the error that comes after the text; empty: it ends well."""


def events(*data: Any) -> bytes:
    """Server-sent events, each with this data as JSON, or as it is where it is bytes."""
    return b"".join(b"data: " + (one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n\n" for one in data)


def _strands() -> bytes:
    def twice(text: str) -> tuple[dict[str, Any], bytes]:
        event = {"event": {"contentBlockDelta": {"delta": {"text": text}, "contentBlockIndex": 0}}}
        return event, json.dumps(f"{{'data': '{text}', 'agent': <strands.agent.agent.Agent object at 0x7f>}}").encode()

    return events(
        {"init_event_loop": True},
        {"event": {"messageStart": {"role": "assistant"}}},
        *twice("Hello"),
        *twice(" there"),
        {"event": {"messageStop": {"stopReason": "end_turn"}}},
        {"message": {"role": "assistant", "content": [{"text": "Hello there"}]}},
    )


def _langgraph() -> bytes:
    node = {"langgraph_node": "model"}
    return events(
        ["messages", [{"type": "AIMessageChunk", "content": "Hello"}, node]],
        ["messages", [{"type": "AIMessageChunk", "content": [{"type": "text", "text": " there"}]}, node]],
        ["messages", [{"type": "tool", "content": "12 °C"}, {"langgraph_node": "tools"}]],
        ["updates", {"model": {"messages": [{"type": "ai", "content": "Hello there"}]}}],
    )


def _openai_chat() -> bytes:
    def chunk(**delta: str) -> dict[str, Any]:
        return {"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta}]}

    return events(chunk(role="assistant", content="Hello"), chunk(content=" there"), chunk(), b"[DONE]")


def _responses() -> bytes:
    return events(
        {"type": "response.created", "response": {"id": "r1"}},
        {"type": "response.output_text.delta", "delta": "Hello"},
        {"type": "response.output_text.delta", "delta": " there"},
        {"type": "response.output_text.done", "text": "Hello there"},
        {"type": "response.completed", "response": {"id": "r1"}},
    )


def _anthropic() -> bytes:
    def sent(kind: str, **content: Any) -> bytes:
        return f"event: {kind}\n".encode() + events({"type": kind, **content})

    return b"".join(
        (
            sent("message_start", message={"role": "assistant", "content": []}),
            sent("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            sent("ping"),
            sent("content_block_delta", index=0, delta={"type": "text_delta", "text": "Hello"}),
            sent("content_block_delta", index=0, delta={"type": "text_delta", "text": " there"}),
            sent("content_block_stop", index=0),
            sent("message_stop"),
        )
    )


def _ag_ui(*last: dict[str, Any]) -> bytes:
    return events(
        {"type": "RUN_STARTED", "runId": "r"},
        {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "Hello"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": " there"},
        *last,
    )


def _autogen() -> bytes:
    def sent(kind: str, source: str, content: str) -> dict[str, Any]:
        return {"type": kind, "source": source, "content": content, "metadata": {}}

    piece = "ModelClientStreamingChunkEvent"
    return events(
        sent("TextMessage", "user", "hello"),
        sent("ThoughtEvent", "writer", "a greeting"),
        sent(piece, "writer", "Hello"),
        sent(piece, "writer", " there"),
        sent("TextMessage", "writer", "Hello there"),
        {"messages": [sent("TextMessage", "writer", "Hello there")], "stop_reason": None},
    )


def _google() -> bytes:
    def sent(text: str, *, thought: bool = False, partial: bool = True) -> dict[str, Any]:
        part = {"text": text, **({"thought": True} if thought else {})}
        return {"content": {"role": "model", "parts": [part]}, "partial": partial, "author": "writer"}

    return events(sent("a greeting", thought=True), sent("Hello"), sent(" there"), sent("Hello there", partial=False))


def _llama_index() -> bytes:
    blocks = [{"block_type": "text", "text": "Hello there"}]
    return events(
        {"input": [{"role": "user", "blocks": []}], "current_agent_name": "writer"},
        {"delta": "Hello", "response": "Hello", "current_agent_name": "writer", "tool_calls": []},
        {"delta": " there", "response": "Hello there", "current_agent_name": "writer", "tool_calls": []},
        {"response": {"role": "assistant", "blocks": blocks}, "tool_calls": [], "current_agent_name": "writer"},
    )


def _semantic_kernel() -> bytes:
    def sent(text: str) -> dict[str, Any]:
        item = {"content_type": "streaming_text", "choice_index": 0, "text": text}
        return {"role": "assistant", "choice_index": 0, "items": [item]}

    return events(sent("Hello"), sent(" there"))


def a2a(*results: dict[str, Any]) -> bytes:
    """A2A's answers to one request."""
    return events(*({"jsonrpc": "2.0", "id": 1, "result": result} for result in results))


def artifact(text: str) -> dict[str, Any]:
    """A piece of an A2A task's result."""
    return {"kind": "artifact-update", "artifact": {"artifactId": "a", "parts": [{"kind": "text", "text": text}]}}


def task_status(state: str, text: str = "") -> dict[str, Any]:
    """What an A2A task says of itself."""
    message = {"message": {"role": "agent", "parts": [{"kind": "text", "text": text}]}} if text else {}
    return {"kind": "status-update", "status": {"state": state, **message}, "final": state != "working"}


ANSWERS = (
    AgentAnswer(
        "`streaming_agent`, our words",
        events(
            {"text": "Hello"},
            {"thinking": "a greeting"},
            {"tool": {"id": "t1", "name": "weather", "state": "started"}},
            {"text": " there"},
            {"usage": {"input_tokens": 3, "output_tokens": 2}},
            {"end": {"reason": "complete"}},
        ),
    ),
    AgentAnswer("a generator of strings", events("Hello", " there")),
    AgentAnswer("Strands, its own events", _strands()),
    AgentAnswer("LangGraph, `(mode, chunk)`", _langgraph()),
    AgentAnswer("OpenAI, chat completions", _openai_chat()),
    AgentAnswer("OpenAI, responses", _responses()),
    AgentAnswer("Anthropic", _anthropic()),
    AgentAnswer("AG-UI", _ag_ui({"type": "TEXT_MESSAGE_END", "messageId": "m"}, {"type": "RUN_FINISHED"})),
    AgentAnswer(
        "AI SDK",
        events(
            {"type": "start"},
            {"type": "text-start", "id": "1"},
            {"type": "text-delta", "id": "1", "delta": "Hello"},
            {"type": "text-delta", "id": "1", "delta": " there"},
            {"type": "text-end", "id": "1"},
            {"type": "finish"},
            b"[DONE]",
        ),
    ),
    AgentAnswer(
        "pydantic-ai",
        events(
            {"event_kind": "part_start", "index": 0, "part": {"part_kind": "text", "content": "Hello"}},
            {"event_kind": "part_delta", "index": 0, "delta": {"part_delta_kind": "text", "content_delta": " there"}},
            {"event_kind": "agent_run_result", "result": {"output": "Hello there"}},
        ),
    ),
    AgentAnswer("Google's ADK", _google()),
    AgentAnswer("AutoGen", _autogen()),
    AgentAnswer("Semantic Kernel", _semantic_kernel()),
    AgentAnswer("LlamaIndex", _llama_index()),
    AgentAnswer(
        "CrewAI",
        events(
            {"type": "llm_stream_chunk", "chunk": "Hello"},
            {"type": "llm_stream_chunk", "chunk": " there"},
            {"type": "crew_kickoff_completed", "output": "Hello there"},
        ),
    ),
    AgentAnswer(
        "A2A",
        a2a(task_status("working", "a greeting"), artifact("Hello"), artifact(" there"), task_status("completed")),
    ),
    AgentAnswer("lines of JSON", b'{"text": "Hello"}\n{"text": " there"}\n', "application/x-ndjson"),
    AgentAnswer("plain text", b"Hello there", "text/plain; charset=utf-8"),
    AgentAnswer('one document, `{"result": …}`', b'{"result": "Hello there"}', "application/json"),
    AgentAnswer(
        "an error event",
        b'data: "Hello"\n\nevent: error\ndata: the model is away\n\n',
        text="Hello",
        fails_with="the model is away",
    ),
    AgentAnswer(
        "AG-UI's `RUN_ERROR`",
        _ag_ui({"type": "RUN_ERROR", "message": "the model is away"}),
        fails_with="the model is away",
    ),
    AgentAnswer(
        "a stream that stops inside an event", b'data: "Hello"\n\ndata: " the', text="Hello", fails_with="answer"
    ),
    AgentAnswer("no event at all", b": keep-alive\n\n", text="", fails_with="said nothing"),
)
