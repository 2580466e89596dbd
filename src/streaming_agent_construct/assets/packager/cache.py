"""Where built packages are kept between synths: by content, safe for several at once."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_DAY_SECONDS = 24 * 3600
_KEPT = 20


def cache_folder() -> Path:
    """STREAMING_AGENT_CACHE_DIR, or the user's cache; a temporary folder where neither can be written."""
    given = os.environ.get("STREAMING_AGENT_CACHE_DIR")
    for folder in [Path(given)] if given else [_users_cache()]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", encoding="utf-8")
        except (OSError, RuntimeError):
            continue
        return folder
    return Path(tempfile.mkdtemp(prefix="streaming-agent-"))


def _users_cache() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "streaming-agent"


def kept(folder: Path, make: Callable[[Path], None], *, older_than: float | None = None) -> Path:
    """Makes a folder once, and finds it again.

    It is made beside its place and then renamed, so that whoever sees it sees all of it, and never changed: of two that
    make it at once, the first wins and the second's is thrown away; one that has become too old gets a new one beside
    it, as somebody may be reading it.

    :param folder: The place, whose name tells its content.
    :param make: Fills an empty folder.
    :param older_than: The age in seconds from which it is made anew. Default: never
    :return: Where it is: the place itself, or with an age one of its generations.
    """
    found = folder if older_than is None else _newest(folder)
    if found is not None and found.is_dir() and (older_than is None or _age(found) < older_than):
        if older_than is None:
            os.utime(found)  # used: pruned last
        return found
    place = folder if older_than is None else folder.with_name(f"{folder.name}.{time.time_ns()}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        make(made)
        made.chmod(0o755)
        os.utime(made)
        os.rename(made, place)
    except OSError:
        if not place.is_dir():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        _prune(folder.parent)
    return place


def _newest(folder: Path) -> Path | None:
    generations = folder.parent.glob(f"{folder.name}.*") if folder.parent.is_dir() else []
    return max(generations, key=lambda path: path.name, default=None)


def _age(folder: Path) -> float:
    return time.time() - folder.stat().st_mtime


def _prune(folder: Path) -> None:
    """Only the newest stay, and what was used during the last day: another synth may be reading it."""
    try:
        found = [(path.stat().st_mtime, path) for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return
    for changed, path in sorted(found, reverse=True)[_KEPT:]:
        if time.time() - changed > _DAY_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
