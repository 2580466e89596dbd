"""Watches an agent's folder, so that a change of its code starts new agents."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger("streaming_agent.runtime")
_LOOK_SECONDS = 0.5
_IGNORED = {"__pycache__", ".git", ".venv", "venv", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


async def watch(folder: Path, on_change: Callable[[], None]) -> None:
    """Calls `on_change` after each change of the folder's files, for as long as it runs."""
    seen = await asyncio.to_thread(_state, folder)
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = await asyncio.to_thread(_state, folder)
        changed = sorted(str(path.relative_to(folder)) for path, _ in now ^ seen)
        if changed:
            _log.info("%s changed: sessions start anew", changed[0])
            seen = now
            on_change()


def _state(folder: Path) -> set[tuple[Path, int]]:
    state = set()
    for directory, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in _IGNORED]
        for path in (Path(directory, file) for file in files):
            with suppress(FileNotFoundError):
                state.add((path, path.stat().st_mtime_ns))
    return state
