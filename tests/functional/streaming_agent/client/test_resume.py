"""An answer that is cut is taken up again where the agent gives its events ids, and told where it does not."""

from collections.abc import Callable

import anyio
import pytest
from streaming_agent.client import AgentClient, ApiRefused, AsyncAgentClient, Retries, StaticToken, StreamInterrupted

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import (
    Reply,
    ScriptedApi,
    raw,
    refused,
    said,
    scripted,
    stream,
)

AT_ONCE = Retries(first_delay_seconds=0)
END = b'data: {"end": {"reason": "complete"}}\n\n'
GONE = b'data: {"error": {"code": "nothing_to_resume", "message": "this answer is not kept"}}\n\n'


def numbered(number: int, text: str) -> bytes:
    return f"id: kX3-b_9Q.{number}\n".encode() + said(text)


def end(number: int) -> bytes:
    return f"id: kX3-b_9Q.{number}\n".encode() + END


def sync(api: ScriptedApi, told: list[str]) -> str:
    with AgentClient(api.address(), StaticToken(token()), retries=AT_ONCE, notice=told.append) as client:
        return "".join(event.text for event in client.invoke("hello", session_id="s" * 33))


def asynchronous(api: ScriptedApi, told: list[str]) -> str:
    async def ask() -> str:
        source = StaticToken(token())
        async with AsyncAgentClient(api.address(), source, retries=AT_ONCE, notice=told.append) as client:
            return "".join([event.text async for event in await client.invoke("hello", session_id="s" * 33)])

    return anyio.run(ask)


both = pytest.mark.parametrize("ask", [sync, asynchronous])
Ask = Callable[[ScriptedApi, list[str]], str]


@both
@pytest.mark.parametrize("ends", [True, False])
def test_a_cut_answer_is_taken_up_after_its_last_event(ask: Ask, ends: bool) -> None:
    first = stream(numbered(0, "Every "), numbered(1, "word "), ends=ends)
    second = stream(numbered(2, "once"), end(3))
    told: list[str] = []
    with scripted(first, refused(409), second) as api:
        assert ask(api, told) == "Every word once"

    assert [asked.json for asked in api.asked] == [{"prompt": "hello"}, *[{"resume": "kX3-b_9Q.1"}] * 2]
    assert all(asked.headers["x-amzn-bedrock-agentcore-runtime-session-id"] == "s" * 33 for asked in api.asked)
    assert told[0] == "the connection was cut; asking for the rest of the answer"


@both
def test_a_cut_inside_an_event_loses_nothing_and_repeats_nothing(ask: Ask) -> None:
    first = stream(numbered(0, "Every "), numbered(1, "word ")[:-9], ends=False)
    with scripted(first, stream(numbered(1, "word "), numbered(2, "once"), end(3))) as api:
        assert ask(api, []) == "Every word once"
    assert api.asked[1].json == {"resume": "kX3-b_9Q.0"}


@both
def test_an_answer_may_be_cut_several_times(ask: Ask) -> None:
    cuts = [stream(numbered(number, f"{number} "), ends=False) for number in range(3)]
    with scripted(*cuts, stream(numbered(3, "3"), end(4))) as api:
        assert ask(api, []) == "0 1 2 3"


@both
def test_it_is_not_asked_for_without_end(ask: Ask) -> None:
    with scripted(*(stream(numbered(number, "x"), ends=False) for number in range(9))) as api:
        with pytest.raises(StreamInterrupted, match="CLI048"):
            ask(api, [])
        assert len(api.asked) == 4


@both
def test_what_the_agent_no_longer_has_is_told(ask: Ask) -> None:
    with scripted(stream(numbered(0, "x"), ends=False), stream(GONE)) as api:
        with pytest.raises(StreamInterrupted, match=r"no longer has the rest of the answer.*CLI060"):
            ask(api, [])


@both
def test_a_refusal_on_the_way_is_the_apis_own(ask: Ask) -> None:
    with scripted(stream(numbered(0, "x"), ends=False), refused(403, "ForbiddenException")) as api:
        with pytest.raises(ApiRefused, match="CLI041"):
            ask(api, [])


@both
@pytest.mark.parametrize("reply", [stream(said("half"), ends=False), raw(b'data: {"text": "half"}\n\ndata: {"te')])
def test_without_ids_a_cut_is_told_and_nothing_is_asked_again(ask: Ask, reply: Reply) -> None:
    with scripted(reply) as api:
        with pytest.raises(StreamInterrupted, match=r"CLI048|CLI054"):
            ask(api, [])
        assert len(api.asked) == 1


@both
@pytest.mark.parametrize(
    "ids",
    [
        ["5"],
        ["2024-01-01T00:00:00.5Z"],
        ["a b.0"],
        ["1732612345.678", "1732612345.912"],
        ["a.1", "a.2"],
        ["a.0", "b.1"],
        ["a.0", "a.2"],
        ["a.0", "a.0"],
        ["a." + "9" * 9000],
    ],
)
def test_ids_of_another_kind_promise_nothing(ask: Ask, ids: list[str]) -> None:
    with scripted(stream(*(f"id: {id_}\n".encode() + said("whole ") for id_ in ids))) as api:
        assert ask(api, []) == "whole " * len(ids)
        assert len(api.asked) == 1


def test_an_agent_that_once_sent_an_end_is_missed_when_it_sends_none() -> None:
    with scripted(stream(said("whole"), END), stream(said("half"))) as api:
        with AgentClient(api.address(), StaticToken(token())) as client:
            assert [event.text for event in client.invoke("hello")] == ["whole", ""]
            with pytest.raises(StreamInterrupted, match="CLI054"):
                list(client.invoke("hello"))
