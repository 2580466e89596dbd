"""The three-line app of the README, run locally by a relative path: its own sign-in flows and nothing else."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from botocore.exceptions import ClientError
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentSource, StreamingAgentApi
from tests.functional.streaming_agent.local.calls import ask, cognito
from tests.functional.streaming_agent.local.emulators import emulator_of

AGENT = Path(__file__).parent / "agents" / "counting"


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    folder = tmp_path_factory.mktemp("three-lines")
    shutil.copytree(AGENT, folder / "agent")
    app = App(outdir=str(folder / "cdk.out"), context={"aws:cdk:bundling-stacks": []})
    StreamingAgentApi(Stack(app, "Chat"), "Agent", agent=AgentSource.from_directory(str(folder / "agent")))
    app.synth()
    before = Path.cwd()
    os.chdir(folder)
    try:
        with emulator_of(Path("cdk.out")) as ready:
            yield ready
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def token(chain: Endpoints) -> str:
    answer = cognito(chain).admin_initiate_auth(
        UserPoolId=chain.user_pool_id,
        ClientId=chain.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": chain.username, "PASSWORD": chain.password},
    )
    return answer["AuthenticationResult"]["IdToken"]


def test_an_operators_token_gets_a_stream(chain: Endpoints, token: str) -> None:
    answer = ask(chain.invocations_url, {"count": 3, "pause": 0.1}, token=token)
    assert answer.status == 200
    assert len(answer.arrivals) >= 3


def test_a_flow_that_the_client_does_not_allow(chain: Endpoints) -> None:
    with pytest.raises(ClientError, match="USER_PASSWORD_AUTH flow not enabled for this client"):
        cognito(chain).initiate_auth(
            ClientId=chain.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": chain.username, "PASSWORD": chain.password},
        )


def test_an_operators_wrong_password(chain: Endpoints) -> None:
    with pytest.raises(ClientError, match="Incorrect username or password"):
        cognito(chain).admin_initiate_auth(
            UserPoolId=chain.user_pool_id,
            ClientId=chain.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": chain.username, "PASSWORD": "wrong"},
        )
