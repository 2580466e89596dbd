"""One warm process for a function, as one execution environment on Lambda: a call at a time."""

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...template import Refusal
from ..unpacking import unpack
from .function_reader import Function

_log = logging.getLogger("streaming_agent.function")
_HERE = Path(__file__).parent
_LONGEST_ANSWER = 8 * 1024 * 1024


class FunctionFailed(Exception):
    """The handler threw, or the function did not answer; the message is the handler's own."""


class FunctionProcess:
    """Calls a function; starts its process with the first call, and anew when it has died."""

    def __init__(self, function: Function, work: Path, environment: Mapping[str, str]) -> None:
        self._function = function
        self._command = _command(function)
        self._folder = _folder(function, work)
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._logs: set[asyncio.Task[None]] = set()

    async def call(self, event: Mapping[str, Any]) -> Any:
        """The handler's result; raises `FunctionFailed`."""
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(self._function.timeout_seconds + _START_SECONDS):
                    answer = await self._answer(event)
            except TimeoutError:
                await self._end()
                raise FunctionFailed(f"Task timed out after {self._function.timeout_seconds} seconds") from None
            except (OSError, ValueError) as problem:
                await self._end()
                raise FunctionFailed(f"the function's process ended: {problem}") from problem
        if "error" in answer:
            raise FunctionFailed(answer["error"])
        return answer.get("result")

    async def aclose(self) -> None:
        """Ends the process."""
        await self._end()

    async def _answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            self._process = await self._started()
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(json.dumps(self._asked(event)).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise ConnectionError("it closed its output")
        return dict(json.loads(line))

    def _asked(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """A call, as the hosts read it: the event, and what of Lambda's context is the call's own."""
        return {
            "event": event,
            "request_id": str(uuid.uuid4()),
            "remaining_ms": self._function.timeout_seconds * 1000,
            "arn": self._function.arn,
        }

    async def _started(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._folder,
            env={
                **_inherited(),
                **_own_variables(self._function),
                **self._function.environment,
                **self._environment,
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=_LONGEST_ANSWER,
        )
        log = asyncio.create_task(self._show_log(process))
        self._logs.add(log)
        log.add_done_callback(self._logs.discard)
        return process

    async def _show_log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None  # noqa: S101
        async for line in process.stderr:
            _log.info("[%s] %s", self._function.logical_id, line.decode(errors="replace").rstrip())

    async def _end(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
            self._process = None


_START_SECONDS = 10.0  # a cold start on a busy machine; Lambda doesn't count its own either


def _command(function: Function) -> list[str | Path]:
    if function.language.startswith("python"):
        return [sys.executable, _HERE / "host.py", function.handler]
    if function.language.startswith("nodejs"):
        node = shutil.which("node")
        if node is not None:
            return [node, _HERE / "host.mjs", function.handler]
    raise Refusal(
        "SAL015",
        f"{function.logical_id}.Runtime: expected Python, or Node with node on the PATH, got {function.language}",
    )


def _folder(function: Function, work: Path) -> Path:
    if isinstance(function.code, Path) and function.code.is_dir():
        return function.code
    folder = work / function.logical_id
    if isinstance(function.code, Path):
        unpack(function.code, folder)
        return folder
    if function.code is None:
        raise Refusal(
            "SAL014", f"the code of {function.logical_id} is not on this machine, so the local run cannot start it"
        )
    folder.mkdir(parents=True)
    # an inline function's module is always `index` (AWS::Lambda::Function Code.ZipFile)
    name = "index.py" if function.language.startswith("python") else "index.js"
    (folder / name).write_text(function.code, encoding="utf-8")
    return folder


def _own_variables(function: Function) -> dict[str, str]:
    """What Lambda itself sets (LAMBDA `configuration-envvars`)."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
    }


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "TMPDIR") if name in os.environ}
