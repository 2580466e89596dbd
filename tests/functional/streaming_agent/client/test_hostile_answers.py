"""What answers as an API may say anything: each ends in one `ClientError` or in text, soon, and in little memory."""

import gzip
import json
import tracemalloc
from http.server import BaseHTTPRequestHandler

import anyio
import pytest
from streaming_agent.client import AgentClient, AsyncAgentClient, ClientError, Retries, StaticToken
from streaming_agent.verify import Subject, verify

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.odd_answers import PACKED
from tests.functional.streaming_agent.client.scripted_api import Reply, ScriptedApi, json_reply, raw, said, scripted

ONCE = Retries(attempts=1)
DEEP = b"[" * 100_000 + b"]" * 100_000
BOMB = gzip.compress(b" " * 100_000_000)


def events_of(reply: Reply) -> list[object]:
    with scripted(reply) as api, AgentClient(api.address(), StaticToken(token()), retries=ONCE) as client:
        return [event.data for event in client.invoke("hello")]


def events_of_async(reply: Reply) -> list[object]:
    async def ask(api: ScriptedApi) -> list[object]:
        async with AsyncAgentClient(api.address(), StaticToken(token()), retries=ONCE) as client:
            return [event.data async for event in await client.invoke("hello")]

    with scripted(reply) as api:
        return anyio.run(ask, api)


both = pytest.mark.parametrize("read", [events_of, events_of_async])

REFUSED = {
    "deep JSON": raw(DEEP, "application/json", 500),
    "no UTF-8": raw(b'{"message": "\xff\xfe"}', "application/json", 500),
    "a wait that is no number": json_reply({}, 429, {"Retry-After": "nan"}),
    "an endless wait": json_reply({}, 429, {"Retry-After": "inf"}),
    "a negative wait": json_reply({}, 429, {"Retry-After": "-1"}),
    "a date to wait for": json_reply({}, 503, {"Retry-After": "Thu, 26 Nov 2026 03:00:00 GMT"}),
    "broken gzip": raw(b"no", "application/json", 500, Content_Encoding="gzip"),
    "a bomb": raw(BOMB, "application/json", 500, Content_Encoding="gzip"),
    "a message of another kind": json_reply({"message": {"deep": [1, {"x": None}]}}, 400),
    "a redirect": json_reply({}, 307, {"Location": "https://evil.example/"}),
    "a document that is a bomb": raw(BOMB, "application/json", Content_Encoding="gzip"),
    "an event that is a bomb": raw(BOMB, "text/event-stream", Content_Encoding="gzip"),
    "a line that is a bomb": raw(BOMB, "application/x-ndjson", Content_Encoding="gzip"),
    "half a document": raw(b'{"text": "hel', "application/json"),
    "half a line": raw(b'{"text": "a"}\n{"te', "application/x-ndjson"),
    "half a field": raw(said("a") + b"da"),
    "a picture": raw(b"\x89PNG", "image/png"),
    "a page": raw(b"<html><title>Sign in to the network</title>", "text/html"),
}


@both
@pytest.mark.parametrize("reply", REFUSED.values(), ids=REFUSED)
def test_each_ends_in_one_sentence(read: object, reply: Reply) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ClientError) as error:
            read(reply)  # type: ignore[operator]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
    assert peak < 70_000_000


@both
@pytest.mark.parametrize(("body", "encoding", "code"), [case[1:] for case in PACKED], ids=[case[0] for case in PACKED])
def test_a_compression_is_undone_and_missed_where_it_is_cut(
    read: object, body: bytes, encoding: str, code: str
) -> None:
    reply = raw(body, Content_Encoding=encoding)
    if code:
        with pytest.raises(ClientError, match=code):
            read(reply)  # type: ignore[operator]
    else:
        assert read(reply) == [{"text": "Hello"}, {"text": " there"}]  # type: ignore[operator]


def test_the_title_of_a_page_in_between_is_said() -> None:
    with pytest.raises(ClientError, match="Sign in to the network"):
        events_of(REFUSED["a page"])


@both
@pytest.mark.parametrize(
    ("body", "media_type", "data"),
    [
        (b"data: " + b"9" * 5000 + b"\n\n", "text/event-stream", None),
        (b"data: NaN\n\ndata: Infinity\n\n", "text/event-stream", None),
        (b'data: {"a": 1, "a": 2}\n\n', "text/event-stream", [{"a": 2}]),
        (b"\xef\xbb\xbfdata: a\r\rdata: b\r\n\r\n", "text/event-stream; charset=utf-8", ["a", "b"]),
        ("data: ü\n\n".encode("utf-16"), "text/event-stream; charset=utf-16", ["ü"]),
        (b"data: \xfc\n\n", "text/event-stream; charset=no-such-charset", ["\ufffd"]),
        (b"data: \xfc\n\n", "text/event-stream; charset=hex", ["\ufffd"]),
        (b"\x1e{}\n\x1e[]\n", "application/json-seq", [{}, []]),
        (b'{"a": 1}\n{"b": 2}\n', "application/json", [{"a": 1}, {"b": 2}]),
        (b'data: {"a": 1}\n\n', "application/json", [{"a": 1}]),
        (b"words", "application/json", ["words"]),
        (b"", "application/json", []),
    ],
)
def test_what_is_odd_and_can_be_read_is_read(read: object, body: bytes, media_type: str, data: object) -> None:
    found = read(raw(body, media_type))  # type: ignore[operator]
    assert data is None or found == data


def test_verify_survives_an_endless_answer() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b": more\n\n" * 8192)
        except OSError:
            return

    tracemalloc.start()
    try:
        with scripted(endless, json_reply({"message": "Unauthorized"}, 401)) as api:
            report = verify(Subject(address=api.address(), source=StaticToken(token())))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    (end,) = [check for check in report.checks if check.name == "the answer comes to its end"]
    assert end.found.endswith("then it was cut")


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other"}, "another user pool"),
        ({"aud": "another-client"}, "another app client (another-client), not of client"),
    ],
)
def test_a_401_comes_with_its_true_reason(claims: dict[str, object], words: str) -> None:
    reply = json_reply({"message": "Unauthorized"}, 401, {"x-amzn-ErrorType": "UnauthorizedException"})
    with scripted(reply) as api, AgentClient(api.address(), StaticToken(token(**claims))) as client:  # type: ignore[arg-type]
        with pytest.raises(ClientError) as error:
            client.invoke("hello")
    assert words in str(error.value)
    assert error.value.code == "CLI040"


def test_a_local_runs_own_reason_is_said() -> None:
    headers = {"x-amzn-ErrorType": "UnauthorizedException", "x-local-reason": "its key is not the pool's"}
    with scripted(json_reply({}, 401, headers)) as api, AgentClient(api.address(), StaticToken(token())) as client:
        with pytest.raises(ClientError, match="its key is not the pool's"):
            client.invoke("hello")


def test_a_payload_that_is_no_json_is_refused_before() -> None:
    with scripted() as api, AgentClient(api.address(), StaticToken(token())) as client:
        for payload in ({"a": float("nan")}, {"a": object()}, {"a": {1, 2}}):
            with pytest.raises(ClientError, match="CLI059"):
                client.invoke(payload)
    assert json.dumps(api.asked) == "[]"
