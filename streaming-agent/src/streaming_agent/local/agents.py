"""The agents behind a stack's runtimes: processes of their code, or one that runs already."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from .agent_code import Agent, agent_origin, find_agent
from .agentcore import AgentProcess, ExternalAgent, Runtime, Sessions, SourceChanges
from .clock import Clock
from .deployment import Deployment
from .environments import requirements_digest
from .http_client import HttpClient
from .local_options import LocalOptions


class Agents:
    """Finds each runtime's agent first, so that nothing is started when one is missing."""

    def __init__(
        self,
        deployment: Deployment,
        options: LocalOptions,
        work: Path,
        http_client: HttpClient,
        clock: Clock,
        environment: Mapping[str, str],
    ) -> None:
        """:param environment: What each agent gets where neither the template nor the user says otherwise."""
        self._environment = environment
        self._options = options
        self._http_client = http_client
        self._clock = clock
        self._runtimes = deployment.runtimes
        self._work = work
        self._sessions: dict[str, Sessions | ExternalAgent] = {}
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as held:
            if self._options.agent_url is not None:
                external = ExternalAgent(agent_origin(self._options.agent_url))
                self._sessions = {runtime.id: external for runtime in self._runtimes}
            else:
                alive, ours = os.pipe()  # agents hold the one end, and end when nobody holds the other
                held.callback(os.close, alive)
                held.callback(os.close, ours)
                programs = await self._programs()
                for runtime in self._runtimes:
                    agent = programs[runtime.id]
                    sessions = self._sessions_of(runtime, agent, alive)
                    self._sessions[runtime.id] = await held.enter_async_context(sessions)
                    if self._options.reload and agent.edited_in is not None:
                        self._reload(sessions, agent, held)
            self._held = held.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.aclose()

    def of(self, runtime: Runtime) -> Sessions | ExternalAgent:
        """Who answers for this runtime."""
        return self._sessions[runtime.id]

    async def _programs(self) -> dict[str, Agent]:
        """Each runtime's agent; the environments are made side by side."""
        given = {
            runtime.id: {**self._environment, **runtime.environment, **self._options.environment}
            for runtime in self._runtimes
        }
        found = await asyncio.gather(
            *(
                asyncio.to_thread(
                    find_agent, runtime, self._options, self._work / runtime.id, environment=given[runtime.id]
                )
                for runtime in self._runtimes
            )
        )
        return dict(zip(given, found, strict=True))

    def _sessions_of(self, runtime: Runtime, agent: Agent, alive: int) -> Sessions:
        name = runtime.logical_id if len(self._runtimes) > 1 else ""

        async def started() -> AgentProcess:
            program = await asyncio.to_thread(agent.program)  # anew where its requirements have changed
            return await AgentProcess.start(program, self._http_client, alive, name)

        return Sessions(
            started,
            limit=self._options.max_sessions,
            idle_seconds=runtime.idle_seconds,
            lifetime_seconds=runtime.lifetime_seconds,
            clock=self._clock,
        )

    @staticmethod
    def _reload(sessions: Sessions, agent: Agent, held: AsyncExitStack) -> None:
        assert agent.edited_in is not None  # noqa: S101
        changes = SourceChanges(
            agent.edited_in,
            sessions.renew,
            lambda: requirements_digest(agent.required_by),
            lambda: sessions.quiet_since,
        )
        sessions.before_call = changes.look
        held.callback(asyncio.create_task(changes.follow()).cancel)
