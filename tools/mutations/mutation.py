"""Mutation: one gotcha, the text that saves a user from it, and the tests that notice when it is gone."""

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mutation:
    """One gotcha and what is done about it."""

    gotcha: str
    """What happens to who does not know, in one sentence."""
    page: str
    """Where that is written."""
    file: str
    """The file that holds the safeguard, from the root of the repository."""
    code: str
    """Its exact text, which stands there once."""
    mutated: str
    """What stands there without it."""
    tests: tuple[str, ...]
    """The node ids of the tests that must fail then."""
    says: str = ""
    """A word of the failure, where no assertion fails: another check stops, later and in words of its own."""


class StaleError(Exception):
    """An entry whose text or test is no longer there."""


def line_of(entry: Mutation, root: Path) -> int:
    """The line on which the safeguard begins."""
    return _text(entry, root).partition(entry.code)[0].count("\n") + 1


def without(entry: Mutation, root: Path) -> str:
    """The file's text without the safeguard."""
    return _text(entry, root).replace(entry.code, entry.mutated)


def _text(entry: Mutation, root: Path) -> str:
    path = root / entry.file
    if not path.is_file():
        raise StaleError(f"'{entry.gotcha}': there is no file {entry.file}")
    text = path.read_text(encoding="utf-8")
    found = text.count(entry.code)
    if found != 1:
        raise StaleError(f"'{entry.gotcha}': its safeguard must stand once in {entry.file}, got {found} times")
    return text
