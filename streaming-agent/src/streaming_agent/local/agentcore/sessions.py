"""One agent process a session, as AgentCore gives each session a microVM; bounded, with one started ahead."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ...errors import CodedError, Refusal
from ..clock import Clock
from .agent_process import AgentCrashed, AgentProcess

_log = logging.getLogger("streaming_agent.runtime")
_LOOK_SECONDS = 1.0
_SHORTEST_LOOK_SECONDS = 0.05  # a high time scale would make it no time at all
_SETTLE_SECONDS = 0.5  # what an agent writes last comes a little after its answer


class TooManySessions(Exception):
    """Every process that the run may have is busy."""


@dataclass
class _Session:
    agent: asyncio.Task[AgentProcess]
    started: float
    last_used: float
    in_use: int = 0
    is_retired: bool = False  # new calls go to another process; this one ends when nobody uses it any more


class Sessions:
    """The sessions of one runtime."""

    def __init__(
        self,
        start: Callable[[], Awaitable[AgentProcess]],
        *,
        limit: int,
        idle_seconds: float,
        lifetime_seconds: float,
        clock: Clock,
    ) -> None:
        self.before_call: Callable[[], Awaitable[None]] | None = None  # looks whether sessions must start anew
        self._start = start
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._spare: asyncio.Task[AgentProcess] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._calls = 0
        self._last_work = time.time()

    async def __aenter__(self) -> Self:
        self._start_spare()
        self._reaper = asyncio.create_task(self._end_expired())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reaper.cancel()
        agents = [session.agent for session in self._sessions.values()]
        if self._spare is not None:
            agents.append(self._spare)
        ended = await asyncio.gather(*(_stop(agent) for agent in agents), *self._ending, return_exceptions=True)
        for problem in ended:
            if isinstance(problem, Exception):
                _log.error("a session did not end as it should", exc_info=problem)

    @property
    def quiet_since(self) -> float | None:
        """Since when no agent starts, answers or ends, as files' times tell time; `None` while one does."""
        starting = [session.agent for session in self._sessions.values()] + ([self._spare] if self._spare else [])
        if self._calls or self._ending or not all(one.done() for one in starting):
            return None
        return self._last_work + _SETTLE_SECONDS

    def _worked(self, _: object = None) -> None:
        self._last_work = time.time()

    @asynccontextmanager
    async def agent_of(self, session_id: str) -> AsyncIterator[AgentProcess]:
        """The session's agent, started if need be, kept while it is in use."""
        if self.before_call is not None:
            await self.before_call()
        session = self._sessions.get(session_id)
        if session is not None and _has_ended(session.agent):
            self._forget(session_id)
            session = None
        if session is None:
            session = self._new_session(session_id)
        session.in_use += 1
        self._calls += 1
        try:
            # shielded: a caller who goes away doesn't take the session's start with them
            agent = await asyncio.shield(session.agent)
            agent.label = session_id
            if self._spare is None and len(self._sessions) < self._limit:
                self._start_spare()  # only now: an agent that does not start would say so twice
            yield agent
        except (AgentCrashed, Refusal):
            if self._sessions.get(session_id) is session:
                self._forget(session_id)
            raise
        finally:
            session.in_use -= 1
            self._calls -= 1
            self._worked()
            session.last_used = self._clock.monotonic()
            if session.is_retired and not session.in_use:
                self._end_in_background(session.agent)

    async def stop(self, session_id: str) -> bool:
        """Ends a session and what it is doing; whether there was one."""
        if session_id not in self._sessions:
            return False
        self._end(session_id, "as it was asked to")
        return True

    def renew(self) -> None:
        """Every session starts anew with its next call; calls that are under way go on."""
        for session_id, session in list(self._sessions.items()):
            if session.in_use:
                session.is_retired = True
                del self._sessions[session_id]
            else:
                self._forget(session_id)
        if self._spare is not None:
            self._end_in_background(self._spare)
            self._start_spare()

    def _new_session(self, session_id: str) -> _Session:
        if len(self._sessions) >= self._limit:
            self._end_the_idlest()
        spare, self._spare = self._spare, None
        if spare is None or (spare.done() and _has_ended(spare)):
            spare = asyncio.ensure_future(self._started())
            spare.add_done_callback(self._worked)
        now = self._clock.monotonic()
        session = self._sessions[session_id] = _Session(spare, started=now, last_used=now)
        _log.info("session %s begins (%d of at most %d)", session_id, len(self._sessions), self._limit)
        return session

    async def _started(self) -> AgentProcess:
        try:
            return await self._start()
        except OSError as problem:
            raise AgentCrashed(f"the agent's process cannot be started: {problem}") from problem

    def _start_spare(self) -> None:
        self._spare = asyncio.ensure_future(self._started())
        self._spare.add_done_callback(_log_failure)
        self._spare.add_done_callback(self._worked)

    def _end_the_idlest(self) -> None:
        idle = [(session.last_used, name) for name, session in self._sessions.items() if not session.in_use]
        if not idle:
            raise TooManySessions(f"all {self._limit} sessions of the local run are busy")
        self._end(min(idle)[1], f"to be replaced: at most {self._limit} run at once")

    async def _end_expired(self) -> None:
        while True:
            look_seconds = min(_LOOK_SECONDS, self._clock.real(self._idle_seconds) / 4)
            await asyncio.sleep(max(_SHORTEST_LOOK_SECONDS, look_seconds))
            now = self._clock.monotonic()
            for session_id, session in list(self._sessions.items()):
                if now - session.started > self._lifetime_seconds:
                    self._end(session_id, f"after its lifetime of {self._lifetime_seconds:g} s")
                elif not session.in_use and now - session.last_used > self._idle_seconds:
                    self._end(session_id, f"after {self._idle_seconds:g} s idle")

    def _end(self, session_id: str, reason: str) -> None:
        _log.info("session %s ends %s", session_id, reason)
        self._forget(session_id)

    def _forget(self, session_id: str) -> None:
        self._end_in_background(self._sessions.pop(session_id).agent)

    def _end_in_background(self, agent: asyncio.Task[AgentProcess]) -> None:
        ending = asyncio.create_task(_stop(agent))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        ending.add_done_callback(self._worked)


def _has_ended(agent: asyncio.Task[AgentProcess]) -> bool:
    if not agent.done():
        return False
    return agent.cancelled() or agent.exception() is not None or agent.result().ended.done()


async def _stop(agent: asyncio.Task[AgentProcess]) -> None:
    agent.cancel()
    try:
        process = await agent
    except (asyncio.CancelledError, AgentCrashed, CodedError):
        return  # why it did not start has been told
    await process.stop()


def _log_failure(agent: asyncio.Task[AgentProcess]) -> None:
    problem = None if agent.cancelled() else agent.exception()
    if isinstance(problem, CodedError):
        _log.error("%s", problem)
    elif isinstance(problem, AgentCrashed):
        _log.error("%s", Refusal("SAL025", str(problem)))
    elif problem is not None:
        _log.error("the local run failed to start an agent", exc_info=problem)
