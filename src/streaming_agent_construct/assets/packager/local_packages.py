"""The packages of the user's own that an agent requires by path or as members of a uv workspace."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .projects import Project, read_project, required_name
from .refusal import PackagingError


@dataclass(frozen=True)
class Source:
    """An entry of tool.uv.sources, and the project whose pyproject.toml it stands in."""

    project: Project
    entry: dict[str, Any]

    @property
    def local(self) -> Path | None:
        """The folder or archive on this machine that it names."""
        path = self.entry.get("path")
        return local_path(path, self.project.folder) if isinstance(path, str) else None


def effective_sources(project: Project) -> dict[str, list[Source]]:
    """The project's own sources, and its workspace's for other names, as uv reads them."""
    found: dict[str, list[Source]] = {}
    root = project.workspace
    for declaring in ([root] if root is not None and root.folder != project.folder else []) + [project]:
        found.update({name: [Source(declaring, one) for one in entries] for name, entries in declaring.sources.items()})
    return found


def local_packages(project: Project, requirements: list[str] | None = None) -> dict[str, Path]:
    """The local packages that the project needs, also through one another, by normalized name.

    :param requirements: What is required. Default: the project's dependencies and default groups.
    :raises PackagingError: one of them is not there.
    """
    found: dict[str, Path] = {}
    _follow(
        project, project.dependencies + project.grouped_dependencies() if requirements is None else requirements, found
    )
    return found


def _follow(project: Project, requirements: list[str], found: dict[str, Path]) -> None:
    sources = effective_sources(project)
    for requirement in requirements:
        name = required_name(requirement)
        path = _by_address(requirement, project.folder)
        for source in sources.get(name, []) if path is None else []:
            path = source.local or _member(source, project, name) or path
        if path is None or name in found:
            continue
        if not os.path.exists(path):  # Path.exists raises for a name that is too long
            raise PackagingError(
                "SAC184",
                f"'{project.folder / 'pyproject.toml'}' requires '{name}' from '{path}', and nothing is there: correct "
                "the path in tool.uv.sources, or put the package there",
            )
        check_is_package(path, project.folder / "pyproject.toml")
        found[name] = path
        below = read_project(path) if path.is_dir() else None
        if below is not None:
            _follow(below, below.dependencies, found)


def check_is_package(path: Path, where: Path) -> None:
    """Refuses a folder that nothing can be built from, such as a home that a `~` means.

    :param path: A folder or archive.
    :param where: The file that names it.
    """
    if path.is_dir() and not any((path / name).is_file() for name in ("pyproject.toml", "setup.py", "setup.cfg")):
        raise PackagingError(
            "SAC182",
            f"'{where}' requires '{path}', and that folder is no package: name one with a pyproject.toml, or give it "
            "one",
        )


def _by_address(requirement: str, folder: Path) -> Path | None:
    _, at, address = requirement.partition("@")
    address = address.partition(" ;")[0].strip()
    return local_path(address, folder) if at and address.startswith(("file:", ".", "/")) else None


def local_path(address: str, folder: Path) -> Path:
    """The path that a `file:` address or a path means, seen from a folder."""
    if address.startswith("file:"):
        parts = urlsplit(address)
        address = unquote(parts.path if parts.netloc in ("", "localhost") else f"//{parts.netloc}{parts.path}")
    try:
        return (folder / Path(address).expanduser()).resolve()
    except (ValueError, RuntimeError, OSError):
        raise PackagingError(
            "SAC182", f"{address!r} in '{folder}' is no path: write one that a file can have"
        ) from None


def _member(source: Source, project: Project, name: str) -> Path | None:
    if source.entry.get("workspace") is not True:
        return None
    root = project.workspace or source.project.workspace
    for folder in root.member_folders() if root is not None else []:
        member = read_project(folder)
        if member is not None and member.name == name:
            return folder
    raise PackagingError(
        "SAC184",
        f"'{source.project.folder / 'pyproject.toml'}' takes '{name}' from its uv workspace, which has no such member: "
        "add its folder to tool.uv.workspace.members",
    )


def check_sources(project: Project, requirements: list[str]) -> None:
    """Refuses a required local source that holds only for some machines, extras or groups: uv chooses when it locks.

    :raises PackagingError: there is one.
    """
    sources = effective_sources(project)
    for name in map(required_name, requirements):
        for one in sources.get(name, []):
            if {"path", "workspace"} & set(one.entry) and {"marker", "extra", "group"} & set(one.entry):
                raise PackagingError(
                    "SAC184",
                    f"'{one.project.folder / 'pyproject.toml'}' takes '{name}' from a place that depends on a marker, "
                    "an extra or a group, and only a lock tells which: run 'uv lock' in it",
                )


def remote_sources(project: Project, requirements: list[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Sources that are no local packages, of requirements that have one: git, an address, an index."""
    names = {required_name(requirement) for requirement in requirements}
    for name, sources in sorted(effective_sources(project).items()):
        entries = [one.entry for one in sources if "path" not in one.entry and "workspace" not in one.entry]
        if name in names and entries:
            yield name, entries


__all__ = ["effective_sources", "local_packages", "local_path", "remote_sources"]
