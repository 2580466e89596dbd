"""An environment for this machine, made of the same requirements by the same decision as the package."""

import subprocess
from pathlib import Path

import pytest
from streaming_agent.packager import environment
from streaming_agent.packager.environment import make_environment
from streaming_agent.packager.refusal import PackagingError

from .packages import lock, project, snapshot, wheel, write


def _says(python: Path, code: str) -> str:
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def required(agent: Path) -> Path:
    wheel(agent / "wheels", "geometry")
    project(agent / "prices", "prices")
    write(agent, requirements_txt="-r pins.txt\n./prices\n", pins_txt="--no-index\n--find-links wheels\ngeometry\n")
    return agent


def test_it_has_what_the_folder_requires_and_nothing_is_written_there(required: Path, tmp_path: Path) -> None:
    before = snapshot(required)
    python = make_environment(required, tmp_path / "kept")
    assert _says(python, "import geometry, prices; print(geometry.VERSION, prices.NAME)") == "1.0 prices"
    script = (python.parent / "geometry-run").read_text()
    assert ".making" not in script
    assert snapshot(required) == before


def test_it_is_made_anew_when_an_included_file_changes(
    required: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_environment(required, tmp_path / "kept")
    wheel(required / "wheels", "geometry", version="2.0")
    write(required, pins_txt="--no-index\n--find-links wheels\ngeometry==2.0\n")
    second = make_environment(required, tmp_path / "kept")
    assert first != second
    assert _says(second, "import geometry; print(geometry.VERSION)") == "2.0"
    monkeypatch.setattr(environment, "run_uv", None)  # nothing is made when nothing changed
    assert make_environment(required, tmp_path / "kept") == second


def test_a_pyproject_alone_is_read_by_its_lock_as_packaging_does(agent: Path, tmp_path: Path) -> None:
    wheel(agent / "wheels", "geometry")
    text = '[project]\nname = "helper"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["geometry"]\n'
    write(agent, pyproject_toml=f'{text}[tool.uv]\nno-index = true\nfind-links = ["wheels"]\n')
    assert _says(make_environment(agent, tmp_path / "kept"), "import geometry; print(geometry.VERSION)") == "1.0"
    lock(agent)
    wheel(agent / "wheels", "geometry", version="2.0")
    assert _says(make_environment(agent, tmp_path / "kept"), "import geometry; print(geometry.VERSION)") == "1.0"


def test_pins_stand_for_a_folder_that_is_packaged(agent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel(tmp_path / "index", "geometry")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    python = make_environment(agent, tmp_path / "kept", pins=["geometry==1.0"])
    assert _says(python, "import geometry; print(geometry.VERSION)") == "1.0"


def test_what_cannot_be_installed_leaves_nothing_behind(agent: Path, tmp_path: Path) -> None:
    write(agent, requirements_txt="--no-index\nno-such-package\n")
    with pytest.raises(PackagingError, match="no package 'no-such-package'"):
        make_environment(agent, tmp_path / "kept")
    assert list((tmp_path / "kept" / "environments").iterdir()) == []
