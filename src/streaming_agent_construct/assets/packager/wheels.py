"""Builds wheels of the user's own packages, from copies: nothing is written into the user's folders."""

import re
import shutil
import sys
from pathlib import Path

from .indexes import Indexes
from .own_files import own_files
from .projects import read_project
from .python_versions import allows
from .reasons import own_words
from .refusal import PackagingError
from .uv import run_uv


def wheel_name(wheel: Path) -> str:
    """The distribution that a wheel's file name names."""
    return wheel.name.partition("-")[0]


def build_wheel(source: Path, work: Path, indexes: Indexes) -> Path:
    """The wheel of a package's folder, of a source distribution, or the wheel itself.

    :param source: The folder or archive.
    :param work: A folder for copies and wheels.
    :param indexes: Where what its build requires comes from.
    :raises PackagingError: it cannot be built.
    """
    if source.suffix == ".whl":
        return source
    number = len(list(work.glob("wheel-*")))
    out = work / f"wheel-{number}"
    out.mkdir(parents=True)
    copied = source
    if source.is_dir():
        # The folder's own name stays: some build systems find the package by it.
        copied = work / f"copy-{number}" / source.name
        _copy(source, copied)
        _let_any_python_build(copied)
    return wheel_of(copied, out, source, indexes.of_package(source))


def wheel_of(place: Path, out: Path, source: Path, indexes: Indexes) -> Path:
    """The wheel of what lies in `place`, built there.

    :param place: The folder or archive.
    :param out: An empty folder for the wheel.
    :param source: Where it comes from, as the user knows it.
    :param indexes: Where what its build requires comes from.
    :raises PackagingError: it cannot be built.
    """
    done = run_uv(
        ["build", "--wheel", "--python", sys.executable, *indexes.options, "--out-dir", str(out), str(place)],
        indexes.folder,
        **indexes.variables,
    )
    built = sorted(out.glob("*.whl"))
    if done.returncode != 0 or not built:
        said = _said(done.stderr.replace(str(place), str(source)))
        raise PackagingError(
            "SAC184",
            f"the package in '{source}' cannot be built: {said}: see that 'uv build' works in it, or build a wheel of "
            "it and name that",
        )
    return built[0]


def _said(text: str) -> str:
    """Why a build failed: the build system's own first error or last line, else uv's words."""
    theirs, _, uvs = text.partition("error: Failed to build")
    lines = [line.strip() for line in theirs.splitlines() if line.strip() and not line.startswith("Building ")]
    if not lines or "build backend returned" not in uvs:
        return own_words(text.partition("\n\nhint:")[0])
    return next((line for line in lines if line.startswith("error: ")), lines[-1]).removeprefix("error: ")[:300]


def _copy(source: Path, target: Path) -> None:
    for file in own_files(source, ignore_files=False).files:
        to = target / file.path
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.source, to)
        to.chmod(0o755 if file.executable else 0o644)


def _let_any_python_build(copy: Path) -> None:
    """A pure-Python wheel is the same from every Python: the one that is here builds for the runtime's."""
    project = read_project(copy)
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if project is not None and project.requires_python and not allows(project.requires_python, here):
        path = copy / "pyproject.toml"
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(
            re.sub(r"(?m)^(\s*requires-python\s*=\s*).*$", rf'\g<1>">={here}"', text, count=1), encoding="utf-8"
        )
