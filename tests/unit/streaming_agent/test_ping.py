"""/ping over a simulated hour: busy advances with the clock, idle stands still."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from streaming_agent import StreamingAgent

from .caller import Caller


def test_busy_says_now_and_idle_says_when_the_last_answer_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.9]

    async def hour() -> None:
        go_on = asyncio.Event()
        loop: list[asyncio.AbstractEventLoop] = []

        async def answer(prompt: str) -> AsyncIterator[str]:
            loop.append(asyncio.get_running_loop())
            yield "a"
            await go_on.wait()

        app = StreamingAgent(answer)
        monkeypatch.setattr(app._answers, "_clock", lambda: now[0])

        async def ping() -> Any:
            return json.loads((await Caller(app, b"", path="/ping", method="GET").end()).body)

        assert await ping() == {"status": "Healthy"}
        now[0] += 600
        assert await ping() == {"status": "Healthy"}
        caller = Caller(app, {"prompt": "hi"})
        await caller.until(lambda c: c.text == "a")
        for _ in range(30):
            now[0] += 60
            assert await ping() == {"status": "HealthyBusy", "time_of_last_update": int(now[0])}
        loop[0].call_soon_threadsafe(go_on.set)
        await caller.end()
        ended = int(now[0])
        for _ in range(30):
            now[0] += 60
            assert await ping() == {"status": "Healthy", "time_of_last_update": ended}

    asyncio.run(hour())


def test_a_time_from_before_a_snapshot_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> None:
        app = StreamingAgent(lambda prompt: "a")
        ahead = [0.0]
        monkeypatch.setattr(app._session, "_clocks", lambda: ahead[0])

        async def ping() -> Any:
            return json.loads((await Caller(app, b"", path="/ping", method="GET").end()).body)

        await Caller(app, {"prompt": "hi"}).end()
        assert "time_of_last_update" in await ping()
        ahead[0] = 3600.0
        assert await ping() == {"status": "Healthy"}

    asyncio.run(ask())


def test_ping_needs_no_secret() -> None:
    async def ask() -> Caller:
        app = StreamingAgent(lambda prompt: "a", gateway_secret=lambda: ["s3"])
        return await Caller(app, b"", path="/ping", method="GET").end()

    assert asyncio.run(ask()).status == 200
