"""What goes over the wire: AGENT's own words, whole, and nothing beside them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from streaming_agent import Context, Data, Source, StreamingAgent, Thinking, Tool, ToolState, Usage

from .caller import SESSION, Caller

EVERYTHING = [
    Thinking("hm"),
    "Hel",
    Tool("weather", id="t1"),
    Tool("weather", id="t1", state=ToolState.FAILED),
    "lo",
    Source("A page", "https://example.com"),
    Source("A book"),
    Data("chart", {"x": [1, None, True]}),
    Usage(12, 3),
]
WORDS = [
    {"thinking": "hm"},
    {"text": "Hel"},
    {"tool": {"id": "t1", "name": "weather", "state": "started"}},
    {"tool": {"id": "t1", "name": "weather", "state": "failed"}},
    {"text": "lo"},
    {"source": {"title": "A page", "url": "https://example.com"}},
    {"source": {"title": "A book", "url": None}},
    {"data": {"name": "chart", "value": {"x": [1, None, True]}}},
    {"usage": {"input_tokens": 12, "output_tokens": 3}},
    {"end": {"reason": "complete"}},
]


async def asynchronous(prompt: str, context: Context) -> AsyncIterator[Any]:
    for event in EVERYTHING:
        yield event


def generator(prompt: str, context: Context) -> Iterator[Any]:
    yield from EVERYTHING


def returns_a_generator(prompt: str, context: Context) -> AsyncIterator[Any]:
    return asynchronous(prompt, context)


async def coroutine_of_a_generator(prompt: str, context: Context) -> AsyncIterator[Any]:
    return asynchronous(prompt, context)


def returns_an_iterator(prompt: str, context: Context) -> Iterator[Any]:
    return iter(EVERYTHING)


class Later:
    """An async iterator that is no generator, as an SDK's stream."""

    def __init__(self) -> None:
        self._left = iter(EVERYTHING)

    def __aiter__(self) -> "Later":
        return self

    async def __anext__(self) -> Any:
        for event in self._left:
            return event
        raise StopAsyncIteration


def returns_an_async_iterator(prompt: str, context: Context) -> Later:
    return Later()


class WithCall:
    async def __call__(self, prompt: str, context: Context) -> AsyncIterator[Any]:
        for event in EVERYTHING:
            yield event


@pytest.mark.parametrize(
    "answer",
    [
        asynchronous, generator, returns_a_generator, returns_an_iterator, returns_an_async_iterator,
        coroutine_of_a_generator, WithCall(),
    ],
)  # fmt: skip
def test_every_kind_of_answer_sends_the_same_words(answer: Any) -> None:
    async def ask() -> Caller:
        return await Caller(StreamingAgent(answer), {"prompt": "hi"}).end()

    caller = asyncio.run(ask())
    assert caller.status == 200
    assert caller.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert caller.headers["cache-control"] == "no-store"
    assert caller.events == WORDS


@pytest.mark.parametrize("returned", ["Hello", Tool("t", id="1"), None])
@pytest.mark.parametrize("is_async", [True, False])
def test_a_function_may_return_its_one_event(returned: Any, is_async: bool) -> None:
    async def one(prompt: str) -> Any:
        return returned

    async def ask() -> Caller:
        return await Caller(StreamingAgent(one if is_async else lambda prompt: returned), {"prompt": "hi"}).end()

    caller = asyncio.run(ask())
    assert len(caller.events) == (1 if returned is None else 2)
    assert caller.events[-1] == {"end": {"reason": "complete"}}


def test_the_frame_of_a_word_is_small_and_no_other_event_comes() -> None:
    async def speak(prompt: str) -> AsyncIterator[str]:
        for _ in range(100):
            yield "word "

    async def ask() -> Caller:
        return await Caller(StreamingAgent(speak), {"prompt": "hi"}).end()

    caller = asyncio.run(ask())
    assert len(caller.events) == 101
    assert (len(caller.body) - 500) / 101 <= 30


@pytest.mark.parametrize("text", ["a\nb\r\n\n c", 'quote " and \\', "\u2028 \u0000 \x7f", "😀 — ß", "data: x\n\nid: 1"])
def test_text_arrives_as_it_was(text: str) -> None:
    async def ask() -> Caller:
        return await Caller(StreamingAgent(lambda prompt: text), {"prompt": "hi"}).end()

    caller = asyncio.run(ask())
    assert caller.text == text
    assert caller.body.count(b"\n\n") == 2


def test_silence_is_filled_with_comments_and_they_stop_with_it() -> None:
    async def ask() -> Caller:
        go_on = asyncio.Event()
        loop = asyncio.get_running_loop()

        async def think(prompt: str) -> AsyncIterator[str]:
            yield "a"
            while not asked.body.count(b": keep-alive\n\n") >= 3:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            yield "b"
            loop.call_soon_threadsafe(go_on.set)

        asked = Caller(StreamingAgent(think, heartbeat=timedelta(milliseconds=20)), {"prompt": "hi"})
        return await asked.end()

    caller = asyncio.run(ask())
    assert caller.text == "ab"
    assert caller.body.startswith(b'data: {"text":"a"}\n\n: keep-alive\n\n: keep-alive\n\n: keep-alive\n\n')
    assert caller.body.endswith(b'data: {"text":"b"}\n\ndata: {"end":{"reason":"complete"}}\n\n')


def test_an_agent_that_speaks_all_the_time_sends_no_heartbeat() -> None:
    async def speak(prompt: str) -> AsyncIterator[str]:
        for _ in range(30):
            yield "a"
            await asyncio.sleep(0.002)

    async def ask() -> Caller:
        return await Caller(StreamingAgent(speak, heartbeat=timedelta(seconds=1)), {"prompt": "hi"}).end()

    assert b"keep-alive" not in asyncio.run(ask()).body


def test_the_context_says_who_asks() -> None:
    seen: list[Context] = []

    async def answer(prompt: str, context: Context) -> str:
        seen.append(context)
        return prompt

    async def ask() -> None:
        from .caller import signed_in

        headers = signed_in("ada", "s" * 36) | {"x-amzn-bedrock-agentcore-runtime-request-id": "r1", "X-Other": "o"}
        await Caller(StreamingAgent(answer), {"prompt": "hi", "conversation_id": "c", "more": 1}, headers=headers).end()
        await Caller(StreamingAgent(answer), {"prompt": "hi"}).end()

    asyncio.run(ask())
    first, second = seen
    assert (first.session_id, first.user_id, first.conversation_id, first.request_id) == ("s" * 36, "ada", "c", "r1")
    assert first.claims == {"sub": "ada"}
    assert first.payload == {"prompt": "hi", "conversation_id": "c", "more": 1}
    assert first.headers["x-other"] == "o"
    assert first.history is None
    assert first.deadline is not None
    assert (second.session_id, second.user_id, dict(second.claims)) == (None, None, {})
    assert second.request_id
    assert "Bearer" not in repr(first)
    assert "claims" not in repr(first)


@pytest.mark.parametrize(
    "token", ["Bearer x", "Bearer a.b.c", "Basic YTpi", "", "Bearer e30.WzFd.x", "Bearer ..", "Bearer e30.e30"]
)
def test_a_token_that_cannot_be_read_is_nobody(token: str) -> None:
    async def answer(prompt: str, context: Context) -> str:
        return f"{context.user_id} {dict(context.claims)}"

    async def ask() -> Caller:
        return await Caller(
            StreamingAgent(answer), {"prompt": "hi"}, headers={"authorization": token, SESSION: "s"}
        ).end()

    assert asyncio.run(ask()).text == "None {}"
