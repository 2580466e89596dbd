"""How long sessions live, in virtual time."""

import asyncio
import logging

import pytest
from streaming_agent.local.agentcore import Sessions
from streaming_agent.local.agentcore.agent_process import AgentCrashed
from streaming_agent.local.clock import Clock
from streaming_agent.template import Refusal

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


def logged_when_an_agent_does_not_start(failure: Exception, caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    async def run(clock: Clock) -> None:
        async def start() -> Process:
            raise failure

        async with Sessions(start, limit=2, idle_seconds=900, lifetime_seconds=900, clock=clock):  # type: ignore[arg-type]
            await asyncio.sleep(0.1)

    in_virtual_time(run)
    return caplog.records[0]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (AgentCrashed("agent.py ended"), "SAL025"),
        (FileNotFoundError(2, "No such file", "python3.13"), "SAL025"),
        (Refusal("SAL026", "the agent has no environment"), "SAL026"),
    ],
)
def test_an_agent_that_does_not_start_is_told_with_one_code(
    failure: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    record = logged_when_an_agent_does_not_start(failure, caplog)

    assert record.getMessage().endswith(f"({code})")
    assert record.getMessage().count("(SAL") == 1
    assert record.exc_info is None


def test_a_fault_of_the_local_run_is_not_told_as_the_agents(caplog: pytest.LogCaptureFixture) -> None:
    record = logged_when_an_agent_does_not_start(AttributeError("misspelt"), caplog)

    assert "SAL025" not in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is AttributeError


def test_a_session_whose_agent_is_refused_is_forgotten() -> None:
    async def run(clock: Clock) -> bool:
        refused = True

        async def start() -> Process:
            if refused:
                raise Refusal("SAL026", "the agent has no environment")
            return Process()

        async with Sessions(start, limit=1, idle_seconds=900, lifetime_seconds=900, clock=clock) as sessions:  # type: ignore[arg-type]
            with pytest.raises(Refusal):
                async with sessions.agent_of("one"):
                    pass
            assert not await sessions.stop("one")
            refused = False
            async with sessions.agent_of("one") as agent:
                return not agent.ended.done()

    assert in_virtual_time(run)


def test_a_process_that_does_not_end_as_it_should_is_told(caplog: pytest.LogCaptureFixture) -> None:
    class Endless(Process):
        async def stop(self) -> None:
            raise KeyError("misspelt")

    async def run(clock: Clock) -> None:
        async def start() -> Process:
            return Endless()

        async with Sessions(start, limit=1, idle_seconds=900, lifetime_seconds=900, clock=clock) as sessions:  # type: ignore[arg-type]
            async with sessions.agent_of("one"):
                pass

    in_virtual_time(run)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [KeyError]


def test_however_fast_time_runs_sessions_are_looked_at_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(seconds)

    async def run(clock: Clock) -> None:
        async def start() -> Process:
            return Process()

        fast = Clock(1e9, asyncio.get_running_loop().time)
        async with Sessions(start, limit=1, idle_seconds=60, lifetime_seconds=60, clock=fast):  # type: ignore[arg-type]
            await sleep(1)

    monkeypatch.setattr("streaming_agent.local.agentcore.sessions.asyncio.sleep", noted)
    in_virtual_time(run)
    assert 0 < len(pauses) < 100
