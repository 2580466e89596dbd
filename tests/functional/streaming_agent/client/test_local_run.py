"""Both clients against a real chain: sign-in by SRP, two checks of the token, a stream from a real agent."""

import time

import anyio
import pytest
from streaming_agent.client import (
    AgentAddress,
    AgentClient,
    ApiRefused,
    AsyncAgentClient,
    Event,
    SignInFailed,
    SrpSignIn,
    StaticToken,
    StreamInterrupted,
    TokenRefused,
    TokenUse,
)
from streaming_agent.local.emulator import Endpoints


@pytest.fixture
def source(chain: Endpoints) -> SrpSignIn:
    return SrpSignIn(chain.username, chain.password)


def test_events_come_while_the_agent_speaks(address: AgentAddress, source: SrpSignIn) -> None:
    arrivals: list[float] = []
    texts = ""
    with AgentClient(address, source) as client:
        for event in client.invoke({"count": 4, "pause": 0.1}):
            arrivals.append(time.monotonic())
            texts += event.text

    assert texts == "0123"
    assert arrivals[-1] - arrivals[1] > 0.1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_events_come_the_same_way_without_blocking(address: AgentAddress, source: SrpSignIn, backend: str) -> None:
    async def ask() -> list[Event]:
        async with AsyncAgentClient(address, source) as client, await client.invoke({"count": 3}) as answer:
            return [event async for event in answer]

    assert "".join(event.text for event in anyio.run(ask, backend=backend)) == "012"


def test_one_sign_in_serves_many_calls(address: AgentAddress, source: SrpSignIn) -> None:
    with AgentClient(address, source) as client:
        assert client.token() == client.token()


def test_a_wrong_password_is_refused_by_the_pool(address: AgentAddress, chain: Endpoints) -> None:
    with AgentClient(address, SrpSignIn(chain.username, "wrong")) as client, pytest.raises(SignInFailed) as refused:
        client.token()

    said = "NotAuthorizedException: Incorrect username or password. (CLI012)"
    assert str(refused.value) == f"127.0.0.1 refused the sign-in: {said}"


def test_the_wrong_type_of_token_is_refused_before_it_is_sent(address: AgentAddress, source: SrpSignIn) -> None:
    with AgentClient(address, source) as client:
        id_token = client.token()
    of_access = AgentAddress(invocations_url=address.invocations_url, token_type=TokenUse.ACCESS)

    with AgentClient(of_access, StaticToken(id_token)) as client, pytest.raises(TokenRefused, match="CLI002"):
        client.invoke("hello")


def test_a_token_of_another_pool_is_refused_by_the_api(address: AgentAddress) -> None:
    from tests.functional.streaming_agent.client.made_tokens import token

    with AgentClient(address, StaticToken(token())) as client, pytest.raises(ApiRefused) as refused:
        client.invoke("hello")

    assert (refused.value.status, refused.value.error_type) == (401, "UnauthorizedException")
    assert refused.value.request_id


def test_an_agent_that_dies_breaks_the_stream_and_is_not_asked_again(address: AgentAddress, source: SrpSignIn) -> None:
    texts: list[str] = []
    with AgentClient(address, source) as client:
        answer = client.invoke({"crash_at": 2, "pause": 0.05})
        with pytest.raises(StreamInterrupted, match="CLI048"):
            texts.extend(event.text for event in answer)

    with AgentClient(address, source) as client:
        received = list(client.invoke({"count": 2}))
    assert "".join(event.text for event in received) == "01"


def test_the_agents_error_before_its_answer_is_told(address: AgentAddress, source: SrpSignIn) -> None:
    with AgentClient(address, source) as client, pytest.raises(ApiRefused, match="CLI043"):
        client.invoke({"fail": True})
