"""One agent process: started by its launcher, ready when it answers /ping, ended with everything that it started."""

import asyncio
import logging
import os
import secrets
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..http_client import HttpClient
from ..messages import Headers, Request
from .launcher import KEY_HEADER as _KEY_HEADER
from .launcher import descendants, end_descendants
from .log_lines import log_lines

_log = logging.getLogger("streaming_agent.agent")
_LAUNCHER = Path(__file__).with_name("launcher.py")
KEY_HEADER = _KEY_HEADER.decode()
_T = TypeVar("_T")
_LONGEST_LINE = 64 * 1024
_TOLD_SECONDS = 5.0
_STOP_SECONDS = 2.0
_SETTLE_SECONDS = 0.5
_SERVER_HINT = (
    "end the script with `app.run()`, where app is streaming_agent's StreamingAgent or bedrock_agentcore's"
    " BedrockAgentCoreApp around your function"
)


class AgentCrashed(Exception):
    """The agent's process did not come up; the message is for whoever called."""


@dataclass(frozen=True, kw_only=True)
class AgentProgram:
    """How to start an agent: which Python, which script, which environment."""

    interpreter: Path
    script: Path
    environment: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    port: int = 8080  # where AgentCore asks it (AC `runtime-service-contract`)
    ready_seconds: float = 30.0  # AgentCore gives an agent this long to start


class AgentProcess:
    """A running agent. Its name, where there are several agents, and `label` go before each line of its output."""

    def __init__(
        self, process: asyncio.subprocess.Process, output: int, program: AgentProgram, key: str, name: str
    ) -> None:
        self._process = process
        self._program = program
        self._name = name
        self.label = "starting"
        self.origin = ""
        # the launcher looks at the first request of a connection, and takes the key out of it
        self.headers: Headers = ((KEY_HEADER, key), ("Connection", "close"))
        self._elsewhere: int | None = None
        self._output = asyncio.create_task(self._show_output(output))
        self.ended = asyncio.create_task(process.wait())

    @classmethod
    async def start(cls, program: AgentProgram, http_client: HttpClient, alive: int, name: str = "") -> "AgentProcess":
        """Starts the agent and waits until it answers; `alive` is a pipe that ends when this process does."""
        status_read, status_write = os.pipe()
        # a pipe of our own: asyncio takes a process for running while anybody, a child that it left, holds its output
        output_read, output_write = os.pipe()
        key = secrets.token_urlsafe(24)
        try:
            process = await asyncio.create_subprocess_exec(
                program.interpreter,
                _LAUNCHER,
                str(status_write),
                str(alive),
                program.script,
                *program.arguments,
                cwd=program.script.parent,
                env=_environment(program, key),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output_write,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(status_write, alive),
                start_new_session=True,
            )
        except BaseException:
            os.close(status_read)
            os.close(output_read)
            raise
        finally:
            os.close(status_write)
            os.close(output_write)
        agent = cls(process, output_read, program, key, name)
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
        """Ends the process and all that it started, also what has left its group."""
        started = descendants(self.pid)
        self._signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.ended), _STOP_SECONDS)
        end_descendants(self.pid)
        for pid in started:
            _end_if_orphaned(pid, self.pid)
        self._signal(signal.SIGKILL)
        await self.ended
        with suppress(TimeoutError):
            await asyncio.wait_for(self._output, 1)

    async def _wait_until_ready(self, status: int, http_client: HttpClient) -> None:
        seconds = self._program.ready_seconds
        hint = asyncio.get_running_loop().call_later(_TOLD_SECONDS, self._tell_what_is_missing)
        try:
            async with asyncio.timeout(seconds):
                self.origin = f"http://{await self._unless_ended(self._address(status))}"
                await self._unless_ended(self._answers(http_client))
        except TimeoutError:
            raise AgentCrashed(
                f"the agent was not ready within {seconds:g} s, which is all that AgentCore gives it: {self._missing()}"
            ) from None
        finally:
            hint.cancel()

    def _tell_what_is_missing(self) -> None:
        _log.warning("the agent has not started yet: %s", self._missing())

    def _missing(self) -> str:
        port, name = self._program.port, self._program.script.name
        if self.origin:
            return f"{name} listens, and does not answer GET /ping; answer it with 200"
        if self._elsewhere is not None:
            return f"{name} listens on port {self._elsewhere}, and AgentCore asks port {port}; write {port} there"
        return f"{name} does not listen on port {port}; {_SERVER_HINT}"

    async def _unless_ended(self, waiting: Coroutine[Any, Any, _T]) -> _T:
        task = asyncio.create_task(waiting)
        try:
            await asyncio.wait({task, self.ended}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            task.cancel()
        code, name = self.ended.result(), self._program.script.name
        await asyncio.wait({self._output}, timeout=_SETTLE_SECONDS)  # its own words come first
        if code == 0:
            raise AgentCrashed(f"{name} ended without starting a server: {_SERVER_HINT}")
        raise AgentCrashed(f"{name} ended with exit code {code} before it listened on port {self._program.port}")

    async def _address(self, status: int) -> str:
        """Where the agent listens, from what its launcher says."""
        async for line in _lines_from(status):
            kind, _, value = line.partition(" ")
            if kind == "at":
                return value
            self._elsewhere = int(value)
        nothing: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await nothing  # until the agent ends, or its time is over

    async def _answers(self, http_client: HttpClient) -> None:
        while True:
            with suppress(OSError):
                reply = await http_client.ask(self.origin, Request(method="GET", path="/ping", headers=self.headers))
                if not isinstance(reply.body, bytes):
                    await reply.body.aclose()
                return
            await asyncio.sleep(0.02)

    async def _show_output(self, descriptor: int) -> None:
        rest = b""
        async with _reading(descriptor) as output:
            while chunk := await output.read(_LONGEST_LINE):
                *lines, rest = (rest + chunk).split(b"\n")
                if len(rest) > _LONGEST_LINE:
                    lines.append(rest)
                    rest = b""
                for line in lines:
                    self._show(line)
        if rest:
            self._show(rest)

    def _show(self, line: bytes) -> None:
        for part in log_lines(line):
            _log.info("[%s] %s", f"{self._name} {self.label}".strip(), part)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def _environment(program: AgentProgram, key: str) -> dict[str, str]:
    return {
        **program.environment,
        "STREAMING_AGENT_LOCAL_PORT": str(program.port),
        "STREAMING_AGENT_LOCAL_KEY": key,
    }


def _end_if_orphaned(pid: int, agent: int) -> None:
    """Kills a process that was the agent's, if it still is nobody else's: its id may have been given anew."""
    with suppress(OSError, ValueError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        parent = int(stat.rpartition(")")[2].split()[1])
        if parent in (1, agent, os.getpid()):
            os.kill(pid, signal.SIGKILL)


async def _lines_from(descriptor: int) -> AsyncIterator[str]:
    """The lines that come through a pipe, until the other end closes it."""
    async with _reading(descriptor) as reader:
        while line := await reader.readline():
            yield line.decode().strip()


@asynccontextmanager
async def _reading(descriptor: int) -> AsyncIterator[asyncio.StreamReader]:
    """Reads one end of a pipe, and closes it."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        yield reader
    finally:
        transport.close()
