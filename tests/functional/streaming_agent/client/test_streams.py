"""What arrives as events, however the network cut it, and what happens when somebody stops."""

import threading

import anyio
import pytest
from streaming_agent.client import AgentClient, AgentFailed, AsyncAgentClient, StaticToken, StreamInterrupted

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import refused, said, scripted, stream


def events_of(*chunks: bytes) -> list[object]:
    with scripted(stream(*chunks)) as api, AgentClient(api.address(), StaticToken(token())) as client:
        return [event.data for event in client.invoke("hello")]


def test_a_character_that_is_cut_in_two_is_whole_again() -> None:
    whole = 'data: {"text":"Grüße 👋"}\n\n'.encode()

    assert events_of(*(whole[index : index + 1] for index in range(len(whole)))) == [{"text": "Grüße 👋"}]


def test_a_line_separator_in_the_text_ends_no_event() -> None:
    assert events_of('data: {"text":"a\u2028b\x85c"}\n\n'.encode()) == [{"text": "a\u2028b\x85c"}]


def test_several_events_in_one_chunk_are_several_events() -> None:
    assert events_of(said("a") + said("b")) == [{"text": "a"}, {"text": "b"}]


def test_heartbeats_are_no_events() -> None:
    assert events_of(b": keep-alive\n\n", said("a"), b": keep-alive\n\n") == [{"text": "a"}]


def test_text_that_is_no_json_stays_text() -> None:
    assert events_of(b"data: plain\n\n") == ["plain"]


@pytest.mark.parametrize(
    "sent",
    [
        b'data: {"error": {"type": "ValueError", "message": "no such tool"}}\n\n',
        b'data: {"error": "no such tool", "error_type": "ValueError", "message": "no such tool"}\n\n',
    ],
)
def test_an_error_in_the_middle_is_raised_after_what_came_before(sent: bytes) -> None:
    with scripted(stream(said("before"), sent)) as api, AgentClient(api.address(), StaticToken(token())) as client:
        answer = client.invoke("hello")
        assert next(answer).text == "before"
        with pytest.raises(AgentFailed, match="no such tool") as error:
            next(answer)

    assert error.value.details["error"]


def test_what_is_neither_events_nor_json_is_refused() -> None:
    def html(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Type", "text/html")  # type: ignore[attr-defined]
        handler.send_header("Content-Length", "0")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]

    with scripted(html) as api, AgentClient(api.address(), StaticToken(token())) as client:
        with pytest.raises(StreamInterrupted, match="the answer is text/html"):
            list(client.invoke("hello"))


class Waiting:
    """Keeps an answer open until its connection is closed on the other side."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __call__(self, handler: object) -> None:
        stream(said("first"), before=lambda: self._wait(handler))(handler)  # type: ignore[arg-type]

    def _wait(self, handler: object) -> None:
        if handler.connection.recv(1) == b"":  # type: ignore[attr-defined]
            self.closed.set()


def test_closing_the_answer_closes_the_connection() -> None:
    waiting = Waiting()
    with scripted(waiting) as api, AgentClient(api.address(), StaticToken(token())) as client:
        with client.invoke("hello") as answer:
            assert next(answer).text == "first"
        assert waiting.closed.wait(5)


def test_leaving_the_loop_closes_the_connection() -> None:
    waiting = Waiting()
    with scripted(waiting) as api, AgentClient(api.address(), StaticToken(token())) as client:
        for event in client.invoke("hello"):
            assert event.text == "first"
            break
        assert waiting.closed.wait(5)


def test_cancelling_the_task_closes_the_connection() -> None:
    waiting = Waiting()

    async def ask(address: object) -> None:
        async with AsyncAgentClient(address, StaticToken(token())) as client:  # type: ignore[arg-type]
            with anyio.CancelScope() as scope:
                async with await client.invoke("hello") as answer:
                    async for event in answer:
                        assert event.text == "first"
                        scope.cancel()
            assert await anyio.to_thread.run_sync(waiting.closed.wait, 5)

    with scripted(waiting) as api:
        anyio.run(ask, api.address())


def test_the_async_client_repeats_and_refuses_like_the_other() -> None:
    async def ask(address: object) -> list[str]:
        async with AsyncAgentClient(address, StaticToken(token())) as client:  # type: ignore[arg-type]
            return [event.text async for event in await client.invoke("hello")]

    with scripted(refused(503), stream(said("there"))) as api:
        assert anyio.run(ask, api.address()) == ["there"]
    with scripted(stream(said("half"), ends=False)) as api, pytest.raises(StreamInterrupted, match="CLI048"):
        anyio.run(ask, api.address())
