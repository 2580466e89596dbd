"""Memory of a run that answers all day: what a request needed is let go of."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import sign_in
from tests.functional.streaming_agent.local.processes import LocalProcess, local_process, resident_megabytes
from tests.functional.streaming_agent.local.stub_agent import StubAgent, stub_agent

AT_ONCE = 20
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def agent() -> Iterator[StubAgent]:
    with stub_agent() as agent:
        yield agent


@pytest.fixture
def local(assembly: Path, agent: StubAgent, tmp_path: Path) -> Iterator[LocalProcess]:
    with local_process(tmp_path, "--assembly", assembly, "--agent-url", agent.origin) as local:
        yield local


async def answered(ready: Endpoints, token: str, number: int) -> list[int]:
    """The statuses of so many calls: every fourth with a token that is refused, every fifth left half read."""
    seen = []
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(session: aiohttp.ClientSession, call: int) -> None:
        headers = {"Authorization": f"Bearer {'no.such.token' if call % 4 == 0 else token}"}
        body = {"stream": call, "count": 5, "pause": 0, "padding": 2000}
        async with at_once, session.post(ready.invocations_url, json=body, headers=headers) as response:
            seen.append(response.status)
            if call % 5:
                await response.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        await asyncio.gather(*(one(session, call) for call in range(number)))
    return seen


def test_memory_stays_where_it_was_after_thousands_of_requests(local: LocalProcess) -> None:
    ready = Endpoints(**json.loads(local.line))
    token = sign_in(ready).id
    asyncio.run(answered(ready, token, 500))

    before = resident_megabytes(local.process.pid)
    seen = asyncio.run(answered(ready, token, 3000))

    assert resident_megabytes(local.process.pid) - before < 3
    assert (seen.count(200), seen.count(401)) == (2250, 750)
