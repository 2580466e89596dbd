"""When a call is made again, and when never."""

import socket
from typing import Any

import pytest
from streaming_agent.client import (
    AgentAddress,
    AgentClient,
    ApiRefused,
    ClientError,
    Retries,
    StaticToken,
    StreamInterrupted,
)
from streaming_agent.client.connections import TIMEOUT

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import json_reply, refused, said, scripted, stream

AT_ONCE = Retries(first_delay_seconds=0)


def client_of(address: AgentAddress, **options: object) -> AgentClient:
    return AgentClient(address, StaticToken(token()), **{"retries": AT_ONCE, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [409, 429, 503])
def test_a_call_that_was_turned_away_is_made_again(status: int) -> None:
    with scripted(refused(status), refused(status), stream(said("there"))) as api, client_of(api.address()) as client:
        assert [event.text for event in client.invoke("hello")] == ["there"]
        assert len(api.asked) == 3


def test_after_four_calls_the_api_is_said_to_be_throttled() -> None:
    with scripted(refused(429, "TooManyRequestsException")) as api, client_of(api.address()) as client:
        with pytest.raises(ApiRefused) as error:
            client.invoke("hello")
        assert len(api.asked) == 4

    assert str(error.value) == (
        "API Gateway answered 429 TooManyRequestsException: because; still throttled after 4 calls: ask again later,"
        " or raise the throttle (CLI045)"
    )


@pytest.mark.parametrize("status", [400, 403, 404, 413, 424, 500, 502, 504])
def test_a_call_that_the_agent_may_have_begun_is_not_made_again(status: int) -> None:
    with scripted(refused(status), stream(said("twice"))) as api, client_of(api.address()) as client:
        with pytest.raises(ApiRefused) as error:
            client.invoke("hello")
        assert (len(api.asked), error.value.status) == (1, status)


def test_after_the_first_byte_nothing_is_asked_again() -> None:
    with scripted(stream(said("half"), ends=False)) as api, client_of(api.address()) as client:
        answer = client.invoke("hello")
        assert next(answer).text == "half"
        with pytest.raises(StreamInterrupted, match="CLI048"):
            next(answer)
        assert len(api.asked) == 1


def test_a_connection_that_drops_before_an_answer_is_not_asked_again() -> None:
    def drop(handler: object) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]

    with scripted(drop) as api, client_of(api.address()) as client:
        with pytest.raises(StreamInterrupted, match="CLI048"):
            client.invoke("hello")
        assert len(api.asked) == 1


def test_an_api_that_is_not_there_is_tried_again_and_then_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/prod/invocations"
        with client_of(AgentAddress(invocations_url=url)) as client, pytest.raises(ClientError, match="CLI050"):
            client.invoke("hello")


def test_a_wait_that_the_api_asks_for_is_kept_unless_it_is_long() -> None:
    with scripted(refused(429, **{"Retry-After": "9"})) as api, client_of(api.address()) as client:
        with pytest.raises(ApiRefused, match="CLI045"):
            client.invoke("hello")
        assert len(api.asked) == 1


def test_waits_grow_and_are_spread() -> None:
    retries = Retries(attempts=9)
    for made, ceiling in ((1, 0.5), (2, 1.0), (3, 2.0), (8, 8.0)):
        delays = [delay for _ in range(50) if (delay := retries.delay(made, None)) is not None]
        assert len(set(delays)) > 40
        assert ceiling / 2 < max(delays) <= ceiling


def test_another_agent_behind_the_same_api_is_asked_by_name() -> None:
    with scripted(stream()) as api, client_of(api.address(), api_key="key") as client:
        list(client.invoke({"prompt": "hello", "thread": 7}, agent="billing", session_id="s" * 33))

    (asked,) = api.asked
    assert asked.path == "/prod/agents/billing/invocations"
    assert asked.json == {"prompt": "hello", "thread": 7}
    assert asked.headers["x-amzn-bedrock-agentcore-runtime-session-id"] == "s" * 33
    assert asked.headers["x-api-key"] == "key"


def test_no_compressor_is_asked_for_that_would_hold_chunks_back() -> None:
    with scripted(stream(said("there"))) as api, client_of(api.address()) as client:
        list(client.invoke("hello"))

    assert api.asked[0].headers["accept-encoding"] == "identity"


def test_an_agent_may_be_silent_for_as_long_as_the_api_lets_it() -> None:
    """API Gateway ends a stream after 5 minutes of silence; whoever hangs up before loses an answer."""
    assert TIMEOUT.read == 300


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"agent": "../secret"}, "CLI022"),
        ({"session_id": "short"}, "CLI051"),
        ({"session_id": "s" * 33 + " "}, r"write only ASCII without blanks, such as a UUID \(CLI051\)"),
        ({"headers": {"X Tenant": "acme"}}, r"a name .* such as X-Tenant, got 8 characters that are none \(CLI052\)"),
        ({"headers": {"X-Tenant": "a\nb"}}, r"expected X-Tenant in ASCII.*CLI052"),
    ],
)
def test_what_the_api_could_not_take_is_refused_before_it_is_sent(options: dict[str, Any], code: str) -> None:
    with scripted(stream()) as api, client_of(api.address()) as client:
        with pytest.raises(ClientError, match=code):
            client.invoke("hello", **options)
        assert not api.asked


def test_an_agent_that_does_not_stream_answers_with_one_event() -> None:
    with scripted(json_reply({"text": "all at once"})) as api, client_of(api.address()) as client:
        assert [event.text for event in client.invoke("hello")] == ["all at once"]
