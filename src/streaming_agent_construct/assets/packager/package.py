"""Packages an agent: its own files over what it requires, for arm64 Linux, checked, and kept until it changes."""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .binaries import foreign_platform
from .cache import cache_folder, kept
from .imports import import_notes
from .installed import Installed, installed
from .limits import check_unpacked, check_zipped
from .manifest import Entry, digest, entry
from .own_files import OwnFiles, own_files, worth_telling
from .passwords import passwords_hidden
from .python_versions import allows
from .refusal import PackagingError
from .sources import PROJECT, Requirements, find_requirements, inline_requirements

_LEFT_OUT = "streaming-agent-construct:left-out"


@dataclass(frozen=True)
class Request:
    """What to package."""

    directory: str
    """The agent's folder."""
    python_version: str
    """The runtime's, such as ``3.13``."""
    entrypoint: Sequence[str]
    """The file that starts the server, perhaps after the command that runs it."""
    exclude: Sequence[str] = ()
    """Patterns of what to leave out, as in .gitignore."""
    output: str | None = None
    """The folder that this synthesis writes to."""


@dataclass
class Package:
    """A packaged agent."""

    path: str
    """The folder, which nothing may change."""
    hash: str
    """The same for the same files."""
    warnings: dict[str, str] = field(default_factory=dict)
    """Sentences about what may not work, by an id."""
    notices: dict[str, str] = field(default_factory=dict)
    """Sentences about what was left out, by an id."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Each path that was left out, and why."""


def package(request: Request) -> Package:
    """Packages the folder.

    :raises PackagingError: what the agent needs cannot be packaged, in one sentence.
    """
    folder = Path(request.directory).resolve()
    with passwords_hidden(folder):
        return _package(request, folder)


def _package(request: Request, folder: Path) -> Package:
    requirements = _requirements(folder, request)
    _check_python(requirements, request)
    own = own_files(folder, request.exclude, Path(request.output) if request.output is not None else None)
    _check_own_files(folder, own, request)
    check_unpacked(request.directory, {one.path: one.size for one in own.files})  # before each file is read
    required = installed(requirements, request.directory, request.python_version)
    entries = _merged(required.entries, own)
    _check_command(request, {one.path for one in entries}, requirements)
    check_unpacked(request.directory, {one.path: one.size for one in entries})
    name = digest(entries)
    target = cache_folder() / "packages" / name

    def assemble(made: Path) -> None:
        check_zipped(request.directory, _assembled(made, required, own), entries)

    kept(target, assemble)
    notes = [*required.notes, *requirements.notes]
    notes += import_notes(
        folder,
        own.files,
        [one.path for one in required.entries],
        request.entrypoint[-1],
        request.python_version,
        requirements.kind or (PROJECT if requirements.project is not None else ""),
        required.project,
    )
    return Package(
        str(target),
        name,
        _numbered(notes),
        _notices(own),
        {path: why.text for path, why in sorted(own.left_out.items())},
    )


def _requirements(folder: Path, request: Request) -> Requirements:
    requirements = find_requirements(folder)
    inline = inline_requirements(folder / request.entrypoint[-1]) if not requirements.kind else []
    if inline:
        script = request.entrypoint[-1]
        raise PackagingError(
            "SAC180",
            f"the requirements of '{folder}' stand in the script's own metadata in {script}, which only 'uv run' "
            f"reads: run 'uv export --script {script} --no-hashes -o requirements.txt' in it",
        )
    return requirements


def _check_python(requirements: Requirements, request: Request) -> None:
    for path, wanted in requirements.pythons():
        if wanted and not allows(wanted, request.python_version):
            raise PackagingError(
                "SAC183",
                f"'{path}' has requires-python = \"{wanted}\", and the runtime runs Python {request.python_version}: "
                "choose one that it allows with python_runtime, or change the line",
            )


def _check_own_files(folder: Path, own: OwnFiles, request: Request) -> None:
    script = request.entrypoint[-1]
    if script not in {file.path for file in own.files}:
        top = next((part for part in _and_parents(script) if part in own.left_out), script)
        why = own.left_out[top].text if top in own.left_out else "it is no file of the folder"
        raise PackagingError(
            "SAC189",
            f"the entry file '{script}' of '{folder}' is left out ({why}): change the pattern or the file's name",
        )
    for file in own.files:
        platform = foreign_platform(file.source)
        if platform is not None:
            raise PackagingError(
                "SAC187",
                f"'{file.path}' in the agent's folder '{folder}' is compiled for {platform}, and AgentCore runs arm64 "
                f"Linux (glibc): put one for arm64 Linux in its place, or leave it out with exclude=['{file.path}']",
            )


def _and_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


# ---------------------------------------------------------------- the whole
def _merged(installed: Sequence[Entry], own: OwnFiles) -> list[Entry]:
    """The package's files: the agent's own win over a package's file of the same name."""
    files = {file.path for file in own.files}
    folders = {part for path in files for part in _and_parents(path)[:-1]}
    tops = {path.partition("/")[0] for path in files}
    merged = {
        one.path: one
        for one in installed
        if one.path.partition("/")[0] not in tops or not _is_hidden(one.path, files, folders)
    }
    merged.update({file.path: entry(file.path, file.source, file.executable) for file in own.files})
    return [merged[path] for path in sorted(merged)]


def _is_hidden(path: str, files: set[str], folders: set[str]) -> bool:
    """Whether the agent has a file where a package has a folder, or a folder where it has a file."""
    return path in folders or any(part in files for part in _and_parents(path)[:-1])


def _assembled(target: Path, required: Installed, own: OwnFiles) -> Path:
    sources = {file.path: file for file in own.files}
    wanted = {one.path for one in _merged(required.entries, own)}
    for path in sorted(wanted):
        to = target / path
        to.parent.mkdir(parents=True, exist_ok=True)
        if path in sources:
            shutil.copyfile(sources[path].source, to)
            to.chmod(0o755 if sources[path].executable else 0o644)
        else:
            _linked(required.site / path, to)
    for folder in target.rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)
    return target


def _linked(source: Path, target: Path) -> None:
    """Both are in the cache and are never changed, so that they may be one file."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _check_command(request: Request, paths: set[str], requirements: Requirements) -> None:
    if len(request.entrypoint) < 2:
        return
    command = request.entrypoint[0]
    if f"bin/{command}" in paths:
        return
    if re.fullmatch(r"python[\d.]*", command):
        raise PackagingError(
            "SAC188",
            f"entrypoint starts with '{command}', and AgentCore itself starts a file with Python: write "
            f"entrypoint='{request.entrypoint[1]}'",
        )
    brings = {"opentelemetry-instrument": "aws-opentelemetry-distro"}.get(command, command)
    raise PackagingError(
        "SAC188",
        f"entrypoint starts with the command '{command}', and nothing that '{request.directory}' requires brings it: "
        f"add '{brings}' to {requirements.path or 'a requirements.txt'}",
    )


def _notices(own: OwnFiles) -> dict[str, str]:
    told = list(worth_telling(own.left_out))
    more = f" and {len(told) - 12} more" if len(told) > 12 else ""
    return {_LEFT_OUT: f"left out of the agent's package: {', '.join(told[:12])}{more}"} if told else {}


def _numbered(notes: list[tuple[str, str]]) -> dict[str, str]:
    """Each kind of note has its id; further ones of a kind get the next numbers, so that all can be acknowledged."""
    found: dict[str, str] = {}
    for kind, sentence in notes:
        number = sum(1 for name in found if name == kind or name.startswith(f"{kind}-")) + 1
        found[kind if number == 1 else f"{kind}-{number}"] = sentence
    return found
