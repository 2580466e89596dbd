"""The list of a package's files, from which its hash is made: paths, content and whether a file can be run."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One file of a package."""

    path: str
    executable: bool
    sha256: str
    size: int


def entry(path: str, source: Path, executable: bool) -> Entry:
    """The entry of a file."""
    with source.open("rb") as file:
        return Entry(path, executable, hashlib.file_digest(file, "sha256").hexdigest(), source.stat().st_size)


def entries_below(folder: Path) -> list[Entry]:
    """The files of a folder, in the order of their paths."""
    found = []
    for source in folder.rglob("*"):
        if source.is_file() and not source.is_symlink():
            path = source.relative_to(folder).as_posix()
            found.append(entry(path, source, bool(source.stat().st_mode & 0o100)))
    return sorted(found, key=lambda one: one.path)


def digest(entries: Iterable[Entry]) -> str:
    """The same for the same files, wherever and by whomever they were packaged."""
    total = hashlib.sha256()
    for one in sorted(entries, key=lambda one: one.path.encode()):
        total.update(f"{one.path}\0{'x' if one.executable else '-'}\0{one.sha256}\n".encode())
    return total.hexdigest()
