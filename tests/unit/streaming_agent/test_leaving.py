"""What becomes of an answer whose caller leaves."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from streaming_agent import Context, OnDisconnect, StreamingAgent, running_answers

from .caller import Caller, signed_in

PROMPTLY_SECONDS = 0.5


class Model:
    """Something that costs as long as it streams."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.began = threading.Event()

    async def stream(self) -> AsyncIterator[str]:
        try:
            self.began.set()
            yield "a"
            await asyncio.sleep(60)
        finally:
            self.closed.set()


async def closed_after_leaving(answer: Any, model: Model, **options: Any) -> bool:
    caller = Caller(StreamingAgent(answer, **options), {"prompt": "hi"}, headers=signed_in("ada"))
    await caller.until(lambda c: c.text == "a")
    caller.leave()
    await caller.end()
    return await asyncio.to_thread(model.closed.wait, PROMPTLY_SECONDS)


@pytest.mark.parametrize("without_gc", [False, True])
def test_the_models_stream_is_closed_when_its_reader_leaves(without_gc: bool) -> None:
    import gc

    model = Model()

    async def answer(prompt: str) -> AsyncIterator[str]:
        async for word in model.stream():  # not closed by hand: cancelling reaches it all the same
            yield word

    if without_gc:
        gc.disable()
    try:
        assert asyncio.run(closed_after_leaving(answer, model))
    finally:
        gc.enable()


def test_a_coroutine_is_cancelled() -> None:
    model = Model()

    async def answer(prompt: str) -> AsyncIterator[str]:
        async def inner() -> AsyncIterator[str]:
            async for word in model.stream():
                yield word

        return inner()  # type: ignore[return-value]

    assert asyncio.run(closed_after_leaving(answer, model))


def test_an_agent_that_swallows_its_cancellation_is_closed_at_its_next_event() -> None:
    model = Model()

    async def answer(prompt: str) -> AsyncIterator[str]:
        try:
            yield "a"
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
            yield "more"
            await asyncio.sleep(60)
        finally:
            model.closed.set()

    assert asyncio.run(closed_after_leaving(answer, model))


def test_a_thread_stops_at_its_next_yield() -> None:
    model = Model()

    def answer(prompt: str) -> Iterator[str]:
        try:
            while True:
                yield "a" if not model.began.is_set() else ""
                model.began.set()
                time.sleep(0.02)
        finally:
            model.closed.set()

    assert asyncio.run(closed_after_leaving(answer, model))


def test_a_plain_function_can_look_at_cancelled() -> None:
    model = Model()

    def answer(prompt: str, context: Context) -> Iterator[str]:
        yield "a"
        while not context.cancelled:
            time.sleep(0.01)
        model.closed.set()

    assert asyncio.run(closed_after_leaving(answer, model))


def test_fifty_that_leave_together_are_all_closed() -> None:
    models = [Model() for _ in range(50)]

    async def ask() -> bool:
        async def answer(prompt: str) -> AsyncIterator[str]:
            async for word in models[int(prompt)].stream():
                yield word

        app = StreamingAgent(answer)
        callers = [Caller(app, {"prompt": str(number)}) for number in range(50)]
        for caller in callers:
            await caller.until(lambda c: c.text == "a")
        for caller in callers:
            caller.leave()
        for caller in callers:
            await caller.end()
        return all([await asyncio.to_thread(model.closed.wait, PROMPTLY_SECONDS) for model in models])

    assert asyncio.run(ask())


def test_a_caller_who_leaves_before_the_question_is_whole_asks_nothing() -> None:
    asked = []

    async def ask() -> None:
        app = StreamingAgent(asked.append)

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            raise AssertionError(message)

        await app({"type": "http", "method": "POST", "path": "/invocations", "headers": []}, receive, send)

    asyncio.run(ask())
    assert asked == []


def test_a_server_whose_send_fails_has_lost_its_caller() -> None:
    model = Model()

    async def ask() -> bool:
        async def answer(prompt: str) -> AsyncIterator[str]:
            async for word in model.stream():
                yield word

        messages = [{"type": "http.request", "body": b'{"prompt": "hi"}'}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await asyncio.sleep(60)

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                raise OSError("gone")

        scope = {"type": "http", "method": "POST", "path": "/invocations", "headers": []}
        await StreamingAgent(answer)(scope, receive, send)
        return await asyncio.to_thread(model.closed.wait, PROMPTLY_SECONDS)

    assert asyncio.run(ask())


@pytest.mark.parametrize("headers", [signed_in("ada"), signed_in("ada", None), {}])
def test_finish_runs_on_for_somebody_who_can_come_back(headers: dict[str, str]) -> None:
    async def ask() -> bool:
        finished, go_on = threading.Event(), threading.Event()

        async def answer(prompt: str) -> AsyncIterator[str]:
            yield "a"
            await asyncio.to_thread(go_on.wait, 5)
            finished.set()

        app = StreamingAgent(answer, on_disconnect=OnDisconnect.FINISH)
        caller = Caller(app, {"prompt": "hi"}, headers=headers)
        await caller.until(lambda c: c.text == "a")
        caller.leave()
        await caller.end()
        if headers:
            assert b"HealthyBusy" in (await Caller(app, b"", path="/ping", method="GET").end()).body
        go_on.set()
        return await asyncio.to_thread(finished.wait, PROMPTLY_SECONDS)

    assert asyncio.run(ask()) is bool(headers)


@pytest.mark.parametrize("stubborn", [True, False])
def test_an_answer_that_outlives_its_caller_is_in_the_log(
    stubborn: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(running_answers, "PATIENCE_SECONDS", 0.05)
    released = threading.Event()

    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "a"
        while not released.is_set():
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                if not stubborn:
                    raise

    async def ask() -> None:
        caller = await Caller(StreamingAgent(answer), {"prompt": "hi"}).until(lambda caller: caller.text == "a")
        caller.leave()
        await caller.end()
        await asyncio.sleep(0.2)
        released.set()

    asyncio.run(ask())
    assert ("let CancelledError through" in caplog.text) is stubborn


def test_a_thread_that_fails_after_its_caller_left_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    ended = threading.Event()

    def answer(prompt: str) -> Iterator[str]:
        try:
            while True:
                yield "a"
                time.sleep(0.01)
        finally:
            ended.set()
            raise ValueError("not committed")

    async def ask() -> None:
        caller = await Caller(StreamingAgent(answer), {"prompt": "hi"}).until(lambda caller: caller.text != "")
        caller.leave()
        await caller.end()
        assert await asyncio.to_thread(ended.wait, 10)
        async with asyncio.timeout(10):
            while "not committed" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    asyncio.run(ask())
    assert "the answer failed after its caller left (session None, request " in caplog.text


def test_an_answer_whose_caller_left_before_it_began_is_not_begun() -> None:
    go_on, blocked = threading.Event(), threading.Event()
    asked: list[str] = []

    async def answer(prompt: str) -> AsyncIterator[str]:
        asked.append(prompt)
        yield "a"
        if prompt == "block":
            blocked.set()
            go_on.wait(10)

    app = StreamingAgent(answer)

    async def leave_before_it_begins() -> None:
        first = Caller(app, {"prompt": "block"})
        await asyncio.to_thread(blocked.wait, 10)
        second = Caller(app, {"prompt": "too late"})
        await second.until(lambda caller: caller.status == 200)
        second.leave()
        await second.end()
        go_on.set()
        await first.end()

    asyncio.run(leave_before_it_begins())
    until = time.monotonic() + 10
    while app._answers.health()["status"] != "Healthy":
        assert time.monotonic() < until
        time.sleep(0.01)
    assert asked == ["block"]
