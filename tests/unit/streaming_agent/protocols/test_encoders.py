"""One answer in each protocol, read by its owners' own types where they have some."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from ag_ui.core import Event
from pydantic import TypeAdapter
from streaming_agent import AnswerError, AnswerProtocol, Data, Source, StreamingAgent, Thinking, Tool, ToolState, Usage

from ..caller import CUSTOM, SESSION, Caller

ANSWER: list[Any] = [
    Thinking("hm"),
    "",
    "Hel",
    "lo ",
    Tool("good", id="t1"),
    Tool("good", id="t1", state=ToolState.FINISHED),
    "wor",
    Tool("bad", id="t2"),
    Tool("bad", id="t2", state=ToolState.FAILED),
    "ld",
    Source("A page", "https://example.com"),
    Source("A book"),
    Data("chart", {"x": 1}),
    Usage(12, 3),
]
CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}], "stream": True}
UI: dict[str, Any] = {"id": "c1", "messages": [{"role": "user", "parts": [{"type": "text", "text": "hi"}]}]}
RUN: dict[str, Any] = {"threadId": "c1", "runId": "r1", "messages": [{"id": "m", "role": "user", "content": "hi"}]}
MESSAGE: dict[str, Any] = {"role": "ROLE_USER", "messageId": "m", "contextId": "c1", "parts": [{"text": "hi"}]}
A2A: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "SendStreamingMessage", "params": {"message": MESSAGE}}
PATHS = {
    "/ag-ui": RUN,
    "/ai-sdk": UI,
    "/v1/chat/completions": CHAT,
    "/v1/responses": {"input": "hi", "stream": True},
    "/a2a": A2A,
}


async def everything(prompt: str) -> AsyncIterator[Any]:
    for event in ANSWER:
        yield event


async def failing(prompt: str) -> AsyncIterator[Any]:
    yield Thinking("hm")
    yield "Hel"
    raise AnswerError("sold_out", "it is sold out")


def asked(path: str, payload: Any, answer: Any = everything, **headers: str) -> Caller:
    async def ask() -> Caller:
        return await Caller(StreamingAgent(answer), payload, path=path, headers=headers).end()

    return asyncio.run(ask())


def kinds(caller: Caller) -> list[str]:
    return [event["type"] for event in caller.events]


def test_ag_ui() -> None:
    caller = asked("/ag-ui", RUN)
    for event in caller.events:
        TypeAdapter(Event).validate_python(event)
    text = ["TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END"]
    tool = ["TOOL_CALL_START", "TOOL_CALL_END", "TOOL_CALL_RESULT"]
    assert kinds(caller) == [
        "RUN_STARTED",
        *["REASONING_MESSAGE_START", "REASONING_MESSAGE_CONTENT", "REASONING_MESSAGE_END"],
        *[text[0], text[1], text[1], text[2]],
        *[*tool, *text, *tool],
        *[text[0], text[1], "CUSTOM", "CUSTOM", "CUSTOM", text[2]],
        "RUN_FINISHED",
    ]
    assert "".join(e["delta"] for e in caller.events if e["type"] == "TEXT_MESSAGE_CONTENT") == "Hello world"
    assert [e["content"] for e in caller.events if e["type"] == "TOOL_CALL_RESULT"] == ["finished", "failed"]
    assert (caller.events[0]["threadId"], caller.events[0]["runId"]) == ("c1", "r1")
    failed = asked("/ag-ui", RUN, failing)
    assert kinds(failed)[-2:] == ["TEXT_MESSAGE_END", "RUN_ERROR"]
    assert (failed.events[-1]["code"], failed.events[-1]["message"]) == ("sold_out", "it is sold out")


def test_ai_sdk() -> None:
    caller = asked("/ai-sdk", UI)
    assert caller.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert kinds(caller) == [
        *["start", "start-step", "reasoning-start", "reasoning-delta", "reasoning-end"],
        *["text-start", "text-delta", "text-delta", "text-end", "tool-input-available", "tool-output-available"],
        *["text-start", "text-delta", "text-end", "tool-input-available", "tool-output-error"],
        *["text-start", "text-delta", "source-url", "source-document", "data-chart", "text-end"],
        *["finish-step", "finish"],
    ]
    # a text that is open must be closed by its own id
    opened = [event["id"] for event in caller.events if event["type"] == "text-start"]
    assert opened == [event["id"] for event in caller.events if event["type"] == "text-end"]
    assert len(set(opened)) == 3
    tools = [event for event in caller.events if event["type"].startswith("tool-")]
    assert all(event["dynamic"] and event["providerExecuted"] for event in tools)
    assert caller.events[-1]["messageMetadata"] == {"usage": {"inputTokens": 12, "outputTokens": 3}}
    assert caller.body.endswith(b"data: [DONE]\n\n")
    failed = asked("/ai-sdk", UI, failing)
    assert kinds(failed)[-2:] == ["text-end", "error"]
    assert failed.body.endswith(b"data: [DONE]\n\n")


def test_openai_chat() -> None:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

    caller = asked("/v1/chat/completions", {**CHAT, "stream_options": {"include_usage": True}, "model": "m"})
    chunks = [ChatCompletionChunk.model_validate(event) for event in caller.events]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "Hello world"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert all(chunk.choices[0].delta.tool_calls is None for chunk in chunks if chunk.choices)
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 15
    assert caller.body.endswith(b"data: [DONE]\n\n")
    whole = asked("/v1/chat/completions", {"messages": CHAT["messages"]})
    assert whole.headers["content-type"] == "application/json"
    completion = ChatCompletion.model_validate_json(whole.body)
    assert completion.choices[0].message.content == "Hello world"
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == 12
    failed = asked("/v1/chat/completions", {"messages": CHAT["messages"]}, failing)
    assert (failed.status, json.loads(failed.body)["error"]["code"]) == (500, "sold_out")


def test_openai_responses() -> None:
    from openai.types.responses import Response, ResponseCompletedEvent

    caller = asked("/v1/responses", {"input": [{"role": "user", "content": "hi"}], "stream": True})
    assert "".join(e["delta"] for e in caller.events if e["type"] == "response.output_text.delta") == "Hello world"
    completed = ResponseCompletedEvent.model_validate(caller.events[-1])
    assert completed.response.output_text == "Hello world"
    assert [event["sequence_number"] for event in caller.events] == list(range(len(caller.events)))
    whole = Response.model_validate_json(asked("/v1/responses", {"input": "hi"}).body)
    assert (whole.output_text, whole.usage.total_tokens if whole.usage else 0) == ("Hello world", 15)
    failed = asked("/v1/responses", {"input": "hi", "stream": True}, failing)
    assert failed.events[-1]["type"] == "response.failed"
    assert failed.events[-1]["response"]["error"]["message"] == "it is sold out"
    assert asked("/v1/responses", {"input": "hi", "previous_response_id": "x"}).status == 400


def test_a2a() -> None:
    from a2a.types import StreamResponse
    from google.protobuf.json_format import ParseDict

    caller = asked("/a2a", A2A)
    read = [ParseDict(event["result"], StreamResponse()) for event in caller.events]
    parts = [part for event in read for part in event.artifact_update.artifact.parts]
    assert "".join(part.text for part in parts) == "Hello world"
    updates = [event["result"]["artifactUpdate"] for event in caller.events if "artifactUpdate" in event["result"]]
    assert [update["append"] for update in updates] == [False, *[True] * (len(updates) - 1)]
    states = [e["result"]["statusUpdate"]["status"]["state"] for e in caller.events if "statusUpdate" in e["result"]]
    assert states == ["TASK_STATE_WORKING"] * 4 + ["TASK_STATE_COMPLETED"]
    assert {event["result"]["task"]["contextId"] for event in caller.events if "task" in event["result"]} == {"c1"}
    whole = json.loads(asked("/a2a", {**A2A, "method": "SendMessage"}).body)
    assert whole["result"]["task"]["status"]["state"] == "TASK_STATE_COMPLETED"
    assert whole["result"]["task"]["artifacts"][0]["parts"] == [{"text": "Hello world"}, {"data": {"chart": {"x": 1}}}]
    failed = json.loads(asked("/a2a", {**A2A, "method": "SendMessage"}, failing).body)
    assert failed["result"]["task"]["status"]["state"] == "TASK_STATE_FAILED"
    refused = asked("/a2a", {**A2A, "method": "message/stream"})
    assert refused.status == 400


@pytest.mark.parametrize("path", PATHS)
def test_the_path_may_come_from_the_gateway(path: str) -> None:
    direct, through = asked(path, PATHS[path]), asked("/invocations", PATHS[path], **{CUSTOM + "path": path})
    assert len(direct.events) == len(through.events)
    assert direct.headers == through.headers
    assert list(direct.events[0]) == list(through.events[0])


@pytest.mark.parametrize(("protocol", "path"), list(zip(list(AnswerProtocol)[1:], PATHS, strict=True)))
def test_the_protocol_may_come_from_accept_or_from_the_agent(protocol: AnswerProtocol, path: str) -> None:
    accepted = asked("/invocations", PATHS[path], accept=f"text/event-stream; protocol={protocol}")

    async def ask() -> Caller:
        return await Caller(StreamingAgent(everything, protocol=protocol), PATHS[path]).end()

    own = asyncio.run(ask())
    assert len(own.events) == len(accepted.events) == len(asked(path, PATHS[path]).events)


def test_an_accept_that_names_no_protocol_is_our_words() -> None:
    for accept in ("text/event-stream", "*/*", "text/event-stream; protocol=other", "application/json;q=0.5", ";;,"):
        assert {"text": "Hel"} in asked("/invocations", {"prompt": "hi"}, accept=accept).events


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body", [{}, {"messages": []}, {"messages": "x"}, {"messages": [5, None, {}]}, {"input": 5},
             {"params": 5, "method": 5},
             {"messages": [{"role": "user", "content": " "}]}, {"messages": [{"role": "assistant", "content": "a"}]},
             {"method": "SendMessage", "params": {"message": {"parts": [5, {"text": 5}]}}}]
)  # fmt: skip
def test_a_body_of_another_shape_is_400(path: str, body: Any) -> None:
    assert asked(path, body).status == 400


@pytest.mark.parametrize("path", PATHS)
def test_what_cannot_be_sent_fails_in_every_protocol(path: str, caplog: pytest.LogCaptureFixture) -> None:
    async def unsendable(prompt: str) -> AsyncIterator[Any]:
        yield Data("x", object())

    caller = asked(path, PATHS[path], unsendable)
    assert b"could not be completed" in caller.body
    assert "Traceback" in caplog.text


def test_the_last_question_and_the_conversation() -> None:
    seen: list[Any] = []

    async def answer(prompt: str, context: Any) -> str:
        seen.append((prompt, context.conversation_id, context.history and [turn.text for turn in context.history]))
        return "a"

    def turns(name: str) -> list[Any]:
        said = [("system", "be kind"), ("user", "q1"), ("assistant", "a1"), ("user", "q2"), ("assistant", "")]
        return [{"role": role, name: [{"type": "text", "text": text}]} for role, text in said]

    async def ask() -> None:
        app = StreamingAgent(answer)
        for path, body in [
            ("/ag-ui", {"threadId": "c", "messages": turns("content")}),
            ("/ag-ui", {"messages": turns("content")}),
            ("/ai-sdk", {"id": "c", "messages": turns("parts")}),
            ("/v1/chat/completions", {"messages": turns("content")}),
            ("/v1/responses", {"input": turns("content")}),
        ]:
            await Caller(app, body, path=path, headers={SESSION: "s"}).end()

    asyncio.run(ask())
    kept, sent = ("q2", "c", None), ("q2", "", ["q1", "a1"])
    assert seen == [kept, sent, kept, sent, sent]


def test_only_our_words_can_be_resumed_and_have_ids() -> None:
    from streaming_agent import OnDisconnect

    async def ask() -> Caller:
        app = StreamingAgent(everything, on_disconnect=OnDisconnect.FINISH)
        return await Caller(app, RUN, path="/ag-ui", headers={SESSION: "s"}).end()

    assert b"\nid:" not in b"\n" + asyncio.run(ask()).body
