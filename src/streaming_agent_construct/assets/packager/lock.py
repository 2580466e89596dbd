"""Compares uv.lock with its pyproject.toml where uv itself cannot: without a Python that the project allows."""

import re
import tomllib
from pathlib import Path
from typing import Any

from .projects import Project, normalized, required_name, table, tables
from .refusal import PackagingError


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
