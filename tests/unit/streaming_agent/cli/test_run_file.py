"""`.streaming-agent/local.json`: private, whole or not there, and shared by the runs of a folder."""

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.cli import run_file_writer
from streaming_agent.cli.run_file_writer import announced
from streaming_agent.errors import Refusal

FOLDER = Path(".streaming-agent")
FILE = FOLDER / "local.json"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text()))


def as_process(monkeypatch: pytest.MonkeyPatch, pid: int) -> None:
    monkeypatch.setattr("streaming_agent.cli.run_file_writer.os.getpid", lambda: pid)


def test_it_is_there_for_its_owner_only_while_the_run_is() -> None:
    with announced({"url": "http://127.0.0.1:1/"}):
        assert said() == {"url": "http://127.0.0.1:1/", "pid": os.getpid()}
        assert stat.S_IMODE(FILE.stat().st_mode) == 0o600
        assert stat.S_IMODE(FOLDER.stat().st_mode) == 0o700
    assert not FILE.exists()


def test_version_control_does_not_see_the_folder() -> None:
    with announced({}):
        assert (FOLDER / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("first_to_end", ["older", "newer"])
def test_two_runs_in_one_folder_stay_reachable(first_to_end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    older, newer = os.getppid(), os.getpid()
    as_process(monkeypatch, older)
    first = announced({"run": "older"})
    first.__enter__()
    as_process(monkeypatch, newer)
    second = announced({"run": "newer"})
    second.__enter__()
    assert said()["run"] == "newer"
    assert json.loads((FOLDER / f"local-{older}.json").read_text())["run"] == "older"

    ended, left = (first, "newer") if first_to_end == "older" else (second, "older")
    as_process(monkeypatch, older if first_to_end == "older" else newer)
    ended.__exit__(None, None, None)
    assert said()["run"] == left
    as_process(monkeypatch, newer if first_to_end == "older" else older)
    (second if first_to_end == "older" else first).__exit__(None, None, None)
    assert sorted(path.name for path in FOLDER.iterdir()) == [".gitignore"]


def test_the_file_of_a_run_that_was_killed_is_taken_away() -> None:
    FOLDER.mkdir()
    (FOLDER / "local-999999999.json").write_text("{}")
    with announced({}):
        assert not (FOLDER / "local-999999999.json").exists()


@pytest.mark.parametrize("link", ["folder", "file"])
def test_nothing_is_written_through_a_link(link: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "local.json").write_text("somebody's")
    if link == "folder":
        FOLDER.symlink_to(elsewhere)
    else:
        FOLDER.mkdir()
        FILE.symlink_to(elsewhere / "local.json")
    with pytest.raises(Refusal, match="SAL031"), announced({}):
        pass
    assert (elsewhere / "local.json").read_text() == "somebody's"


def test_a_full_disk_is_told_and_leaves_no_half_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_file_writer, "_write", full)
    with (
        pytest.raises(Refusal, match=r"local\.json cannot be written: No space left on device \(SAL030\)"),
        announced({}),
    ):
        pass
    assert list(FOLDER.iterdir()) == []
