"""A check runs again when something changed that it reads, and after it failed."""

import sys
from pathlib import Path

import pytest

from tools import if_changed


@pytest.fixture(autouse=True)
def own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(if_changed, "PASSED", tmp_path / "passed")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "src" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("a = 1\n")
    (folder / "b.py").write_text("b = 1\n")
    return tmp_path / "src"


def runs(tmp_path: Path, sources: Path, *, code: int = 0) -> bool:
    """Whether the command, which leaves a file behind, ran."""
    ran = tmp_path / "ran"
    ran.unlink(missing_ok=True)
    program = f"import sys; open({str(ran)!r}, 'w').close(); sys.exit({code})"
    said = if_changed.main([str(sources), "--", sys.executable, "-c", program])
    assert said == (code if ran.exists() else 0)
    return ran.exists()


def test_it_runs_once_for_the_same_files(tmp_path: Path, sources: Path) -> None:
    assert runs(tmp_path, sources)
    assert not runs(tmp_path, sources)
    (sources / "notes.txt").write_text("not read")
    assert not runs(tmp_path, sources)


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename"])
def test_it_runs_again_after_a_change(tmp_path: Path, sources: Path, change: str) -> None:
    assert runs(tmp_path, sources)
    match change:
        case "edit":
            (sources / "deep" / "a.py").write_text("a = 2\n")
        case "add":
            (sources / "c.pyi").write_text("")
        case "remove":
            (sources / "deep" / "b.py").unlink()
        case "rename":
            (sources / "deep" / "b.py").rename(sources / "b.py")
    assert runs(tmp_path, sources)
    assert not runs(tmp_path, sources)


def test_what_failed_runs_again(tmp_path: Path, sources: Path) -> None:
    assert runs(tmp_path, sources, code=3)
    assert runs(tmp_path, sources, code=3)
    assert runs(tmp_path, sources)
    assert runs(tmp_path, sources, code=3), "another command"
    assert not runs(tmp_path, sources)
