"""The package as a whole: the same bytes everywhere, kept between synths, within AgentCore's limits."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from streaming_agent.packager import cache as cache_module
from streaming_agent.packager import install, limits, package, reproducible
from streaming_agent.packager import uv as uv_module

from .conftest import Pack, Refused, files
from .packages import copied, project, wheel, write


@pytest.fixture
def packaged(agent: Path) -> Path:
    """An agent with a package that has a command, a local package, and names that sort apart in UTF-16 and UTF-8."""
    wheel(agent / "wheels", "geometry")
    project(agent / "prices", "prices")
    write(agent, requirements_txt="--no-index\n--find-links wheels\ngeometry\n./prices\n")
    for name in ("\U0001f600.txt", "\uff5e.txt", "a[1].txt", "B.txt", "b.txt"):
        (agent / name).write_text(name, encoding="utf-8")
    (agent / "run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (agent / "run.sh").chmod(0o755)
    return agent


def _bytes(folder: str) -> dict[str, tuple[int, bytes]]:
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


# ---------------------------------------------------------------- the same everywhere
def test_two_folders_two_times_and_two_users_give_the_same_bytes(
    packaged: Path, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pack(packaged)
    other = copied(packaged, tmp_path / "elsewhere" / "of" / "another" / "user")
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() or path.name == "run.sh" else 0o600)
    monkeypatch.setenv("STREAMING_AGENT_CACHE_DIR", str(tmp_path / "cache of another user"))
    monkeypatch.setenv("HOME", str(tmp_path))
    before = os.umask(0o077)
    try:
        second = pack(other)
    finally:
        os.umask(before)
    assert second.hash == first.hash
    assert _bytes(second.path) == _bytes(first.path)
    assert second.path != first.path


def test_no_file_names_the_machine(packaged: Path, pack: Pack) -> None:
    made = pack(packaged)
    for path, (_, data) in _bytes(made.path).items():
        assert os.fsencode(packaged) not in data, path
        assert os.fsencode(sys.executable) not in data, path
    assert (Path(made.path) / "bin" / "geometry-run").read_text().startswith("#!/usr/bin/env python3\n")
    record = (Path(made.path) / "geometry-1.0.dist-info" / "RECORD").read_text()
    assert "geometry.py" in record
    assert "bin/geometry-run" not in record


def test_a_long_path_of_the_interpreter_leaves_no_trace(tmp_path: Path) -> None:
    """Past 127 characters an installer writes a script that sh runs, with the path in its second line."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "tool"
    script.write_text(f"#!/bin/sh\n'''exec' \"{'/long' * 40}/python\" \"$0\" \"$@\"\n' '''\nimport sys\n")
    script.chmod(0o755)
    reproducible.make_reproducible(tmp_path)
    assert script.read_text() == "#!/usr/bin/env python3\nimport sys\n"


def test_the_hash_tells_content_name_and_mode(packaged: Path, pack: Pack) -> None:
    seen = {pack(packaged).hash}
    (packaged / "run.sh").chmod(0o644)
    seen.add(pack(packaged).hash)
    (packaged / "b.txt").write_text("other", encoding="utf-8")
    seen.add(pack(packaged).hash)
    (packaged / "b.txt").rename(packaged / "c.txt")
    seen.add(pack(packaged).hash)
    assert len(seen) == 4


# ---------------------------------------------------------------- kept
@pytest.fixture
def uv_runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What uv was asked to do."""
    seen: list[list[str]] = []

    def run(arguments: list[str], folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
        seen.append(arguments)
        return uv_module.run_uv(arguments, folder, **more)

    monkeypatch.setattr(install, "run_uv", run)
    return seen


def test_nothing_is_installed_again_until_a_requirement_changes(
    packaged: Path, pack: Pack, uv_runs: list[list[str]], tmp_path: Path
) -> None:
    pack(packaged)
    first = len(uv_runs)
    write(packaged, agent_py="print('changed')\n")
    pack(packaged)
    pack(copied(packaged, tmp_path / "another checkout"))
    assert len(uv_runs) == first
    wheel(packaged / "wheels", "legend")
    write(packaged, requirements_txt="--no-index\n--find-links wheels\ngeometry\nlegend\n./prices\n")
    assert "legend.py" in files(pack(packaged))
    assert len(uv_runs) > first


@pytest.mark.parametrize("what", ["runtime", "setting", "local package", "wheel of the same name"])
def test_what_else_makes_it_install_again(
    packaged: Path, pack: Pack, uv_runs: list[list[str]], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    pack(packaged)
    first = len(uv_runs)
    if what == "setting":
        monkeypatch.setenv("UV_EXCLUDE_NEWER", "2099-01-01")
    elif what == "local package":
        (packaged / "prices" / "src" / "prices" / "__init__.py").write_text("NEW = 1\n", encoding="utf-8")
    elif what == "wheel of the same name":
        wheel(packaged / "wheels", "geometry", files={"more.py": ""})
    made = pack(packaged, python="3.12" if what == "runtime" else "3.13")
    assert len(uv_runs) > first
    assert "more.py" not in files(made) or what == "wheel of the same name"


def test_requirements_without_a_lock_are_resolved_anew_after_a_day(
    packaged: Path, pack: Pack, uv_runs: list[list[str]], cache: Path
) -> None:
    pack(packaged)
    first = len(uv_runs)
    (kept,) = (cache / "installed").iterdir()
    old = kept.stat().st_mtime - 25 * 3600
    os.utime(kept, (old, old))
    pack(packaged)
    assert len(uv_runs) > first


PACK = """
import sys
from streaming_agent.packager import package
print("ready", flush=True)
sys.stdin.readline()
print(package.package(package.Request(sys.argv[1], "3.13", ["agent.py"])).hash)
"""


def test_two_at_once_give_one_whole_package(packaged: Path, pack: Pack, cache: Path) -> None:
    command = [sys.executable, "-c", PACK, str(packaged)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) for _ in range(3)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    hashes = {process.communicate()[0].strip() for process in running}
    made = pack(packaged)
    assert hashes == {made.hash}
    assert "geometry.py" in files(made)
    assert list(cache.glob("*/.*")) == []  # nothing half made


def test_a_cache_that_cannot_be_written_is_done_without(
    packaged: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STREAMING_AGENT_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert "geometry.py" in files(pack(packaged))


def test_old_packages_are_taken_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_KEPT", 2)
    for number in range(4):
        cache_module.kept(tmp_path / str(number), lambda made: None)
        old = 1_000_000_000 + number
        os.utime(tmp_path / str(number), (old, old))
    cache_module.kept(tmp_path / "new", lambda made: None)
    assert {path.name for path in tmp_path.iterdir()} == {"new", "3"}


# ---------------------------------------------------------------- limits
@pytest.mark.parametrize("required", [False, True], ids=["no requirements", "requirements"])
def test_both_limits_hold_for_every_folder(
    agent: Path, refused: Refused, pack: Pack, monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 3_000_000)
    monkeypatch.setattr(limits, "ZIPPED_BYTES", 1_000_000)
    if required:
        wheel(agent / "wheels", "geometry")
        write(agent, requirements_txt="--no-index\n--find-links wheels\ngeometry\n")
    (agent / "model.bin").write_bytes(b"\0" * 2_500_000)  # small as a zip
    pack(agent)
    (agent / "model.bin").write_bytes(os.urandom(2_000_000))
    refused("SAC016", agent, "2 MB zipped", "takes 1 MB", "model.bin 2 MB", "exclude")
    (agent / "model.bin").write_bytes(b"\0" * 3_500_000)
    refused("SAC016", agent, "take 3 MB", "3 MB unpacked", "model.bin")


# ---------------------------------------------------------------- the command before the entry file
def test_a_command_that_a_requirement_brings(agent: Path, pack: Pack, refused: Refused) -> None:
    wheel(agent / "wheels", "geometry")
    write(agent, requirements_txt="--no-index\n--find-links wheels\ngeometry\n")
    assert "bin/geometry-run" in files(pack(agent, entrypoint=["geometry-run", "agent.py"]))
    words = ("'opentelemetry-instrument'", "'aws-opentelemetry-distro'", str(agent / "requirements.txt"))
    refused("SAC188", agent, *words, entrypoint=["opentelemetry-instrument", "agent.py"])
    for python in ("python", "python3", "python3.13"):
        refused("SAC188", agent, f"'{python}'", "write entrypoint='agent.py'", entrypoint=[python, "agent.py"])


# ---------------------------------------------------------------- as a program
def test_the_program_answers_as_the_function_does(packaged: Path, pack: Pack) -> None:
    """The npm package runs it so."""
    folder = Path(package.__file__).parent.parent
    request = {"directory": str(packaged), "python_version": "3.13", "entrypoint": ["agent.py"], "exclude": ["B.txt"]}
    done = subprocess.run(
        [sys.executable, "-m", "packager"],
        input=json.dumps(request),
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    made = pack(packaged, exclude=["B.txt"])
    assert json.loads(done.stdout) == {**vars(made)}


def test_what_is_left_out_can_be_listed(agent: Path) -> None:
    write(agent, agent_py="", secret_env="A=1")
    (agent / ".env").write_text("A=1")
    folder = Path(package.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "packager", "--list", str(agent), "--exclude", "*.log"],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ".env  may hold credentials\nsecret.env  may hold credentials\n"
