"""Follows the changes of an agent's sources, so that the next call gets them."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from ...printable import printable

_log = logging.getLogger("streaming_agent.runtime")
_SETTLE_MILLISECONDS = 100  # an editor's save is often several changes
_IGNORED_FOLDERS = {"venv", ".streaming-agent", "cdk.out"}
_MOST_FILES = 5_000  # a folder with more is not looked through at each call

_REQUIREMENT = "a requirement"

State = dict[str, tuple[int, int] | str]


class _SourceFilter(DefaultFilter):
    """Everything but caches, environments and version control, which watchfiles' own filter knows."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, *_IGNORED_FOLDERS)


class SourceChanges:
    """Calls `on_change` for each change of a folder's files: soon after it, and at the latest before the next call.

    Args:
        folder: The agent's sources.
        on_change: What is to be done.
        requirements: A text that changes when what is installed must change: a package beside the folder, say.
        quiet_since: Since when no agent starts, answers or ends; `None` while one does. What is written before, but
            for Python files, is the agent's own: its history, its log.
    """

    def __init__(
        self,
        folder: Path,
        on_change: Callable[[], None],
        requirements: Callable[[], str],
        quiet_since: Callable[[], float | None] = lambda: 0.0,
    ) -> None:
        self._requirements = requirements
        self._quiet_since = quiet_since
        self._own: set[str] = set()
        self._folder = folder
        self._on_change = on_change
        self._filter = _SourceFilter()
        self._seen = self._state()
        self._one_at_a_time = asyncio.Lock()

    async def look(self) -> None:
        """Looks now."""
        async with self._one_at_a_time:
            if len(self._seen) > _MOST_FILES:
                return
            now = await asyncio.to_thread(self._state)
            changed = sorted({name for name, _ in set(now.items()) ^ set(self._seen.items())})
            self._seen = now
            edited = [name for name in changed if self._is_edit(name, now.get(name))]
            if edited:
                self._tell(edited[0])

    async def follow(self) -> None:
        """Looks after each change, for as long as it runs."""
        async for changes in awatch(self._folder, watch_filter=self._filter, step=_SETTLE_MILLISECONDS):
            if len(self._seen) > _MOST_FILES:
                self._tell(Path(min(path for _, path in changes)).name)
            else:
                await self.look()

    def _is_edit(self, name: str, state: tuple[int, int] | str | None) -> bool:
        if name == _REQUIREMENT or name.endswith(".py"):
            return True
        if state is None:
            return False  # removed: most often what an agent itself had made
        quiet_since = self._quiet_since()
        if quiet_since is not None and isinstance(state, tuple) and state[0] / 1e9 > quiet_since:
            return True
        if name not in self._own:
            self._own.add(name)
            _log.info(
                "%s changed while the agent was at work: it stays, as the agent's own; save it again if you edited it",
                printable(name),
            )
        return False

    def _tell(self, name: str) -> None:
        _log.info("%s changed: the next call gets it", printable(name))
        self._on_change()

    def _state(self) -> State:
        """Size and time of each file, by its name."""
        state: State = {_REQUIREMENT: self._requirements()}
        for directory, names, files in os.walk(self._folder):
            names[:] = [name for name in names if name not in self._filter.ignore_dirs]
            for file in files:
                path = os.path.join(directory, file)
                if self._filter(Change.modified, path):
                    with suppress(OSError):
                        found = os.stat(path)
                        state[os.path.relpath(path, self._folder)] = (found.st_mtime_ns, found.st_size)
            if len(state) > _MOST_FILES:
                break
        return state
