"""Reads locks, and compares uv.lock with its pyproject.toml where uv cannot: without a Python that it allows."""

import re
import tomllib
from pathlib import Path
from typing import Any

from .projects import Project, normalized, required_name, table, tables
from .refusal import PackagingError


def lock_python(lock: Path) -> str:
    """The requires-python of a uv.lock."""
    try:
        return str(tomllib.loads(lock.read_text(encoding="utf-8")).get("requires-python", ""))
    except (ValueError, RecursionError) as error:
        raise PackagingError("SAC182", f"'{lock}' is no TOML file: {error}: run 'uv lock'") from None


def read_lock(path: Path) -> dict[str, Any]:
    """A pylock.toml, with paths that start at the root."""
    try:
        lock = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PackagingError("SAC182", f"'{path}' is no TOML file: {error}: export it anew") from None
    for package in tables(lock.get("packages")):
        found = [package.get("directory"), package.get("archive"), package.get("sdist"), *tables(package.get("wheels"))]
        for one in found:
            if isinstance(one, dict) and isinstance(one.get("path"), str):
                one["path"] = str((path.parent / one["path"]).resolve())
    return lock


def local_source(package: dict[str, Any]) -> Path | None:
    """The folder, or the archive that is no wheel, that a package of a lock is built from."""
    for kind in ("directory", "archive"):
        path = table(package, kind).get("path")
        if isinstance(path, str) and (kind == "directory" or not path.endswith(".whl")):
            return Path(path) / str(table(package, kind).get("subdirectory", ""))
    return None


def check_frozen_lock(lock: Path, project: Project) -> None:
    """Refuses a lock that was made for other dependencies than the project's.

    :raises PackagingError: a dependency is not in the lock, or with another specifier.
    """
    document = tomllib.loads(lock.read_text(encoding="utf-8"))  # read before, so it is TOML
    packages = tables(document.get("package"))
    locked = next((one for one in packages if normalized(str(one.get("name"))) == project.name), None)
    if project.has_dynamic_dependencies:
        return
    found = set() if locked is None else {(normalized(str(e.get("name"))), _specifier(e)) for e in _entries(locked)}
    wanted = {(required_name(one), _written_specifier(one)) for one in project.dependencies}
    if locked is None or found != wanted:
        root = (project.workspace or project).folder
        raise PackagingError(
            "SAC181",
            f"'{lock}' does not match '{project.folder / 'pyproject.toml'}', which was changed after it: run 'uv lock' "
            f"in '{root}'",
        )


def _entries(package: dict[str, Any]) -> list[dict[str, Any]]:
    return tables(table(package, "metadata").get("requires-dist"))


def _specifier(entry: dict[str, Any]) -> str:
    return _sorted(str(entry.get("specifier", "")))


def _written_specifier(requirement: str) -> str:
    text = requirement.partition(";")[0].partition(" @ ")[0]
    found = re.match(r"\s*[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*\(?([^)]*)\)?\s*$", text)
    return _sorted(found[1] if found is not None else "")


def _sorted(specifier: str) -> str:
    return ",".join(sorted(part.replace(" ", "") for part in specifier.split(",") if part.strip()))
