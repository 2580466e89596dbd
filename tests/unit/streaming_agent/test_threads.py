"""Answers that are not async: in threads, bounded, and told when there are too many."""

import asyncio
import contextvars
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streaming_agent import StreamingAgent, threads

from .caller import Caller

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


def test_many_blocking_answers_run_at_once() -> None:
    together = threading.Barrier(24)

    def answer(prompt: str) -> str:
        together.wait(10)  # breaks unless all 24 are here
        return "a"

    async def ask() -> list[Caller]:
        app = StreamingAgent(answer)
        return await asyncio.gather(*[Caller(app, {"prompt": "hi"}).end() for _ in range(24)])

    assert [caller.text for caller in asyncio.run(ask())] == ["a"] * 24


def test_one_too_many_is_told_at_once_and_not_kept_waiting() -> None:
    release = threading.Event()
    began = threading.Semaphore(0)

    def answer(prompt: str) -> str:
        began.release()
        release.wait(10)
        return "a"

    async def ask() -> None:
        app = StreamingAgent(answer)
        running = [Caller(app, {"prompt": "hi"}) for _ in range(threads.THREADS)]
        for _ in running:
            await asyncio.to_thread(began.acquire)
        one_more = await Caller(app, {"prompt": "hi"}).end()
        assert one_more.events[0]["error"]["code"] == "agent_busy"
        release.set()
        assert [(await caller.end()).text for caller in running] == ["a"] * threads.THREADS
        assert (await Caller(app, {"prompt": "hi"}).end()).text == "a"

    asyncio.run(ask())


def test_too_many_answers_of_any_kind_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from streaming_agent import running_answers

    monkeypatch.setattr(running_answers, "MOST_ANSWERS", 2)

    async def ask() -> None:
        go_on = threading.Event()

        async def answer(prompt: str) -> str:
            await asyncio.to_thread(go_on.wait, 10)
            return "a"

        app = StreamingAgent(answer)
        running = [Caller(app, {"prompt": "hi"}) for _ in range(2)]
        await asyncio.sleep(0)
        assert (await Caller(app, {"prompt": "hi"}).end()).events[0]["error"]["code"] == "agent_busy"
        go_on.set()
        assert [(await caller.end()).text for caller in running] == ["a"] * 2

    asyncio.run(ask())


def test_a_generator_keeps_its_context_variables_and_its_thread() -> None:
    def answer(prompt: str) -> Iterator[str]:
        variable.set("mine")
        first = threading.get_ident()
        yield "a"
        yield f"{variable.get()} {threading.get_ident() == first} {first != threading.main_thread().ident}"

    async def ask() -> Caller:
        return await Caller(StreamingAgent(answer), {"prompt": "hi"}).end()

    assert asyncio.run(ask()).text == "amine True True"


def test_a_function_that_never_ends_is_complained_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(threads, "PATIENCE_SECONDS", 0.01)
    release = threading.Event()

    def answer(prompt: str) -> Iterator[str]:
        yield "a"
        release.wait(10)

    async def ask() -> None:
        caller = Caller(StreamingAgent(answer), {"prompt": "hi"})
        await caller.until(lambda c: c.text == "a")
        caller.leave()
        await caller.end()
        async with asyncio.timeout(5):
            while "still runs" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    asyncio.run(ask())
    release.set()
    assert "context.cancelled" in caplog.text


def test_a_function_that_never_ends_does_not_keep_the_process_alive(tmp_path: Path) -> None:
    code = """
import asyncio, threading
from streaming_agent import StreamingAgent

sent = [{"type": "http.request", "body": b'{"prompt": "a"}'}]
began = threading.Event()

def answer(prompt):
    began.set()
    threading.Event().wait()

async def receive():
    return sent.pop() if sent else await asyncio.to_thread(began.wait) and {"type": "http.disconnect"}

async def send(message): ...

scope = {"type": "http", "method": "POST", "path": "/invocations", "headers": []}
asyncio.run(StreamingAgent(answer)(scope, receive, send))
print("left")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stdout) == (0, "left\n")
