"""Serves an agent with uvicorn, on the interfaces that its callers reach."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import AgentMistake
from .lending_loop import new_server_loop
from .options import expect

_GRACE_SECONDS = 30
_STARTUP_FAILURE = 3
"""uvicorn's own exit code for a server that could not begin."""


def serve(app: Any, port: int, host: str | None) -> None:
    """Until the process is told to stop."""
    expect(str(port).isdecimal() and int(port) < 65_536, "port", port, "8080")
    _check_no_loop_runs()
    import uvicorn  # noqa: PLC0415  importing it takes longer than the rest of this package

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host or ("0.0.0.0" if _is_contained() else "127.0.0.1"),  # noqa: S104  AgentCore calls from outside
            port=port,
            loop="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=new_server_loop) as runner:
        runner.run(server.serve())
    if not server.started:
        sys.exit(_STARTUP_FAILURE)


def _check_no_loop_runs() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise AgentMistake(
        "SAA014", "run starts an event loop of its own, and one runs here already: call app.run() outside async def"
    )


def _is_contained() -> bool:
    """Whether other machines must reach this process: AgentCore runs it as PID 1, or in a container."""
    marks = ("/.dockerenv", "/run/.containerenv")
    return os.getpid() == 1 or "DOCKER_CONTAINER" in os.environ or any(Path(mark).exists() for mark in marks)
