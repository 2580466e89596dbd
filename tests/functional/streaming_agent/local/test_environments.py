"""An agent sees the packages that it names and no others, as on AWS."""

import zipfile
from pathlib import Path

import pytest

from tests.functional.streaming_agent.local.calls import ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT

NEEDY = f"import cryptography\n{(AGENT / 'agent.py').read_text()}"


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """An agent that imports what the run's own Python has, and names it nowhere."""
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / "agent.py").write_text(NEEDY)
    return folder


def test_a_package_that_nothing_names_is_missing(
    assembly: Path, agent: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with emulator_of(assembly, agent=agent, current_environment=False, cache=tmp_path / "cache") as endpoints:
        answer = ask(endpoints.invocations_url, token=sign_in(endpoints).id)

    assert (answer.status, answer.message) == (
        424,
        "agent.py ended with exit code 1 before it listened on port 8080",
    )
    assert "ModuleNotFoundError: No module named 'cryptography'" in caplog.text
    assert "launcher.py" not in caplog.text


def test_the_current_environment_is_used_where_that_is_asked_for(assembly: Path, agent: Path) -> None:
    with emulator_of(assembly, agent=agent, current_environment=True) as endpoints:
        assert ask(endpoints.invocations_url, token=sign_in(endpoints).id).status == 200


def test_nothing_is_written_into_the_agents_folder(assembly: Path, agent: Path, tmp_path: Path) -> None:
    (agent / "agent.py").write_text((AGENT / "agent.py").read_text())
    with emulator_of(assembly, agent=agent, current_environment=False, cache=tmp_path / "cache") as endpoints:
        assert ask(endpoints.invocations_url, token=sign_in(endpoints).id).status == 200

    assert [path.name for path in agent.rglob("*")] == ["agent.py"]


def wheel(folder: Path, version: str) -> Path:
    """A wheel of one module that says its version."""
    path = folder / f"only_here-{version}-py3-none-any.whl"
    info = f"only_here-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("only_here.py", f"VERSION = {version!r}\n")
        made.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: only-here\nVersion: {version}\n")
        made.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        made.writestr(f"{info}/RECORD", "")
    return path


def test_a_change_of_what_is_required_is_seen_at_the_next_call(assembly: Path, tmp_path: Path) -> None:
    folder = tmp_path / "agent"
    folder.mkdir()
    source = (AGENT / "agent.py").read_text().replace('os.environ.get("GREETING")', "only_here.VERSION")
    (folder / "agent.py").write_text(f"import only_here\n{source}")
    for version in ("1.0", "2.0"):
        wheel(folder, version)
    (folder / "requirements.txt").write_text("-r pins.txt\n")  # a path starts from the file that names it
    (folder / "pins.txt").write_text("./only_here-1.0-py3-none-any.whl\n")
    options = {"agent": folder, "current_environment": False, "reload": True, "cache": tmp_path / "cache"}
    with emulator_of(assembly, **options) as endpoints:
        token = sign_in(endpoints).id
        assert ask(endpoints.invocations_url, token=token).events[0]["greeting"] == "1.0"
        (folder / "pins.txt").write_text("./only_here-2.0-py3-none-any.whl\n")
        assert ask(endpoints.invocations_url, token=token).events[0]["greeting"] == "2.0"


def test_requirements_that_break_during_a_run_are_told_in_one_sentence_and_tried_again_by_the_next_call(
    assembly: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / "agent.py").write_text((AGENT / "agent.py").read_text())
    (folder / "requirements.txt").write_text("")
    options = {"agent": folder, "current_environment": False, "reload": True, "cache": tmp_path / "cache"}
    with emulator_of(assembly, **options) as endpoints:
        token = sign_in(endpoints).id
        assert ask(endpoints.invocations_url, token=token).status == 200
        (folder / "requirements.txt").write_text("./not-there-1.0-py3-none-any.whl\n")
        broken = ask(endpoints.invocations_url, token=token)
        (folder / "requirements.txt").write_text("# nothing again\n")
        assert ask(endpoints.invocations_url, token=token).status == 200

    assert broken.status == 424
    assert broken.message.startswith(f"{folder} has no environment to run in: ")
    assert "(SAL026)" in caplog.text
    assert "SAL025" not in caplog.text
    assert "Traceback" not in caplog.text
