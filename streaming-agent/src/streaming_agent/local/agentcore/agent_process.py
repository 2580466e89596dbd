"""One agent process: started by its launcher, ready when it answers /ping, ended with everything that it started."""

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..http_client import HttpClient
from ..messages import Request

_log = logging.getLogger("streaming_agent.agent")
_LAUNCHER = Path(__file__).with_name("launcher.py")
_T = TypeVar("_T")
_LONGEST_LINE = 64 * 1024
_READY_SECONDS = 120.0
_AWS_READY_SECONDS = 30.0  # AgentCore gives an agent this long to initialise
_STOP_SECONDS = 2.0
_SETTLE_SECONDS = 0.5


class AgentCrashed(Exception):
    """The agent's process did not come up."""


@dataclass(frozen=True, kw_only=True)
class AgentProgram:
    """How to start an agent: which Python, which script, which environment."""

    interpreter: Path
    script: Path
    environment: Mapping[str, str]


class AgentProcess:
    """A running agent. `label` goes before each line of its output."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.label = "spare"
        self.origin = ""
        self._output = asyncio.create_task(self._show_output())
        self.ended = asyncio.create_task(process.wait())

    @classmethod
    async def start(cls, program: AgentProgram, http_client: HttpClient, alive: int) -> "AgentProcess":
        """Starts the agent and waits until it answers; `alive` is a pipe that ends when this process does."""
        status_read, status_write = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                program.interpreter,
                _LAUNCHER,
                str(status_write),
                str(alive),
                program.script,
                cwd=program.script.parent,
                env=dict(program.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(status_write, alive),
                start_new_session=True,
            )
        except BaseException:
            os.close(status_read)
            raise
        finally:
            os.close(status_write)
        agent = cls(process)
        try:
            await agent._wait_until_ready(status_read, http_client)
        except BaseException:
            await agent.stop()
            raise
        return agent

    @property
    def pid(self) -> int:
        """The process's id, which is its group's too."""
        return self._process.pid

    async def settled(self) -> None:
        """Waits a moment to see whether a broken connection was the process ending, so that nobody is sent to it."""
        await asyncio.wait({self.ended}, timeout=_SETTLE_SECONDS)

    async def stop(self) -> None:
        """Ends the process and all that it started."""
        self._signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.ended), _STOP_SECONDS)
        self._signal(signal.SIGKILL)
        await self.ended
        # a grandchild that left the group may hold the output open
        with suppress(TimeoutError):
            await asyncio.wait_for(self._output, 1)

    async def _wait_until_ready(self, status: int, http_client: HttpClient) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(_READY_SECONDS):
                self.origin = f"http://{await self._unless_ended(_line_from(status))}"
                await self._unless_ended(self._answers(http_client))
        except TimeoutError:
            missing = "answers /ping" if self.origin else "listens on port 8080"
            raise AgentCrashed(
                f"the agent must be ready in {_READY_SECONDS:g} s, but nothing {missing} by then"
            ) from None
        took = loop.time() - began
        if took > _AWS_READY_SECONDS:
            _log.warning("the agent took %.0f s to start: AgentCore gives up after %g s", took, _AWS_READY_SECONDS)

    async def _unless_ended(self, waiting: Coroutine[Any, Any, _T]) -> _T:
        task = asyncio.create_task(waiting)
        try:
            await asyncio.wait({task, self.ended}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            task.cancel()
        raise AgentCrashed(f"the agent must listen on port 8080, but ended with exit code {self.ended.result()} before")

    async def _answers(self, http_client: HttpClient) -> None:
        while True:
            with suppress(OSError):
                reply = await http_client.ask(self.origin, Request(method="GET", path="/ping"))
                if not isinstance(reply.body, bytes):
                    await reply.body.aclose()
                return
            await asyncio.sleep(0.02)

    async def _show_output(self) -> None:
        assert self._process.stdout is not None  # noqa: S101
        rest = b""
        while chunk := await self._process.stdout.read(_LONGEST_LINE):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                lines.append(rest)
                rest = b""
            for line in lines:
                _log.info("[%s] %s", self.label, line.decode(errors="replace").rstrip())
        if rest:
            _log.info("[%s] %s", self.label, rest.decode(errors="replace"))

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


async def _line_from(descriptor: int) -> str:
    """The first line that comes through a pipe; waits for ever when the other end closes it without one."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        line = await reader.readline()
        if not line:
            await loop.create_future()
        return line.decode().strip()
    finally:
        transport.close()
