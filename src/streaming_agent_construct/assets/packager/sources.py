"""Where an agent's requirements come from: the one decision, for packaging and for the local run."""

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .checkout import NAME, checkout, checkout_digest, checkout_note
from .local_packages import local_packages
from .other_tools import check_other_tables, files_of_other_tools, listed, other_indexes, refuse_other_tools
from .own_files import own_files
from .projects import Project, read_project, texts
from .requirement_files import RequirementFiles

LOCK, PYLOCK, FILE, PROJECT = "uv.lock", "pylock.toml", "requirements.txt", "pyproject.toml"
_ORDER = f"the order is {LOCK}, {PYLOCK}, {FILE}, {PROJECT}"
_IGNORED = "streaming-agent-construct:requirements-ignored"


@dataclass(frozen=True)
class Requirements:
    """What an agent's folder requires, and where that is written."""

    folder: Path
    kind: str
    """uv.lock, pylock.toml, requirements.txt or pyproject.toml; empty if nothing is required."""
    path: Path | None
    notes: tuple[tuple[str, str], ...] = ()
    """What is not read beside it: an id and a sentence."""
    project: Project | None = None
    files: RequirementFiles | None = None
    local: dict[str, Path] = field(default_factory=dict)
    """Local packages by name, the project itself included where it is a package."""
    checkout: Path | None = None
    """Where streaming-agent is taken from, if not from an index."""

    def inputs(self) -> Iterator[Path]:
        """The files whose content decides what is installed, without those of local packages."""
        if self.path is not None:
            yield self.path
        if self.files is not None:
            yield from self.files.lines
        for project in (self.project, self.project.workspace if self.project is not None else None):
            if project is not None:
                yield project.folder / "pyproject.toml"
        for folder in (self.folder, *self.folder.parents):
            if (folder / "uv.toml").is_file():
                yield folder / "uv.toml"

    def pythons(self) -> Iterator[tuple[Path, str]]:
        """The files that say which Python the requirements are for, and what they say."""
        if self.project is not None:
            yield self.project.folder / PROJECT, self.project.requires_python
        if self.kind == PYLOCK and self.path is not None:
            found = re.search(
                r'(?m)^requires-python = "([^"]*)"', self.path.read_text(encoding="utf-8-sig", errors="replace")
            )
            yield self.path, found[1] if found is not None else ""

    def digest(self) -> str:
        """Changes when anything in the folder or beside it changes that decides what is installed."""
        digest = hashlib.sha256(self.kind.encode())
        for path in sorted(set(self.inputs())):
            digest.update(self._named(path) + hashlib.sha256(path.read_bytes()).digest())
        for name, path in sorted(self.local.items()):
            digest.update(f"\0{name}".encode() + self._named(path))
            if path.is_file():
                digest.update(hashlib.sha256(path.read_bytes()).digest())
                continue
            for file in own_files(path, ignore_files=False).files:
                digest.update(f"\0{file.path}\0".encode() + hashlib.sha256(file.source.read_bytes()).digest())
        if self.checkout is not None:
            digest.update(checkout_digest(self.checkout).encode())
        # Wheels in folders that `find-links` names change without any file above changing.
        for folder in self._folders_of_wheels():
            for path in sorted(folder.glob("*")):
                status = path.stat()
                digest.update(self._named(path) + f"{status.st_size}\0{status.st_mtime_ns}".encode())
        return digest.hexdigest()

    def _named(self, path: Path) -> bytes:
        """The path as seen from the folder: the same in every checkout."""
        return b"\0" + os.fsencode(os.path.relpath(path, self.folder)) + b"\0"

    def _folders_of_wheels(self) -> list[Path]:
        lines = [line for found in (self.files.lines.values() if self.files is not None else ()) for line in found]
        written = [found[1] for text in lines if (found := re.match(r"(?:-f|--find-links)[\s=]+(\S+)", text))]
        folders = [self.folder, *(path.parent for path in (self.files.lines if self.files is not None else ()))]
        for project in (self.project, self.project.workspace if self.project is not None else None):
            if project is not None:
                written += texts(project.uv.get("find-links"))
                folders.append(project.folder)
        return sorted({folder / one for folder in folders for one in written if os.path.isdir(folder / one)})


def find_requirements(folder: Path) -> Requirements:
    """Which file names what the agent requires.

    A `uv.lock` decides, also a workspace's above the folder; else `pylock.toml`, `requirements.txt`, and
    `pyproject.toml` with a `[project]` table, in this order. A file that only other tools read is never passed over.

    :param folder: The agent's folder.
    :raises PackagingError: only a file of another tool names requirements, or a file cannot be read.
    """
    folder = folder.resolve()
    project = read_project(folder)
    own = project if project is not None and (project.has_project or "workspace" in project.uv) else None
    root = own.workspace if own is not None else None
    lock = (root.folder if root is not None else folder) / LOCK
    files = RequirementFiles.read(folder / FILE, folder) if (folder / FILE).is_file() else None
    files = files if files is not None and files.requires_something else None
    candidates = [
        (LOCK, lock, own is not None and lock.is_file()),
        (PYLOCK, folder / PYLOCK, (folder / PYLOCK).is_file()),
        (FILE, folder / FILE, files is not None),
        (PROJECT, folder / PROJECT, own is not None and _requires_something(own)),
    ]
    there = [(kind, path) for kind, path, applies in candidates if applies]
    if files is not None and any(one.path == folder for one in files.local()):
        there = [(kind, path) for kind, path in there if kind != PROJECT]  # the line '.' reads it
    if all(kind == PROJECT for kind, _ in there):
        check_other_tables(project, folder)
    others = files_of_other_tools(folder)
    if not there:
        refuse_other_tools(folder, others)
        return Requirements(folder, "", None, project=own)
    kind, path = there[0]
    ignored = [one for one, _ in there[1:] if not (kind == FILE and one == PROJECT and _reads_file(own))]
    notes = tuple(_notes(folder, kind, path, ignored, others))
    if kind == FILE:
        assert files is not None  # noqa: S101
        lines = [line for found in files.lines.values() for line in found]
        return _with_checkout(Requirements(folder, kind, path, notes, own, files, _local_of(files)), lines)
    if kind == PYLOCK:
        return Requirements(folder, kind, path, notes, own)
    assert own is not None  # noqa: S101
    notes += tuple((_IGNORED, sentence) for sentence in other_indexes(own)) if kind == PROJECT else ()
    required = Requirements(folder, kind, path, notes, own, None, _local_of_project(own))
    return required if kind == LOCK else _with_checkout(required, [*own.dependencies, *own.grouped_dependencies()])


def _with_checkout(requirements: Requirements, lines: list[str]) -> Requirements:
    found = checkout(lines)
    if found is None or NAME in requirements.local:
        return requirements
    notes = (*requirements.notes, checkout_note(found))
    return replace(requirements, notes=notes, checkout=found)


def _requires_something(project: Project) -> bool:
    return bool(
        project.dependencies or project.grouped_dependencies() or project.is_package or project.has_dynamic_dependencies
    )


def _local_of_project(project: Project) -> dict[str, Path]:
    own = {project.name: project.folder} if project.is_package and project.has_project else {}
    return {**local_packages(project), **own}


def _local_of(files: RequirementFiles) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for requirement in files.local():
        project = read_project(requirement.path) if requirement.path.is_dir() else None
        if project is not None:
            found = {**local_packages(project, project.dependencies), **found}
        found[project.name if project is not None and project.name else str(requirement.path)] = requirement.path
    return found


def inline_requirements(script: Path) -> list[str]:
    """What a script's own metadata requires (PEP 723), which only `uv run` and its like read."""
    try:
        text = script.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    found = re.search(r"(?m)^# /// script\s*$\n((?:^#(?: .*)?$\n?)+?)^# ///\s*$", text)
    if found is None:
        return []
    lines = [line.removeprefix("#").removeprefix(" ") for line in found[1].splitlines()]
    try:
        required = tomllib.loads("\n".join(lines)).get("dependencies")
    except (ValueError, RecursionError):
        return []
    return [one for one in required if isinstance(one, str)] if isinstance(required, list) else []


def _notes(folder: Path, kind: str, path: Path, ignored: list[str], others: list[str]) -> Iterator[tuple[str, str]]:
    # pyproject.toml is read with its lock
    told = [one for one in ignored if not (kind == LOCK and one == PROJECT)]
    # A requirements.txt that was made from the other file says the same.
    generated = _is_generated(folder / FILE)
    told = [one for one in told if not generated or {kind, one} not in ({LOCK, FILE}, {FILE, PROJECT})]
    tools = [name for name in others if name.endswith((".lock", ".yml", ".yaml")) or name in ("Pipfile", "pixi.toml")]
    tools = [name for name in tools if name != "poetry.lock" or kind == PROJECT]
    if told or tools:
        yield (
            _IGNORED,
            f"the requirements are read from '{path}', and {listed([*told, *tools])} in '{folder}' "
            f"{'is' if len(told) + len(tools) == 1 else 'are'} not read: keep them in one file ({_ORDER})",
        )


def _reads_file(project: Project | None) -> bool:
    """Whether the project's build reads requirements.txt for its dependencies: then both name the same."""
    return project is not None and project.has_dynamic_dependencies and FILE in str(project.document)


def _is_generated(path: Path) -> bool:
    if not path.is_file():
        return False
    return "autogenerated by" in path.read_bytes()[:2000].decode("utf-8", errors="replace")
