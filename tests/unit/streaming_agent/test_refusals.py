"""Requests that are no question, and payloads that the agent does not take."""

import asyncio
import json
from typing import Any

import pytest
from pydantic import BaseModel
from streaming_agent import AnswerError, AnswerProtocol, Context, StreamingAgent

from .caller import SESSION, Caller


def asked(payload: Any, *, app: StreamingAgent | None = None, **options: Any) -> Caller:
    async def ask() -> Caller:
        return await Caller(app or StreamingAgent(lambda prompt: "a"), payload, **options).end()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"", b"[]", b'"x"', b"null", b"{}", b'{"prompt": " "}', b'{"prompt": 5}', b'{"prompt": null}',
        b"\xff\xfe",
        b'{"prompt": "a", "conversation_id": 5}', b"[" * 100_000, b'{"a":' * 50_000,
    ],
)  # fmt: skip
def test_what_is_no_question_is_400(body: bytes) -> None:
    caller = asked(body)
    assert caller.status == 400
    assert json.loads(caller.body)["error"]["code"] == "invalid_request"
    assert caller.headers["content-type"] == "application/json"


@pytest.mark.parametrize("body", ['{"prompt": "Grüße"}'.encode("latin-1"), b"\x1f\x8b\x08\x00\x00\x00"])
def test_a_body_in_another_encoding_is_told_so(body: bytes) -> None:
    message = "the body is not UTF-8: send JSON that is encoded in UTF-8"
    assert json.loads(asked(body).body) == {"error": {"code": "invalid_request", "message": message}}


def test_a_number_that_python_does_not_read_is_told_so() -> None:
    message = "a number in the body is too long: at most 4,300 digits"
    said = json.loads(asked(b'{"prompt": "a", "n": ' + b"1" * 5000 + b"}").body)
    assert said == {"error": {"code": "invalid_request", "message": message}}


def test_a_body_that_is_too_long_is_413_before_it_is_read_whole() -> None:
    app = StreamingAgent(lambda prompt: "a", max_body_bytes=100)
    assert asked(b'{"prompt": "' + b"x" * 100 + b'"}', app=app).status == 413
    assert asked(b'{"prompt": "' + b"x" * 86 + b'"}', app=app).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/invocations", 405), ("PUT", "/v1/responses", 405), ("POST", "/", 404), ("POST", "/invocations/", 404),
        ("GET", "/docs", 404), ("POST", "/../invocations", 404), ("OPTIONS", "/invocations", 405),
    ],
)  # fmt: skip
def test_other_paths_and_methods(method: str, path: str, status: int) -> None:
    caller = asked({"prompt": "hi"}, method=method, path=path)
    assert caller.status == status
    assert json.loads(caller.body)["error"]["message"].endswith("POST /invocations")


def test_a_websocket_is_closed() -> None:
    sent: list[Any] = []

    async def ask() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        await StreamingAgent(lambda prompt: "a")({"type": "websocket", "path": "/ws", "headers": []}, send, send)  # type: ignore[arg-type]

    asyncio.run(ask())
    assert sent == [{"type": "websocket.close", "code": 1008}]


class Order(BaseModel):
    item: str
    number: int


def test_the_payload_is_what_its_check_makes_of_it() -> None:
    def answer(prompt: str, context: Context) -> str:
        return f"{context.payload.number} {context.payload.item} {prompt!r}"

    app = StreamingAgent(answer, payload=Order.model_validate)
    assert asked({"item": "tea", "number": "2"}, app=app).text == "2 tea ''"


class Application(BaseModel):
    resume: str
    job: str


def test_a_field_called_resume_is_the_agents_own_beside_a_question() -> None:
    def answer(prompt: str, context: Context) -> str:
        return prompt or context.payload.job

    assert asked({"prompt": "hi", "resume": "my career"}, app=StreamingAgent(answer)).text == "hi"
    app = StreamingAgent(answer, payload=Application.model_validate)
    assert asked({"resume": "my career", "job": "cook"}, app=app).text == "cook"
    (event,) = asked({"resume": "a.1", "prompt": "", "tenant": "acme"}, app=StreamingAgent(answer)).events
    assert event["error"]["code"] == "nothing_to_resume"


def test_a_payload_that_is_refused_is_an_event_with_the_fields_and_none_of_their_values() -> None:
    app = StreamingAgent(lambda prompt: "a", payload=Order.model_validate)
    caller = asked({"number": "hunter2", "prompt": "hi"}, app=app)
    assert caller.status == 200
    (event,) = caller.events
    assert event["error"] == {
        "code": "invalid_payload",
        "message": "the payload is not what this agent takes: check item, number",
    }
    assert b"hunter2" not in caller.body


def test_a_check_of_ones_own_says_no_more_than_that(caplog: pytest.LogCaptureFixture) -> None:
    def check(payload: Any) -> Any:
        raise ValueError("hunter2") if payload["prompt"] == "value" else KeyError("hunter2")

    app = StreamingAgent(lambda prompt: "a", payload=check)
    assert asked({"prompt": "value"}, app=app).events[0]["error"]["code"] == "invalid_payload"
    assert caplog.records == []
    assert asked({"prompt": "key"}, app=app).events[0]["error"]["code"] == "agent_failed"
    assert "KeyError" in caplog.text


def test_a_refused_payload_speaks_the_callers_protocol() -> None:
    app = StreamingAgent(lambda prompt: "a", payload=Order.model_validate, protocol=AnswerProtocol.AI_SDK)
    caller = asked({"messages": [{"role": "user", "parts": [{"type": "text", "text": "hi"}]}]}, app=app)
    assert caller.events == [
        {"type": "error", "errorText": "the payload is not what this agent takes: check item, number"}
    ]
    assert caller.body.endswith(b"data: [DONE]\n\n")


def test_a_check_may_say_itself_what_callers_are_told(caplog: pytest.LogCaptureFixture) -> None:
    def check(payload: Any) -> Any:
        raise AnswerError("no_item", "there is no such item")

    app = StreamingAgent(lambda prompt: "a", payload=check)
    assert asked({"prompt": "hi"}, app=app).events == [
        {"error": {"code": "no_item", "message": "there is no such item"}}
    ]
    assert caplog.records == []


def test_a_check_that_ends_the_process_ends_its_answer_only(caplog: pytest.LogCaptureFixture) -> None:
    def check(payload: Any) -> Any:
        raise SystemExit("hunter2")

    caller = asked({"prompt": "hi"}, app=StreamingAgent(lambda prompt: "a", payload=check), headers={SESSION: "s1"})
    assert caller.events[0]["error"]["code"] == "agent_failed"
    assert "the payload's check failed (session s1, request " in caplog.text


@pytest.mark.parametrize("body", [b'{"prompt": "a\\ud83d"}', b'{"prompt": "a\xed\xa0\xbd"}'])
def test_half_a_character_becomes_the_sign_for_one_that_is_lost(body: bytes) -> None:
    assert asked(body, app=StreamingAgent(lambda prompt: prompt)).text == "a\ufffd"
    assert (
        asked(b'{"prompt": "\\ud83d\\ude00\xed\x95\x9c"}', app=StreamingAgent(lambda prompt: prompt)).text
        == "\U0001f600\ud55c"
    )


@pytest.mark.parametrize(
    ("path", "body", "say"),
    [
        ("/a2a", {"method": ["SendMessage"]}, "SendMessage"),
        (
            "/a2a",
            {"method": "SendMessage", "id": float("nan"), "params": {"message": {"parts": [{"text": "a"}]}}},
            "id is",
        ),
        ("/ag-ui", {"messages": [{"role": ["user"], "content": "a"}]}, "a user's message"),
    ],
)
def test_other_kinds_than_a_protocol_has_are_400(path: str, body: Any, say: str) -> None:
    caller = asked(body, path=path)
    assert caller.status == 400
    assert say in json.loads(caller.body)["error"]["message"]
