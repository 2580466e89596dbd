"""The agents behind a stack's runtimes: processes of their code, or one that runs already."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from ..template import Refusal
from .agent_code import agent_program, find_agent
from .agentcore import AgentProcess, AgentProgram, ExternalAgent, Runtime, Sessions, watch
from .clock import Clock
from .deployment import Deployment
from .http_client import HttpClient
from .options import LocalOptions


class Agents:
    """Finds each runtime's program first, so that nothing is started when one is missing."""

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
        if self._options.reload and self._options.agent is None:
            raise Refusal("SAL027", "reload must know the agent's source, got the assembly's copy: add --agent PATH")
        async with AsyncExitStack() as held:
            if self._options.agent_url is not None:
                external = ExternalAgent(self._options.agent_url.rstrip("/"))
                self._sessions = {runtime.id: external for runtime in self._runtimes}
            else:
                programs = await asyncio.to_thread(self._programs)
                alive, ours = os.pipe()  # agents hold the one end, and end when nobody holds the other
                held.callback(os.close, alive)
                held.callback(os.close, ours)
                for runtime in self._runtimes:
                    sessions = self._sessions_of(runtime, programs[runtime.id], alive)
                    self._sessions[runtime.id] = await held.enter_async_context(sessions)
                    if self._options.reload:
                        self._reload(sessions, programs[runtime.id].script.parent, held)
            self._held = held.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.aclose()

    def of(self, runtime: Runtime) -> Sessions | ExternalAgent:
        """Who answers for this runtime."""
        return self._sessions[runtime.id]

    def _programs(self) -> dict[str, AgentProgram]:
        programs = {}
        for runtime in self._runtimes:
            code = find_agent(runtime.artifact, self._options.agent, self._work / runtime.id)
            environment = {**self._environment, **runtime.environment, **self._options.environment}
            programs[runtime.id] = agent_program(code, environment, self._options.cache)
        return programs

    def _sessions_of(self, runtime: Runtime, program: AgentProgram, alive: int) -> Sessions:
        return Sessions(
            lambda: AgentProcess.start(program, self._http_client, alive),
            limit=self._options.max_sessions,
            idle_seconds=runtime.idle_seconds,
            lifetime_seconds=runtime.lifetime_seconds,
            clock=self._clock,
        )

    @staticmethod
    def _reload(sessions: Sessions, folder: Path, held: AsyncExitStack) -> None:
        held.callback(asyncio.create_task(watch(folder, sessions.renew)).cancel)
