"""Reads pyproject.toml files: tables, groups, the workspace a folder belongs to, and the local packages it needs."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .refusal import PackagingError


def normalized(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name.split("[", maxsplit=1)[0].strip()).lower()


def required_name(requirement: str) -> str:
    """The normalized name at the beginning of a requirement (PEP 508); nothing if it begins otherwise."""
    found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return normalized(found[1]) if found is not None else ""


def table(document: Any, *names: str) -> dict[str, Any]:
    """The table at the path, or an empty one."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


@dataclass(frozen=True)
class Project:
    """A folder with a pyproject.toml."""

    folder: Path
    document: dict[str, Any]

    @property
    def has_project(self) -> bool:
        """Whether it describes a project (PEP 621), not only tools."""
        return bool(table(self.document, "project"))

    @property
    def name(self) -> str:
        """Its normalized name."""
        return normalized(str(table(self.document, "project").get("name", "")))

    @property
    def requires_python(self) -> str:
        """The specifier, or nothing."""
        return str(table(self.document, "project").get("requires-python", ""))

    @property
    def uv(self) -> dict[str, Any]:
        """The table tool.uv."""
        return table(self.document, "tool", "uv")

    @property
    def is_package(self) -> bool:
        """Whether uv builds and installs the project itself: it has a build system, and no tool's table denies it."""
        wanted = self.uv.get("package")
        if isinstance(wanted, bool):
            return wanted
        poetry, pdm = (table(self.document, "tool", name) for name in ("poetry", "pdm"))
        denied = poetry.get("package-mode") is False or pdm.get("distribution") is False
        return "build-system" in self.document and not denied

    @property
    def dependencies(self) -> list[str]:
        """project.dependencies."""
        return texts(table(self.document, "project").get("dependencies"))

    @property
    def has_dynamic_dependencies(self) -> bool:
        """Whether only a build can tell the dependencies."""
        return "dependencies" in texts(table(self.document, "project").get("dynamic"))

    @property
    def sources(self) -> dict[str, list[dict[str, Any]]]:
        """tool.uv.sources by normalized name, each as a list."""
        found = table(self.uv, "sources")
        return {
            normalized(name): [
                one for one in (source if isinstance(source, list) else [source]) if isinstance(one, dict)
            ]
            for name, source in found.items()
        }

    def grouped_dependencies(self) -> list[str]:
        """What the default groups require, but `dev`, which `uv sync` installs for working on the project."""
        groups = table(self.document, "dependency-groups")
        wanted = self.uv.get("default-groups", ["dev"])
        names = list(groups) if wanted == "all" else texts(wanted)
        return [one for name in names if name != "dev" for one in self._group(name, ())]

    def _group(self, name: str, seen: tuple[str, ...]) -> list[str]:
        groups = {normalized(key): value for key, value in table(self.document, "dependency-groups").items()}
        entries = groups.get(normalized(name))
        if entries is None or normalized(name) in seen:
            raise PackagingError(
                "SAC182",
                f"'{self.folder / 'pyproject.toml'}' has no dependency group '{name}', or one that includes itself, "
                "and names it in tool.uv.default-groups or in another group: add it to [dependency-groups]",
            )
        found = []
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, str):
                found.append(entry)
            elif isinstance(entry, dict) and isinstance(entry.get("include-group"), str):
                found += self._group(entry["include-group"], (*seen, normalized(name)))
        return found

    @cached_property
    def workspace(self) -> "Project | None":
        """The project whose `tool.uv.workspace` this one belongs to, as uv finds it; None outside of workspaces."""
        for folder in (self.folder, *self.folder.parents):
            above = read_project(folder) if folder != self.folder else self
            if above is None or "workspace" not in above.uv:
                continue
            return above if folder == self.folder or self.folder in above.member_folders() else None
        return None

    def member_folders(self) -> list[Path]:
        """The folders of the workspace's members, of which this is the root."""
        settings = table(self.uv, "workspace")
        excluded = {one for pattern in texts(settings.get("exclude")) for one in self._matching(pattern)}
        found = [
            folder
            for pattern in texts(settings.get("members"))
            for folder in self._matching(pattern)
            if (folder / "pyproject.toml").is_file() and folder not in excluded
        ]
        return [self.folder, *found]

    def _matching(self, pattern: str) -> list[Path]:
        try:
            return sorted(self.folder.glob(pattern))
        except (ValueError, NotImplementedError, OSError, IndexError):
            raise PackagingError(
                "SAC182",
                f"'{self.folder / 'pyproject.toml'}' has the pattern '{pattern}' in tool.uv.workspace, which is no "
                "path of members: write it as in 'packages/*'",
            ) from None


def texts(value: Any) -> list[str]:
    """The texts of a list, whatever else is in it or stands in its place."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def tables(value: Any) -> list[dict[str, Any]]:
    """The tables of a list, whatever else is in it or stands in its place."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read_project(folder: Path) -> Project | None:
    """The folder's pyproject.toml, if there is one.

    :raises PackagingError: it is no TOML.
    """
    path = folder / "pyproject.toml"
    if not path.is_file():
        return None
    try:
        return Project(folder, tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise PackagingError("SAC182", f"'{path}' is no TOML file: {error}: correct it") from None
    except OSError as error:
        raise PackagingError("SAC182", f"'{path}' cannot be read: {error.strerror}: let it be read") from None
