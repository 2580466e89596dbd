"""Follows the changes of an agent's sources, so that a change starts new agents."""

import logging
from collections.abc import Callable
from pathlib import Path

from watchfiles import DefaultFilter, awatch

from ...printable import printable

_log = logging.getLogger("streaming_agent.runtime")
_SETTLE_MILLISECONDS = 100  # an editor's save is often several changes
_IGNORED_FOLDERS = {"venv", ".streaming-agent", "cdk.out"}


class _Sources(DefaultFilter):
    """Everything but caches, environments and version control, which watchfiles' own filter knows."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, *_IGNORED_FOLDERS)


async def follow_changes(folder: Path, on_change: Callable[[], None]) -> None:
    """Calls `on_change` after each change of the folder's files, for as long as it runs."""
    async for changes in awatch(folder, watch_filter=_Sources(), step=_SETTLE_MILLISECONDS, debounce=500):
        first = min(_relative(path, folder) for _, path in changes)
        _log.info("%s changed: the next call gets it", printable(first))
        on_change()


def _relative(path: str, folder: Path) -> str:
    try:
        return str(Path(path).relative_to(folder.resolve()))
    except ValueError:
        return path
