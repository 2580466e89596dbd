"""Remedy: one trap, the text that saves a user from it, and the tests that notice when it is gone."""

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, kw_only=True)
class Remedy:
    """One trap and what is done about it."""

    trap: str
    """What happens to who does not know, in one sentence."""
    page: str
    """Where that is written."""
    file: str
    """The file that holds the remedy, from the root of the repository."""
    remedy: str
    """Its exact text, which stands there once."""
    removed: str
    """What stands there without it."""
    tests: tuple[str, ...]
    """The node ids of the tests that must fail then."""
    says: str = ""
    """A word of the failure, where no assertion fails: another check stops, later and in words of its own."""


class StaleError(Exception):
    """An entry whose text or test is no longer there."""


def line_of(entry: Remedy, root: Path) -> int:
    """The line on which the remedy begins."""
    return _text(entry, root).partition(entry.remedy)[0].count("\n") + 1


def without(entry: Remedy, root: Path) -> str:
    """The file's text without the remedy."""
    return _text(entry, root).replace(entry.remedy, entry.removed)


def _text(entry: Remedy, root: Path) -> str:
    path = root / entry.file
    if not path.is_file():
        raise StaleError(f"'{entry.trap}': there is no file {entry.file}")
    text = path.read_text(encoding="utf-8")
    found = text.count(entry.remedy)
    if found != 1:
        raise StaleError(f"'{entry.trap}': its remedy must stand once in {entry.file}, got {found} times")
    return text
