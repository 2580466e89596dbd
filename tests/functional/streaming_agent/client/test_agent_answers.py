"""What agents really send is read, whichever library's shape it has: by both clients and by `streaming-agent chat`."""

from collections.abc import Iterator

import anyio
import pytest
from streaming_agent.client import AgentAddress, AgentClient, AsyncAgentClient, ClientError, StaticToken

from tests.functional.streaming_agent.client.odd_answers import BODIES, LIBRARIES
from tools.docs.agent_answers import ANSWERS, AgentAnswer
from tools.docs.answering_server import answering
from tools.docs.client_matrix import read_by_the_page, run_chat, token

Served = dict[str, str]
EVERY = (*ANSWERS, *LIBRARIES, *BODIES)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with answering(EVERY) as urls:
        yield {answer.name: url for answer, url in zip(EVERY, urls, strict=True)}


def read(url: str) -> tuple[str, str]:
    text = ""
    with AgentClient(AgentAddress(invocations_url=url), StaticToken(token())) as client:
        try:
            for event in client.invoke("hello"):
                text += event.text
        except ClientError as error:
            return text, str(error)
    return text, ""


async def read_async(url: str) -> tuple[str, str]:
    text = ""
    async with AsyncAgentClient(AgentAddress(invocations_url=url), StaticToken(token())) as client:
        try:
            async for event in await client.invoke("hello"):
                text += event.text
        except ClientError as error:
            return text, str(error)
    return text, ""


@pytest.mark.parametrize("answer", EVERY, ids=lambda answer: answer.name)
def test_each_kind_of_answer_is_read(served: Served, answer: AgentAnswer) -> None:
    url = served[answer.name]
    # that nothing, or no text, came is no error of the client's
    of_the_client = "" if answer.fails_with in ("said nothing", "no text") else answer.fails_with

    text, error = read(url)
    assert text == answer.text
    assert of_the_client in error
    assert bool(error) == bool(of_the_client)
    assert anyio.run(read_async, url) == (text, error)

    out, err, code = run_chat(url)
    if answer.fails_with != "no text":  # then the events are shown
        assert out.strip("\n") == answer.text
    assert (code, answer.fails_with in err) == (1 if answer.fails_with else 0, True)


def test_the_page_reads_what_the_client_reads(served: Served) -> None:
    for answer, cell in zip(EVERY, read_by_the_page(list(served.values())), strict=True):
        assert cell.startswith(answer.text), answer.name
        assert ("“" in cell) == bool(answer.fails_with), answer.name
