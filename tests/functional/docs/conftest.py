"""What the examples take for granted: a folder with an agent in it, and a local run of one, with a user who may ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_cdk import aws_cognito as cognito
from streaming_agent.client import AgentAddress
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import synthesise

USERNAME, PASSWORD = "me@example.com", "Correct-horse-9"


@pytest.fixture(autouse=True)
def agent_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app's folder with `agent/agent.py`, which is also where the example runs."""
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="package")
def local_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    flows = cognito.AuthFlow(user_srp=True, admin_user_password=True)  # as StreamingAgentApi has them
    assembly = synthesise(tmp_path_factory.mktemp("docs") / "cdk.out", flows=flows)
    with emulator_of(assembly, users={USERNAME: PASSWORD}) as ready:
        yield ready


@pytest.fixture
def address(local_run: Endpoints) -> AgentAddress:
    """A local run in the place of a deployment."""
    return AgentAddress(
        invocations_url=local_run.invocations_url,
        user_pool_id=local_run.user_pool_id,
        client_id=local_run.client_id,
        cognito_endpoint=local_run.cognito_endpoint,
    )
