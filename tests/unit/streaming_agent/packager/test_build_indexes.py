"""Where a local package's build requirements come from: the indexes that the agent's requirements name."""

from pathlib import Path

import pytest
from streaming_agent.packager.uv import uv_program

from .conftest import Pack, Refused, modules
from .packages import BACKEND, project, wheel, write

BUILT_BY_GEOMETRY = '[build-system]\nrequires = ["geometry"]\nbuild-backend = "geometry"\n'


def _prices(folder: Path, more: str = "") -> Path:
    """A package that needs another one to be built."""
    project(folder, "prices")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "prices"\nversion = "1"\n{BUILT_BY_GEOMETRY}{more}', encoding="utf-8"
    )
    return folder


def _builder(folder: Path) -> Path:
    return wheel(folder, "geometry", files={"geometry.py": BACKEND.replace("TAG", "any")})


AGENT = """\
[project]
name = "a"
version = "1"
dependencies = ["prices"]

[tool.uv.sources]
prices = { path = "../prices" }

"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("requirements_txt", "--no-index\n-f wheels\n../prices\n"),
        ("requirements_txt", "--no-index\n--find-links=wheels\n-e ../prices\n"),
        ("requirements_txt", "--no-index\n--find-links ${PROJECT_ROOT}/wheels\n../prices\n"),
        ("pyproject_toml", f'{AGENT}[tool.uv]\nno-index = true\nfind-links = ["wheels"]\n'),
    ],
)
def test_the_agents_own(agent: Path, pack: Pack, file: str, text: str) -> None:
    _prices(agent.parent / "prices")
    _builder(agent / "wheels")
    write(agent, **{file: text})
    assert "prices/__init__.py" in modules(pack(agent))


def test_the_packages_own_where_it_names_some(agent: Path, pack: Pack) -> None:
    _prices(agent.parent / "prices", '[tool.uv]\nno-index = true\nfind-links = ["wheels"]\n')
    _builder(agent.parent / "prices" / "wheels")
    write(agent, requirements_txt="--no-index\n../prices\n")
    assert "prices/__init__.py" in modules(pack(agent))


def test_those_of_its_workspace(agent: Path, pack: Pack) -> None:
    root = agent.parent
    _prices(root / "libs" / "prices")
    _builder(root / "wheels")
    write(root, pyproject_toml='[tool.uv.workspace]\nmembers = ["libs/*"]\n[tool.uv]\nno-index = true\n'
          'find-links = ["wheels"]\n')  # fmt: skip
    write(agent, requirements_txt="../libs/prices\n")
    assert "prices/__init__.py" in modules(pack(agent))


def test_a_private_one_with_its_password(
    agent: Path, pack: Pack, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The password is in no command's arguments, which every program of the machine can read."""
    _builder(tmp_path / "published")
    _prices(agent.parent / "prices")
    monkeypatch.setenv("INDEX_PASSWORD", "made-up-7")
    write(agent, requirements_txt=f"-i http://builder:${{INDEX_PASSWORD}}@{index}/simple\n../prices\n")
    commands = tmp_path / "commands"
    program = tmp_path / "uv"
    program.write_text(f'#!/bin/sh\necho "$@" >> {commands}\nexec {uv_program()} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr("streaming_agent.packager.uv.uv_program", lambda: str(program))
    assert "prices/__init__.py" in modules(pack(agent))
    assert "build --wheel" in commands.read_text()
    assert "made-up-7" not in commands.read_text()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("requirements_txt", "--no-index\n../prices\n"),
        ("pyproject_toml", f"{AGENT}[tool.uv]\nno-index = true\n"),
    ],
)
def test_no_index_is_asked_where_none_may_be(
    agent: Path, refused: Refused, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, text: str
) -> None:
    _builder(tmp_path / "published")
    _prices(agent.parent / "prices")
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://builder:made-up-7@{index}/simple")
    write(agent, **{file: text})
    refused("SAC184", agent, "prices' cannot be built", "geometry was not found")
