"""Installs what an agent requires: for AgentCore's machine into a folder, or for this one into an environment."""

import hashlib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import sources
from .addresses import comes_as_source
from .checkout import NAME, checkout_wheel
from .indexes import Indexes
from .local_packages import check_sources, remote_sources
from .lock import check_frozen_lock, local_source, lock_python, read_lock
from .projects import Project, read_project, required_name, table, tables, texts
from .python_versions import allows
from .reasons import refused
from .refusal import PackagingError
from .sources import Requirements
from .toml_text import toml_text
from .uv import run_uv
from .wheels import build_wheel, wheel_name

_NOT_BUILT = "streaming-agent-construct:project-not-built"


@dataclass(frozen=True)
class Target:
    """Where packages are installed, and for which machine."""

    arguments: tuple[str, ...]
    """What tells uv so."""
    shown: str
    """Such as ``arm64 Linux with Python 3.13``."""
    wheels_only: bool
    """Whether a package from an index may be built here. Not for another machine: compiled code would be for this."""


def install(requirements: Requirements, target: Target, work: Path) -> list[tuple[str, str]]:
    """Installs the requirements.

    :param requirements: What is required.
    :param target: Where to.
    :param work: A folder for what is generated on the way.
    :return: Notes on what could not be done, as an id and a sentence each.
    :raises PackagingError: something cannot be had, with the reason in our words.
    """
    return _Installation(requirements, target, work).run()


class _Installation:
    def __init__(self, requirements: Requirements, target: Target, work: Path) -> None:
        self._requirements = requirements
        self._target = target
        self._work = work
        self._local = dict(requirements.local)
        if requirements.checkout is not None:
            self._local[NAME] = checkout_wheel(requirements.checkout)
        self._notes: list[tuple[str, str]] = []
        self._wheels: dict[Path, Path] = {}
        files = requirements.files
        self._indexes = Indexes.of_file(self._folder(), files.index_options() if files is not None else ())

    def run(self) -> list[tuple[str, str]]:
        if self._requirements.kind == sources.LOCK:
            self._from_lock(self._exported())
        elif self._requirements.kind == sources.PYLOCK:
            assert self._requirements.path is not None  # noqa: S101
            self._from_lock(read_lock(self._requirements.path))
        elif self._requirements.kind == sources.FILE:
            self._from_file()
        elif self._requirements.kind == sources.PROJECT:
            self._from_project()
        return self._notes

    # ---------------------------------------------------------------- a lock
    def _exported(self) -> dict[str, Any]:
        """uv.lock for this project alone, as a pylock.toml: it keeps the index and the hashes of each file."""
        project, lock = self._requirements.project, self._requirements.path
        assert project is not None  # noqa: S101
        assert lock is not None  # noqa: S101
        root = project.workspace or project
        out = self._work / "pylock.toml"
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        wanted = lock_python(lock)
        # uv compares a lock with its pyproject.toml by a Python that the project allows; if this is none, we do.
        checks = allows(wanted, here) and allows(root.requires_python, here)
        if not checks:
            check_frozen_lock(lock, project)
        command = [
            "export",
            "--quiet",
            "--locked" if checks else "--frozen",
            "--no-dev",
            "--no-editable",
            "--no-header",
        ]
        command += ["--python", sys.executable] if checks else []
        done = run_uv([*command, "--format", "pylock.toml", "--output-file", str(out)], project.folder)
        if done.returncode != 0:
            if "needs to be updated" in done.stderr or ("lockfile" in done.stderr and "missing" in done.stderr):
                raise PackagingError(
                    "SAC181",
                    f"'{lock}' does not match '{project.folder / 'pyproject.toml'}', which was changed after it: run "
                    f"'uv lock' in '{root.folder}'",
                )
            raise refused(str(lock), self._target.shown, done.stderr)
        return read_lock(out)

    def _from_lock(self, lock: dict[str, Any]) -> None:
        rest, built = [], []
        for package in tables(lock.get("packages")):
            source = local_source(package)
            if source is not None:
                wheel = self._wheel(source)
                if wheel is not None:  # its marker stays
                    kept = {key: value for key, value in package.items() if key not in ("directory", "archive")}
                    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
                    rest.append({**kept, "archive": {"path": str(wheel), "hashes": {"sha256": digest}}})
                continue
            rest.append(package)
            if "vcs" in package or (
                "archive" in package and not str(table(package, "archive").get("url", "")).endswith(".whl")
            ):
                built.append(str(package.get("name", "")))
        path = self._work / "pylock.install.toml"
        # Its Python is checked against the runtime's; the one that is here only installs.
        kept = {key: value for key, value in lock.items() if key != "requires-python"}
        path.write_text(toml_text({**kept, "packages": rest}), encoding="utf-8")
        if rest:
            self._uv(["--no-deps", "-r", str(path)], built, self._folder(), {path: self._requirements.path})

    def _folder(self) -> Path:
        project = self._requirements.project
        return project.folder if project is not None else self._requirements.folder

    # ---------------------------------------------------------------- requirements.txt
    def _from_file(self) -> None:
        files = self._requirements.files
        assert files is not None  # noqa: S101
        wheels = {one.path: self._built(one.path) for one in files.local()}
        # A local package's own local packages: by name, an index might have others of that name.
        more = [
            f"{wheel_name(wheel)} @ {wheel.as_uri()}"
            for path in self._local.values()
            if path not in wheels and (wheel := self._built(path))
        ]
        folder = self._work / "requirements"
        folder.mkdir()
        written = files.write(folder, wheels, wheel_name, more)
        built = [*files.from_source(), *self._built_for_local_packages()]
        self._uv(["-r", str(next(iter(written)))], built, self._requirements.folder, written)

    def _built_for_local_packages(self) -> list[str]:
        """What local packages require as source from an address."""
        members = [member for path in self._local.values() if (member := _project(path)) is not None]
        return [name for member in members for one in member.dependencies if (name := comes_as_source(one))]

    # ---------------------------------------------------------------- pyproject.toml without a lock
    def _from_project(self) -> None:
        project = self._requirements.project
        assert project is not None  # noqa: S101
        required = [*project.dependencies, *project.grouped_dependencies()]
        if project.has_dynamic_dependencies and not project.is_package:
            raise PackagingError(
                "SAC182",
                f"the dependencies in '{project.folder / 'pyproject.toml'}' are dynamic, and no [build-system] "
                "tells them: write them into project.dependencies",
            )
        found: dict[str, Any] = {}
        built = [*filter(None, map(comes_as_source, required)), *self._built_for_local_packages()]
        members = [project, *(p for path in self._local.values() if (p := _project(path)) is not None)]
        for member in members:
            names = [*member.dependencies, *(member.grouped_dependencies() if member is project else [])]
            check_sources(member, names)
            for name, entries in remote_sources(member, names):
                found.setdefault(name, entries)
                built += [name for entry in entries if "git" in entry or "url" in entry]
                if member is not project:
                    required += [one for one in member.dependencies if required_name(one) == name]
        for name, path in self._local.items():
            wheel = self._wheel(path)
            if wheel is not None:
                found[name] = [{"path": str(wheel)}]
                required.append(wheel_name(wheel))
        uv = {key: value for key, value in self._settings(project).items() if key not in _NOT_COPIED}
        generated = {
            "project": {"name": "agent-to-package", "version": "0", "dependencies": required},
            "tool": {"uv": {**uv, "sources": {n: e[0] if len(e) == 1 else e for n, e in found.items()}}},
        }
        folder = self._work / "project"
        folder.mkdir()
        (folder / "pyproject.toml").write_text(toml_text(generated), encoding="utf-8")
        path = folder / "pyproject.toml"
        self._uv(["-r", str(path)], built, folder, {path: self._requirements.path})

    def _settings(self, project: Project) -> dict[str, Any]:
        """tool.uv, which in a workspace is the root's, with paths that hold from elsewhere, too."""
        root = project.workspace or project
        settings = dict(root.uv)
        if "find-links" in settings:
            settings["find-links"] = [str(root.folder / one) for one in texts(settings["find-links"])]
        if "index" in settings:
            settings["index"] = [_absolute(one, root.folder) for one in tables(settings["index"])]
        known = {one.get("name") for one in settings.get("index", [])}
        for path in [project.folder, *self._local.values()]:
            member = _project(path)
            for index in tables(member.uv.get("index")) if member is not None else []:
                if index.get("name") not in known:
                    settings.setdefault("index", []).append(_absolute(index, path))
        return settings

    # ---------------------------------------------------------------- local packages
    def _built(self, path: Path) -> Path:
        if path not in self._wheels:
            self._wheels[path] = build_wheel(path, self._work, self._indexes)
        return self._wheels[path]

    def _wheel(self, path: Path) -> Path | None:
        """The wheel of a local package; none of the agent's own project if it cannot be built and needs no build."""
        try:
            return self._built(path.resolve())
        except PackagingError as error:
            own = self._requirements.project
            if own is None or path.resolve() != own.folder or (own.folder / "src").is_dir():
                raise
            self._notes.append(
                (
                    _NOT_BUILT,
                    f"{error.sentence}; its files are packaged as they lie: take [build-system] out of its "
                    "pyproject.toml or set tool.uv.package = false if it is no package",
                )
            )
            return None

    # ---------------------------------------------------------------- uv
    def _uv(
        self, arguments: Sequence[str], built: Sequence[str], folder: Path, written: Mapping[Path, Path | None]
    ) -> None:
        """Installs; `written` are the files that stand for the user's own, which an error names instead."""
        only = ["--only-binary", ":all:"] if self._target.wheels_only else []
        only += [argument for name in built for argument in ("--no-binary", name)] if only else []
        command = ["pip", "install", "--quiet", "--no-compile-bytecode", *self._target.arguments, *only, *arguments]
        done = run_uv(command, folder)
        if done.returncode != 0:
            shown = self._requirements.path or self._requirements.folder
            said = done.stderr.replace(str(self._work) + os.sep, "")
            for path, users in written.items():  # uv shows a path as seen from where it runs
                names = "|".join(re.escape(one) for one in (str(path.relative_to(self._work)), path.name))
                shown_as = str(users).replace("\\", "\\\\")
                said = re.sub(rf"(?<![\w/])(?:{names})(:\d+:\d+)?(?![\w/])", shown_as, said)
            raise refused(str(shown), self._target.shown, said)


# Settings that are about a project as a whole, or about where uv works.
_NOT_COPIED = {
    "workspace", "sources", "package", "managed", "default-groups", "dependency-groups", "environments",
    "required-environments", "conflicts", "dev-dependencies", "build-backend", "cache-dir", "required-version",
}  # fmt: skip


def _project(path: Path) -> Project | None:
    return read_project(path) if path.is_dir() else None


def _absolute(index: dict[str, Any], folder: Path) -> dict[str, Any]:
    url = str(index.get("url", ""))
    return index if "://" in url or not url else {**index, "url": str((folder / url).resolve())}
