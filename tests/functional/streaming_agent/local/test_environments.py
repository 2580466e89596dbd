"""An agent sees the packages that it names and no others, as on AWS."""

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
