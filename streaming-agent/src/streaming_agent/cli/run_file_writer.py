"""`.streaming-agent/local.json`: where a local run says how to reach it, so that other commands find it."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..client.run_file import RUN_FILE
from ..errors import Refusal


@contextmanager
def announced(endpoints: Mapping[str, Any]) -> Iterator[None]:
    """Writes the file for its owner only (a password is in it), and removes it again.

    Each run has a file of its own beside it, so that several runs in one folder stay reachable: `local.json` is the
    newest one's, and becomes an older one's again when the newest ends.

    Raises:
        Refusal: SAL031 when the folder or the file is a link, SAL030 when it cannot be written.
    """
    folder = RUN_FILE.parent
    own = folder / f"local-{os.getpid()}.json"
    content = json.dumps({**endpoints, "pid": os.getpid()})
    try:
        _make(folder)
        for path in (own, RUN_FILE):
            _write(path, content)
    except OSError as problem:
        own.unlink(missing_ok=True)
        raise Refusal("SAL030", f"{RUN_FILE} cannot be written: {problem.strerror or problem}") from problem
    try:
        yield
    finally:
        own.unlink(missing_ok=True)
        with suppress(OSError):
            if _text(RUN_FILE) == content:
                _hand_over(folder)


def _make(folder: Path) -> None:
    """The folder, for its owner only, which version control does not see."""
    if folder.is_symlink() or RUN_FILE.is_symlink():
        raise Refusal(
            "SAL031",
            f"{folder} is a link, or has one for {RUN_FILE.name}, and a password would go where it leads: remove it",
        )
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if not os.path.lexists(ignore):
        _write(ignore, "*\n")
    for path in folder.glob("local-*.json"):
        if not _runs(path):
            path.unlink(missing_ok=True)  # of a run that was killed


def _write(path: Path, content: str) -> None:
    """At once or not at all: nobody reads half a file, and none is left when the disk is full."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _hand_over(folder: Path) -> None:
    others = [path for path in folder.glob("local-*.json") if _runs(path)]
    if others:
        _write(RUN_FILE, _text(max(others, key=lambda path: path.stat().st_mtime)))
    else:
        RUN_FILE.unlink(missing_ok=True)


def _runs(path: Path) -> bool:
    try:
        os.kill(int(path.stem.rpartition("-")[2]), 0)
    except PermissionError:
        return True
    except (ValueError, OSError, OverflowError):
        return False
    return True


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
