"""Answers that libraries also send, and bodies that are odd: what is right for both clients, chat and the page."""

import gzip
import zlib
from typing import Any

from tools.docs.agent_answers import EVENTS, AgentAnswer, a2a, artifact, events, task_status

GREEN = events({"text": "Hello"}, {"text": " there"})
AWAY = "the model is away"


def named(name: str, data: Any) -> bytes:
    return f"event: {name}\n".encode() + events(data)


def _chunk(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "AIMessageChunk", "content": text, **more}


def _rpc(**content: Any) -> bytes:
    return events({"jsonrpc": "2.0", "id": 1, **content})


def _claude(**result: Any) -> bytes:
    delta = {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hello there"}}
    return events(
        {"type": "system", "subtype": "init"},
        {"type": "stream_event", "event": delta},
        {"type": "assistant", "message": {"role": "assistant", "content": [{"type": "text", "text": "Hello there"}]}},
        {"type": "user", "message": {"role": "user", "content": [{"type": "tool_result", "content": "12 °C"}]}},
        {"type": "result", **result},
    )


_MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": "Hello there"}]}
_FLUSHED = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

LIBRARIES = (
    AgentAnswer(
        "Strands, with the result's repr",
        events(
            {"data": "Hello there", "delta": {"text": "Hello there"}},
            {"message": {"role": "assistant", "content": [{"text": "Hello there"}]}},
            {"result": "AgentResult(stop_reason='end_turn', message={})"},
        ),
    ),
    AgentAnswer(
        "Strands, a graph",
        events(
            {"type": "multiagent_node_start", "node_id": "writer"},
            {"type": "multiagent_node_stream", "event": {"data": "Hello there", "delta": {"text": "Hello there"}}},
        ),
    ),
    AgentAnswer(
        "LangGraph, version 2",
        events(
            {"type": "messages", "ns": [], "data": [_chunk("Hello there"), {"langgraph_node": "model"}]},
            {"type": "updates", "ns": [], "data": {"model": {"messages": [{"type": "ai", "content": "Hello there"}]}}},
        ),
    ),
    AgentAnswer(
        "LangGraph, the same values again",
        events(*(["values", {"messages": [{"type": "ai", "content": "Hello there"}], "step": n}] for n in range(3))),
    ),
    AgentAnswer(
        "OpenAI, a response without pieces",
        events(
            {"type": "response.created", "response": {"output": []}},
            {"type": "response.completed", "response": {"output": [_MESSAGE]}},
        ),
    ),
    AgentAnswer("the Claude Agent SDK", _claude(subtype="success", is_error=False, result="Hello there")),
    AgentAnswer(
        "the Claude Agent SDK's error", _claude(subtype="error_during_execution", is_error=True, result=AWAY),
        fails_with=AWAY,
    ),
    AgentAnswer(
        "the Agent Framework",
        events(*({"role": "assistant", "contents": [{"type": "text", "text": text}]} for text in ("Hello", " there"))),
    ),
    AgentAnswer(
        "Haystack",
        events(*({"content": text, "meta": {}, "start": text == "Hello"} for text in ("Hello", " there"))),
    ),
    AgentAnswer("an AI SDK that was stopped", events({"type": "text-delta", "delta": "Hello"}, {"type": "abort"}),
                text="Hello", fails_with="it was stopped"),
    AgentAnswer(
        "a crew that failed",
        events({"type": "llm_stream_chunk", "chunk": "Hello"}, {"type": "crew_kickoff_failed", "error": AWAY}),
        text="Hello", fails_with=AWAY,
    ),
    AgentAnswer(
        "the ADK's error",
        events(
            {"content": {"role": "model", "parts": [{"text": "Hello"}]}, "partial": True},
            {"errorCode": "MALFORMED_FUNCTION_CALL", "errorMessage": AWAY, "author": "writer"},
        ),
        text="Hello", fails_with=AWAY,
    ),
    AgentAnswer("a function's error", b'{"errorType": "Sandbox.Timedout", "errorMessage": "%s"}' % AWAY.encode(),
                "application/json", text="", fails_with=AWAY),
    AgentAnswer("a status that is an error", events({"text": "Hello"}, {"status": "error", "message": AWAY}),
                text="Hello", fails_with=AWAY),
    AgentAnswer("no success", events({"success": False, "message": AWAY}), text="", fails_with=AWAY),
    AgentAnswer("an error that is a number", events({"error": 500}), text="", fails_with="500"),
    AgentAnswer("an error that is empty", events({"error": {}}, {"text": "Hello there"})),
    AgentAnswer("a tool's status", events({"text": "Hello there"}, {"status": "error", "toolUseId": "t"})),
    AgentAnswer("MCP", _rpc(result={"content": [{"type": "text", "text": "Hello there"}]})),
    AgentAnswer("MCP, a tool's error", _rpc(result={"content": [{"type": "text", "text": AWAY}], "isError": True}),
                text="", fails_with=AWAY),
    AgentAnswer("A2A, a failed task", a2a(artifact("Hello"), task_status("failed", AWAY)), text="Hello",
                fails_with=AWAY),
    AgentAnswer(
        "A2A 1.0, a failed task",
        a2a({"statusUpdate": {"status": {
            "state": "TASK_STATE_FAILED", "message": {"role": "ROLE_AGENT", "parts": [{"text": AWAY}]},
        }}}),
        text="", fails_with=AWAY,
    ),
    AgentAnswer("A2A, a question back", a2a(task_status("input-required", "Hello there"))),
    AgentAnswer("A2A, the answer in the status", a2a(task_status("completed", "Hello there"))),
)  # fmt: skip

BODIES = (
    AgentAnswer("an error event without data", GREEN + b"event: error\n\n", fails_with="it gave no reason"),
    AgentAnswer("a mark before each event", GREEN.replace(b"data:", b"\xef\xbb\xbfdata:")),
    AgentAnswer("UTF-16 that nobody names", GREEN.decode().encode("utf-16")),
    AgentAnswer("a document in UTF-16", '{"text": "Hello there"}'.encode("utf-16"), "application/json"),
    AgentAnswer("two charsets", "data: Hällo\n\n".encode(), f"{EVENTS}; charset=utf-8; charset=latin1", text="Hällo"),
    AgentAnswer("text with line ends behind one data:", b"data: Hello there\n- one\n- two\n\n"),
    AgentAnswer("lines that are no events", b"Hello\nthere\n", text="", fails_with="no text"),
    AgentAnswer("text that is no event", b"Hello there", text="", fails_with="no text"),
    AgentAnswer("a page as events", b"<!doctype html>\n<title>Sign in</title>\n", text="", fails_with="no text"),
    AgentAnswer("a value that is no JSON", b'data: {"text": "Hello there", "NaN": NaN, "x": [-Infinity]}\n\n'),
    AgentAnswer("a document with a long number", b'{"text": "Hello there", "x": %s}' % (b"9" * 9000),
                "application/json"),
    AgentAnswer("documents one after the other", b'{"text": "Hello"} {"text": " there"}', "application/json"),
    AgentAnswer("documents, the last of them cut", b'{"text": "Hello"}{"te', "application/json", text="Hello",
                fails_with="answer"),
    AgentAnswer("events that are called lines", GREEN, "application/x-ndjson"),
    AgentAnswer("a record that is cut", b'\x1e{"text": "Hello"}\n\x1e{"te', "application/json-seq", text="Hello",
                fails_with="answer"),
    AgentAnswer("events without text", events({"city": "Bern"}), text="", fails_with="no text"),
    AgentAnswer("text that stops inside a character", "Hello é".encode()[:-1], "text/plain", text="Hello \ufffd",
                fails_with="inside a character"),
)  # fmt: skip


def packed(name: str, body: bytes, encoding: str = "gzip", code: str = "") -> tuple[str, bytes, str, str]:
    return name, body, encoding, code


# a browser undoes these before the page sees them
PACKED = (
    packed("gzip", gzip.compress(GREEN)),
    packed("two members of gzip", gzip.compress(GREEN[:30]) + gzip.compress(GREEN[30:])),
    packed("deflate", zlib.compress(GREEN), "deflate"),
    packed("deflate alone", zlib.compress(GREEN)[2:-4], "deflate"),
    packed("twice", gzip.compress(zlib.compress(GREEN)), "deflate, gzip"),
    packed("gzip that stops before its checksum", gzip.compress(GREEN)[:-4], code="CLI054"),
    packed("gzip that stops after whole events", _FLUSHED.compress(GREEN) + _FLUSHED.flush(zlib.Z_SYNC_FLUSH),
           code="CLI054"),
    packed("deflate that stops", zlib.compress(GREEN)[:-4], "deflate", "CLI054"),
    packed("gzip and something else", gzip.compress(GREEN) + b"else", code="CLI055"),
    packed("br", b"\x8b", "br", "CLI055"),
)  # fmt: skip
