"""A run that answers all day: nothing of a request is kept when it is over."""

import asyncio
import gc
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from streaming_agent.local.api_gateway.limits import LimitedStream
from streaming_agent.local.api_gateway.request_context import Context
from streaming_agent.local.emulator import Endpoints
from streaming_agent.local.messages import Reply, Request
from streaming_agent.local.server_connection import Connection

from tests.functional.streaming_agent.local.calls import sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.stub_agent import stub_agent

AT_ONCE = 20
CALLS = 200
OF_A_REQUEST = (Context, LimitedStream, Reply, Request)


@pytest.fixture
def stubbed(assembly: Path) -> Iterator[Endpoints]:
    with stub_agent() as agent, emulator_of(assembly, agent_url=agent.origin) as endpoints:
        yield endpoints


async def answered(endpoints: Endpoints, token: str) -> list[int]:
    """The statuses of the calls: every fourth with a token that is refused, every fifth left half read."""
    seen = []
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(session: aiohttp.ClientSession, call: int) -> None:
        headers = {"Authorization": f"Bearer {'no.such.token' if call % 4 == 0 else token}"}
        body = {"stream": call, "count": 5, "pause": 0, "padding": 2000}
        async with at_once, session.post(endpoints.invocations_url, json=body, headers=headers) as response:
            seen.append(response.status)
            if call % 5:
                await response.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        await asyncio.gather(*(one(session, call) for call in range(CALLS)))
    return seen


def living() -> list[object]:
    gc.collect()
    return [one for one in gc.get_objects() if type(one) in (*OF_A_REQUEST, Connection)]


def kept(others: list[object]) -> dict[str, int]:
    """How many of each there are, without those of other tests of this process. The gateway's idle connections to the
    runtime stay, for the next calls."""
    not_mine = {id(one) for one in others}
    kinds = [type(one) for one in living() if id(one) not in not_mine]
    counted = {kind.__name__: kinds.count(kind) for kind in OF_A_REQUEST}
    return {**counted, "Connection over the pool": max(kinds.count(Connection) - AT_ONCE, 0)}


def test_nothing_of_a_request_is_kept_when_it_is_over(stubbed: Endpoints) -> None:
    others = living()
    token = sign_in(stubbed).id
    seen = asyncio.run(answered(stubbed, token))
    assert (seen.count(200), seen.count(401)) == (150, 50)

    deadline = time.monotonic() + 30
    while any(kept(others).values()):
        assert time.monotonic() < deadline, kept(others)
        time.sleep(0.05)
