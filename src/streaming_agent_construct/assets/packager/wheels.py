"""Builds wheels of the user's own packages, from copies: nothing is written into the user's folders."""

import os
import re
import shutil
import sys
from pathlib import Path

from .own_files import own_files
from .projects import Project, read_project, tables, texts
from .python_versions import allows
from .reasons import own_words
from .refusal import PackagingError
from .uv import run_uv


def wheel_name(wheel: Path) -> str:
    """The distribution that a wheel's file name names."""
    return wheel.name.partition("-")[0]


def build_wheel(source: Path, work: Path) -> Path:
    """The wheel of a package's folder, of a source distribution, or the wheel itself.

    :param source: The folder or archive.
    :param work: A folder for copies and wheels.
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
    return wheel_of(copied, out, source)


def wheel_of(place: Path, out: Path, source: Path) -> Path:
    """The wheel of what lies in `place`, built there.

    :param place: The folder or archive.
    :param out: An empty folder for the wheel.
    :param source: Where it comes from, as the user knows it.
    :raises PackagingError: it cannot be built.
    """
    done = run_uv(
        ["build", "--wheel", "--python", sys.executable, "--out-dir", str(out), str(place)],
        source if source.is_dir() else source.parent,
        **_indexes(source),
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


def _indexes(source: Path) -> dict[str, str]:
    """The indexes of the project or workspace that the package is in: from its copy uv would not find them."""
    project = next(
        (found for folder in (source, *source.parents) if (found := _with_settings(folder)) is not None), None
    )
    if project is None:
        return {}
    variables: dict[str, str] = {}
    indexes = [one for one in tables(project.uv.get("index")) if "url" in one]
    named = [f"{one['name']}={one['url']}" if "name" in one else str(one["url"]) for one in indexes]
    defaults = [text for one, text in zip(indexes, named, strict=True) if one.get("default")]
    others = [
        text for one, text in zip(indexes, named, strict=True) if not one.get("default") and not one.get("explicit")
    ]
    links = [str(project.folder / one) for one in texts(project.uv.get("find-links"))]
    for name, values in (("UV_DEFAULT_INDEX", defaults[:1]), ("UV_INDEX", others), ("UV_FIND_LINKS", links)):
        if values and name not in os.environ:
            variables[name] = (" " if name == "UV_INDEX" else ",").join(values)
    if project.uv.get("no-index"):
        variables["UV_NO_INDEX"] = "1"
    return variables


def _with_settings(folder: Path) -> Project | None:
    project = read_project(folder)
    return project if project is not None and {"index", "find-links", "no-index"} & set(project.uv) else None
