"""Coming back for the rest of an answer: whole, exactly once, and for its owner only."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from streaming_agent import AnswerError, OnDisconnect, ResumeBuffer, StreamingAgent
from streaming_agent.answer_log import AnswerLog
from streaming_agent.kept_answers import KeptAnswers

from .caller import SESSION, Caller, signed_in

WORDS = [f"word{number} " for number in range(60)]
NOTHING = {"code": "nothing_to_resume", "message": "this answer is no longer kept: ask again"}


def finishing(answer: Any, **options: Any) -> StreamingAgent:
    return StreamingAgent(answer, on_disconnect=OnDisconnect.FINISH, resume=ResumeBuffer(**options))


async def speak(prompt: str) -> AsyncIterator[str]:
    for word in WORDS:
        yield word
        await asyncio.sleep(0.0005)


async def left_after(app: StreamingAgent, events: int, headers: dict[str, str]) -> Caller:
    caller = Caller(app, {"prompt": "hi"}, headers=headers)
    await caller.until(lambda c: len(c.events) >= events)
    caller.leave()
    return await caller.end()


@pytest.mark.parametrize("attempt", range(10))
def test_an_answer_that_was_cut_is_whole_after_coming_back(attempt: int) -> None:
    chosen = random.Random(attempt)

    async def ask() -> bytes:
        app = finishing(speak)
        received = b""
        caller = await left_after(app, chosen.randint(1, 20), signed_in("ada"))
        while True:
            # what a cut connection delivered: whole events, and a piece of the next
            whole, _, _ = caller.body.rpartition(b"\n\n")
            received += whole + b"\n\n"
            if b'"end"' in received:
                return received
            last = received.decode().rpartition("id: ")[2].partition("\n")[0]
            await asyncio.sleep(chosen.random() * 0.02)
            caller = Caller(app, {"resume": last}, headers=signed_in("ada"))
            if chosen.random() < 0.6:
                await caller.until(lambda c: len(c.events) >= chosen.randint(1, 9))
                caller.leave()
            await caller.end()
            if not caller.body:
                caller.body = b"\n\n"

    received = asyncio.run(ask()).replace(b"\n\n\n\n", b"\n\n")
    blocks = [block for block in received.decode().split("\n\n") if block]
    name = blocks[0].partition(".")[0]
    expected = [f'{name}.{n}\ndata: {{"text":"{word}"}}' for n, word in enumerate(WORDS)]
    assert blocks == [*expected, f'{name}.{len(WORDS)}\ndata: {{"end":{{"reason":"complete"}}}}']


def test_nobody_else_can_read_it() -> None:
    async def ask() -> None:
        app = finishing(speak)
        mine = await left_after(app, 3, signed_in("ada"))
        strangers = [
            signed_in("bob"),
            signed_in("ada", "t" * 33),
            signed_in("ada", None),
            {SESSION: "s" * 33},
            {},
            signed_in("Ada"),
        ]
        for headers in strangers:
            caller = await Caller(app, {"resume": mine.last_id}, headers=headers).end()
            assert (caller.status, caller.events) == (200, [{"error": NOTHING}])
        own = await Caller(app, {"resume": mine.last_id}, headers=signed_in("ada")).end()
        assert mine.text + own.text == "".join(WORDS)

    asyncio.run(ask())


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "x",
        "x.1",
        ".",
        "{}.",
        "{}.-1",
        "{}.9999",
        "{}.1e1",
        "{}.²",
        "{}.1.1",
        "{} .1",
        "{}." + "9" * 99,
        5,
        [],
        {},
        True,
    ],
)
def test_junk_finds_nothing(junk: Any) -> None:
    async def ask() -> Caller:
        app = finishing(speak)
        mine = await left_after(app, 3, signed_in("ada"))
        name = mine.last_id.partition(".")[0]
        asked = junk.replace("{}", name) if isinstance(junk, str) else junk
        return await Caller(app, {"resume": asked}, headers=signed_in("ada")).end()

    caller = asyncio.run(ask())
    assert (caller.status, caller.events) == (200, [{"error": NOTHING}])


def test_an_agent_that_cancels_gives_no_ids_and_keeps_nothing() -> None:
    async def ask() -> None:
        app = StreamingAgent(speak)
        first = await Caller(app, {"prompt": "hi"}, headers=signed_in("ada")).end()
        assert b"id:" not in first.body
        again = await Caller(app, {"resume": "x.1"}, headers=signed_in("ada")).end()
        assert again.events == [{"error": NOTHING}]

    asyncio.run(ask())


def test_a_caller_without_session_and_user_gets_no_ids() -> None:
    async def ask() -> Caller:
        return await Caller(finishing(speak), {"prompt": "hi"}).end()

    assert b"id:" not in asyncio.run(ask()).body


def test_who_has_the_whole_answer_is_told_again_that_it_ended() -> None:
    async def failing(prompt: str) -> AsyncIterator[str]:
        yield "a"
        raise AnswerError("late", "too late")

    async def ask(answer: Any) -> tuple[Any, list[Any], bool]:
        app = finishing(answer)
        whole = await Caller(app, {"prompt": "hi"}, headers=signed_in("ada")).end()
        again = await Caller(app, {"resume": whole.last_id, "conversation_id": ""}, headers=signed_in("ada")).end()
        return whole.events[-1], again.events, whole.last_id == again.last_id

    for answer in (speak, failing):
        last, events, same_id = asyncio.run(ask(answer))
        assert events == [last]
        assert same_id


def test_two_tabs_read_the_same() -> None:
    async def ask() -> None:
        app = finishing(speak)
        first = Caller(app, {"prompt": "hi"}, headers=signed_in("ada"))
        await first.until(lambda c: len(c.events) >= 3)
        second = await Caller(app, {"resume": first.last_id.partition(".")[0] + ".0"}, headers=signed_in("ada")).end()
        await first.end()
        assert first.text == "".join(WORDS)
        assert second.body == first.body[first.body.index(b"\n\n") + 2 :]

    asyncio.run(ask())


def test_what_no_longer_fits_cannot_be_asked_for_and_the_newest_can() -> None:
    async def ask() -> None:
        finished = threading.Event()

        async def answer(prompt: str) -> AsyncIterator[str]:
            async for word in speak(prompt):
                yield word
            finished.set()

        app = finishing(answer, max_bytes=500)
        mine = await left_after(app, 3, signed_in("ada"))
        await asyncio.to_thread(finished.wait, 5)
        gone = await Caller(app, {"resume": mine.last_id}, headers=signed_in("ada")).end()
        assert gone.events == [{"error": NOTHING}]
        newest = f"{mine.last_id.partition('.')[0]}.{len(WORDS) - 3}"
        kept = await Caller(app, {"resume": newest}, headers=signed_in("ada")).end()
        assert kept.text == "".join(WORDS[-2:])

    asyncio.run(ask())


def test_a_slow_reader_gets_everything_although_the_buffer_is_small() -> None:
    async def ask() -> Caller:
        async def flood(prompt: str) -> AsyncIterator[str]:
            for _ in range(3000):
                yield "x" * 20

        caller = Caller(finishing(flood, max_bytes=2000), {"prompt": "hi"}, headers=signed_in("ada"))
        await caller.until(lambda c: len(c.body) > 0)
        for _ in range(50):
            caller.reading.clear()
            await asyncio.sleep(0)
            caller.reading.set()
            await asyncio.sleep(0)
        return await caller.end()

    caller = asyncio.run(ask())
    assert len(caller.events) == 3001


def test_answers_are_kept_for_a_while_and_not_too_many() -> None:
    loop = asyncio.new_event_loop()
    clock = [0.0]
    kept = KeptAnswers(ResumeBuffer(keep=timedelta(minutes=5), max_answers=3), lambda: clock[0])
    owner = ("s", "ada")
    logs = [AnswerLog(loop, 1000) for _ in range(4)]
    for log in logs[:3]:
        kept.add(log, owner)
    kept.ended(logs[1])
    kept.add(logs[3], owner)
    # one that has ended goes before one that still runs
    assert [kept.find(f"{log.id}.0", owner) is not None for log in logs] == [True, False, True, True]
    kept.ended(logs[2])
    clock[0] = 300.0
    assert kept.find(f"{logs[2].id}.0", owner) is not None
    clock[0] = 301.0
    assert [kept.find(f"{log.id}.0", owner) is not None for log in logs] == [True, False, False, True]
    loop.close()
