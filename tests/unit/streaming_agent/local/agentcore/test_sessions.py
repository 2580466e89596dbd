"""How long sessions live, in virtual time."""

import asyncio

from streaming_agent.local.agentcore import Sessions
from streaming_agent.local.clock import Clock

from tests.unit.streaming_agent.local.virtual_time import in_virtual_time


class Process:
    """In the place of an agent's process."""

    def __init__(self) -> None:
        self.label, self.origin = "", ""
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def stop(self) -> None:
        self.ended.set_result(0)


def ended_after(seconds: float, *, in_use: bool = False, **limits: float) -> bool:
    """Whether a session's process has ended so many seconds after its first call."""

    async def run(clock: Clock) -> bool:
        async def start() -> Process:
            return Process()

        given = {"idle_seconds": 900.0, "lifetime_seconds": 28_800.0, **limits}
        async with Sessions(start, limit=2, clock=clock, **given) as sessions:  # type: ignore[arg-type]
            async with sessions.agent_of("one") as agent:
                if in_use:
                    await clock.sleep(seconds)
                    return agent.ended.done()
            await clock.sleep(seconds)
            return agent.ended.done()

    return in_virtual_time(run)


def test_a_session_ends_when_it_has_been_idle_for_its_time() -> None:
    assert not ended_after(899)
    assert ended_after(902)


def test_a_session_in_use_is_not_idle() -> None:
    assert not ended_after(2000, in_use=True)


def test_a_session_ends_after_its_lifetime_even_in_use() -> None:
    assert not ended_after(599, in_use=True, lifetime_seconds=600)
    assert ended_after(602, in_use=True, lifetime_seconds=600)


def test_a_session_that_is_stopped_ends_and_the_next_call_starts_anew() -> None:
    async def run(clock: Clock) -> tuple[bool, bool, bool]:
        async def start() -> Process:
            return Process()

        async with Sessions(start, limit=2, idle_seconds=900, lifetime_seconds=900, clock=clock) as sessions:  # type: ignore[arg-type]
            async with sessions.agent_of("one") as first:
                pass
            stopped, unknown = await sessions.stop("one"), await sessions.stop("two")
            async with sessions.agent_of("one") as second:
                return stopped, unknown, first is not second

    assert in_virtual_time(run) == (True, False, True)
