"""The counting app of the local run's tests, running for real: what this client is for."""

from collections.abc import Iterator

import pytest
from streaming_agent.client import AgentAddress
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import synthesise


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with emulator_of(synthesise(tmp_path_factory.mktemp("client") / "cdk.out")) as ready:
        yield ready


@pytest.fixture(scope="session")
def address(chain: Endpoints) -> AgentAddress:
    return AgentAddress(
        invocations_url=chain.invocations_url,
        user_pool_id=chain.user_pool_id,
        client_id=chain.client_id,
        cognito_endpoint=chain.cognito_endpoint,
    )
