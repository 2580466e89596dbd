"""A reader who stops holds the agent back, and memory does not grow."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from streaming_agent import StreamingAgent
from streaming_agent.answer_log import AHEAD_BYTES

from .caller import Caller

PIECE = "x" * 1000
PIECES = 1000


@pytest.mark.parametrize("is_async", [True, False], ids=["async", "threaded"])
def test_an_agent_waits_for_its_reader(is_async: bool) -> None:
    made = 0
    halted = threading.Event()

    async def flood(prompt: str) -> AsyncIterator[str]:
        nonlocal made
        for _ in range(PIECES):
            made += 1
            yield PIECE

    def threaded(prompt: str) -> Iterator[str]:
        nonlocal made
        for _ in range(PIECES):
            made += 1
            yield PIECE

    async def ask() -> tuple[int, Caller]:
        function: Any = flood if is_async else threaded
        caller = Caller(StreamingAgent(function), {"prompt": "hi"})
        await caller.until(lambda c: len(c.body) > 0)
        caller.reading.clear()
        before = -1
        while made != before:  # it has come to a stop
            before = made
            await asyncio.sleep(0.05)
        stopped_at = made
        halted.set()
        caller.reading.set()
        return stopped_at, await caller.end()

    stopped_at, caller = asyncio.run(ask())
    assert stopped_at < PIECES
    # what the reader had in hand, twice what it may be behind, and what the thread may be ahead
    assert stopped_at * len(PIECE) < 3 * AHEAD_BYTES + 40 * len(PIECE)
    assert caller.text == PIECE * PIECES


def test_a_crowd_that_comes_at_once_does_not_hold_up_the_first_answer() -> None:
    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "hi"

    async def crowd() -> tuple[int, list[str]]:
        app = StreamingAgent(answer)
        callers = [Caller(app, {"prompt": "hi"}) for _ in range(400)]
        await callers[0].until(lambda c: "hi" in c.text)
        begun = sum(caller.status == 200 for caller in callers)
        return begun, [(await caller.end()).text for caller in callers]

    begun, texts = asyncio.run(crowd())
    assert begun < 400
    assert texts == ["hi"] * 400
