"""An agent of `streaming_agent` behind a network that cuts: the client's answer is the uncut one, to the letter."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator

import anyio
import pytest
import uvicorn
from streaming_agent import Context, OnDisconnect, StreamingAgent
from streaming_agent.client import AgentAddress, AgentClient, AsyncAgentClient, Retries, StaticToken, StreamInterrupted

from tests.functional.streaming_agent.client.cutting_proxy import cutting
from tests.functional.streaming_agent.client.made_tokens import token

WORDS = [f"word-{number} 🍃 " for number in range(60)]
SESSION = "session-of-the-test-0123456789-0123456789"
AT_ONCE = Retries(first_delay_seconds=0)


async def answer(prompt: str, context: Context) -> AsyncIterator[str]:
    for word in WORDS:
        yield word


@pytest.fixture(scope="module", params=[OnDisconnect.FINISH, OnDisconnect.CANCEL])
def agent(request: pytest.FixtureRequest) -> Iterator[tuple[int, OnDisconnect]]:
    app = StreamingAgent(answer, on_disconnect=request.param)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    serving.start()
    try:
        yield listening.getsockname()[1], request.param
    finally:
        server.should_exit = True
        serving.join()


def ask(port: int) -> str:
    address = AgentAddress(invocations_url=f"http://127.0.0.1:{port}/invocations")
    with AgentClient(address, StaticToken(token(sub="ada")), retries=AT_ONCE) as client:
        return "".join(event.text for event in client.invoke("hello", session_id=SESSION))


async def ask_async(port: int) -> str:
    address = AgentAddress(invocations_url=f"http://127.0.0.1:{port}/invocations")
    async with AsyncAgentClient(address, StaticToken(token(sub="ada")), retries=AT_ONCE) as client:
        return "".join([event.text async for event in await client.invoke("hello", session_id=SESSION)])


@pytest.mark.parametrize("cuts", [[700], [701, 900], [1500, 400, 777]])
def test_the_answer_is_the_uncut_one(agent: tuple[int, OnDisconnect], cuts: list[int]) -> None:
    port, on_disconnect = agent
    if on_disconnect is OnDisconnect.FINISH:
        with cutting(port, cuts) as cut:
            assert ask(cut) == "".join(WORDS)
        with cutting(port, cuts) as cut:
            assert anyio.run(ask_async, cut) == "".join(WORDS)
        return
    with cutting(port, cuts) as cut, pytest.raises(StreamInterrupted, match="CLI048"):
        ask(cut)
