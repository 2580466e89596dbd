"""streaming-agent installed from a folder, before it is released: an agent that requires it gets what is there."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from streaming_agent.packager import checkout as checkout_module
from streaming_agent.packager.checkout import FROM_CHECKOUT

from .conftest import Pack, Refused, modules
from .packages import project, wheel, write


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the installed streaming-agent comes from."""
    folder = project(tmp_path / "some checkout" / "streaming-agent", "streaming-agent")
    _installed_from(monkeypatch, {"url": folder.as_uri(), "dir_info": {"editable": True}})
    return folder


def _installed_from(patch: pytest.MonkeyPatch, url: object) -> None:
    installed = SimpleNamespace(version="1", read_text=lambda name: json.dumps(url) if url is not None else None)
    patch.setattr(checkout_module, "Distribution", SimpleNamespace(from_name=lambda name: installed))


@pytest.mark.parametrize(
    "line", ["streaming-agent", "Streaming_Agent[strands]", "streaming-agent==1  # ours", "streaming-agent >=0.1"]
)
def test_an_agent_that_requires_it_gets_it(agent: Path, pack: Pack, source: Path, line: str) -> None:
    write(agent, requirements_txt=f"{line}\n")
    made = pack(agent)
    assert "streaming-agent/__init__.py" in modules(made)
    assert str(source) in made.warnings[FROM_CHECKOUT]


def test_so_does_a_project(agent: Path, pack: Pack, source: Path) -> None:
    write(agent, pyproject_toml='[project]\nname = "a"\nversion = "1"\ndependencies = ["streaming-agent"]\n')
    made = pack(agent)
    assert "streaming-agent/__init__.py" in modules(made)
    assert FROM_CHECKOUT in made.warnings


def test_an_edit_there_is_packaged(agent: Path, pack: Pack, source: Path) -> None:
    write(agent, requirements_txt="streaming-agent\n")
    first = pack(agent)
    (source / "src" / "streaming-agent" / "more.py").write_text("")
    second = pack(agent)
    assert "streaming-agent/more.py" in modules(second)
    assert first.hash != second.hash


def test_another_version_is_asked_of_the_index(agent: Path, pack: Pack, source: Path, tmp_path: Path) -> None:
    wheel(tmp_path / "index", "streaming_agent", version="7.0")
    write(agent, requirements_txt=f"--no-index\n--find-links {tmp_path / 'index'}\nstreaming-agent==7.0\n")
    made = pack(agent)
    assert "streaming_agent.py" in modules(made)
    assert FROM_CHECKOUT not in made.warnings


@pytest.mark.parametrize("url", [None, {"url": "https://example.com/streaming_agent-1-py3-none-any.whl"}])
def test_a_release_that_is_installed_changes_nothing(
    agent: Path, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: object
) -> None:
    _installed_from(monkeypatch, url)
    wheel(tmp_path / "index", "streaming_agent")
    write(agent, requirements_txt=f"--no-index\n--find-links {tmp_path / 'index'}\nstreaming-agent\n")
    made = pack(agent)
    assert "streaming_agent.py" in modules(made)
    assert made.warnings == {}


@pytest.mark.parametrize("url", [[], "text", {"url": "file:///gone", "dir_info": {}}, {"dir_info": {}}])
def test_an_origin_that_leads_nowhere_is_none(monkeypatch: pytest.MonkeyPatch, url: object) -> None:
    _installed_from(monkeypatch, url)
    assert checkout_module.checkout(["streaming-agent"]) is None


def test_one_that_cannot_be_built_is_said_with_what_to_do(agent: Path, refused: Refused, source: Path) -> None:
    (source / "backend.py").write_text("raise SystemExit('error: no compiler')\n")
    write(agent, requirements_txt="streaming-agent\n")
    refused("SAC184", agent, f"the package in '{source}' cannot be built", "see that 'uv build' works in it")
