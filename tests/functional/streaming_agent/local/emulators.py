"""Runs an app in a thread of its own, so that tests are ordinary blocking clients."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streaming_agent.local.emulator import Endpoints, running
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.template import TemplateSet


@contextmanager
def emulator_of(assembly: Path, **options: Any) -> Iterator[Endpoints]:
    """The app of an assembly, or of a template's file, on free ports; agents run with this Python."""
    begun, ready, failures = threading.Event(), [], []  # type: ignore[var-annotated]
    stop: list[Any] = []

    async def serve() -> None:
        stopped = asyncio.Event()
        chosen = LocalOptions(**{"port": 0, "current_environment": True, "reload": False, **options})
        async with running(TemplateSet.read(assembly), chosen) as running_at:
            stop.append((asyncio.get_running_loop(), stopped))
            ready.append(running_at)
            begun.set()
            await stopped.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as failure:
            failures.append(failure)
        finally:
            begun.set()

    thread = threading.Thread(target=run, name="emulator")
    thread.start()
    begun.wait()
    try:
        if ready:
            yield ready[0]
    finally:
        for loop, stopped in stop:
            loop.call_soon_threadsafe(stopped.set)
        thread.join()
    if failures:
        raise failures[0]
