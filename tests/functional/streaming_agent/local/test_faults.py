"""What happens to a chain in the wild: clients that leave, stall, flood or garble; keys that change; 500 at once."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from joserfc.jwk import RSAKey
from streaming_agent.local import emulator as emulator_module
from streaming_agent.local.cognito import Issuer, UserPool
from streaming_agent.local.emulator import Endpoints
from streaming_agent.local.messages import Reply, Request

from tests.functional.streaming_agent.local.calls import ask, opened, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.stub_agent import StubAgent, stub_agent


@pytest.fixture(scope="module")
def agent() -> Iterator[StubAgent]:
    with stub_agent() as agent:
        yield agent


@pytest.fixture(scope="module")
def stubbed(assembly: Path, agent: StubAgent) -> Iterator[Endpoints]:
    with emulator_of(assembly, agent_url=agent.origin) as ready:
        yield ready


@pytest.fixture(scope="module")
def token(stubbed: Endpoints) -> str:
    return sign_in(stubbed).id


def eventually(condition: Callable[[], bool], within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
def test_a_client_that_leaves_is_heard_of_by_the_agent(
    stubbed: Endpoints, agent: StubAgent, token: str, entrance: str
) -> None:
    left = agent.left
    with opened(getattr(stubbed, entrance), {"stream": 1, "count": 10_000, "pause": 0.01}, token=token) as (
        connection,
        response,
    ):
        assert response.read1(10)
        assert connection.sock is not None
        connection.sock.shutdown(socket.SHUT_RDWR)

    assert eventually(lambda: agent.left == left + 1 and agent.under_way == 0)


def test_a_client_that_does_not_read_holds_the_agent_back_instead_of_filling_memory(
    stubbed: Endpoints, agent: StubAgent, token: str
) -> None:
    before = agent.written
    with opened(
        stubbed.invocations_url, {"stream": 1, "count": 100_000, "padding": 65536, "pause": 0}, token=token
    ) as (_, response):
        assert response.status == 200
        written = -1
        while written != agent.written:
            written = agent.written
            time.sleep(0.3)

    assert agent.written - before < 32 * 1024 * 1024
    assert eventually(lambda: agent.under_way == 0)


def test_200_streams_at_once_lose_double_and_mix_nothing(stubbed: Endpoints, token: str) -> None:
    count, chunks = 200, 20

    async def one(session: aiohttp.ClientSession, number: int) -> list[tuple[int, int]]:
        body = {"stream": number, "count": chunks, "pause": 0.02}
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(stubbed.invocations_url, json=body, headers=headers) as response:
            assert response.status == 200
            lines = (await response.read()).decode().split("\n\n")
        events = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        return [(event["stream"], event["number"]) for event in events]

    async def everyone() -> list[list[tuple[int, int]]]:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            return await asyncio.gather(*(one(session, number) for number in range(count)))

    received = asyncio.run(everyone())
    assert received == [[(stream, number) for number in range(chunks)] for stream in range(count)]


GARBLED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n",
    "a bad request line": b"POST\r\n\r\n",
    "a bad version": b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
    "a header without a colon": b"POST / HTTP/1.1\r\nHost x\r\n\r\n",
    "a header with a line feed in its name": b"POST / HTTP/1.1\r\nHost: x\r\nBad\nName: y\r\n\r\n",
    "a space before the colon": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n",
    "a header of 100 KB": b"POST / HTTP/1.1\r\nHost: x\r\nBig: " + b"x" * 100_000 + b"\r\n\r\n",
    "a length in words": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "a length and chunks": (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
    ),
    "a bad chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("kind", GARBLED)
@pytest.mark.parametrize("place", ["url", "runtime_url", "cognito_endpoint"])
def test_garbled_http_is_refused_and_the_server_stays_up(stubbed: Endpoints, token: str, place: str, kind: str) -> None:
    address = urlsplit(getattr(stubbed, place))
    with socket.create_connection((address.hostname, address.port or 80), timeout=5) as connection:
        connection.sendall(GARBLED[kind])
        answer = connection.recv(65536)

    assert answer == b"" or answer.split(b" ", 2)[1].startswith(b"4")
    assert ask(stubbed.invocations_url, {"stream": 1, "count": 1}, token=token).status == 200


def test_half_a_request_is_nobodys_problem(stubbed: Endpoints, token: str) -> None:
    address = urlsplit(stubbed.invocations_url)
    half = b"POST /prod/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    waiting = [socket.create_connection((address.hostname, address.port or 80)) for _ in range(50)]
    try:
        for connection in waiting:
            connection.sendall(half)
        assert ask(stubbed.invocations_url, {"stream": 1, "count": 1}, token=token).status == 200
    finally:
        for connection in waiting:
            connection.close()


class ObservedIssuer(Issuer):
    """An issuer whose pool a test can reach, and which can be out of order for a while."""

    is_down = False
    pool: UserPool

    def __init__(self, pools: Any, *arguments: Any, **options: Any) -> None:
        type(self).pool = pools[0]
        super().__init__(pools, *arguments, **options)

    async def handle(self, request: Request) -> Reply:
        if type(self).is_down:
            raise ConnectionResetError
        return await super().handle(request)

    @classmethod
    def rotate_key(cls) -> None:
        cls.pool.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@pytest.fixture
def observed(assembly: Path, agent: StubAgent, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoints]:
    monkeypatch.setattr(emulator_module, "Issuer", ObservedIssuer)
    monkeypatch.setattr(ObservedIssuer, "is_down", False)
    with emulator_of(assembly, agent_url=agent.origin, time_scale=10.0) as ready:
        yield ready


def test_a_new_key_is_found_and_the_old_one_is_good_no_longer(observed: Endpoints) -> None:
    payload = {"stream": 1, "count": 1}
    old = sign_in(observed).id
    assert ask(observed.invocations_url, payload, token=old).status == 200
    ObservedIssuer.rotate_key()
    new = sign_in(observed).id
    assert eventually(lambda: ask(observed.invocations_url, payload, token=new).status == 200)
    assert ask(observed.invocations_url, payload, token=old).status == 401
    assert ask(observed.runtime_url, payload, token=old).status == 401


@pytest.mark.parametrize(("entrance", "refused"), [("invocations_url", 500), ("runtime_url", 401)])
def test_while_the_issuer_restarts_known_keys_are_good_and_unknown_ones_are_not(
    observed: Endpoints, entrance: str, refused: int
) -> None:
    payload = {"stream": 1, "count": 1}
    url = getattr(observed, entrance)
    known = sign_in(observed).id
    assert ask(url, payload, token=known).status == 200
    ObservedIssuer.rotate_key()
    unknown = sign_in(observed).id

    ObservedIssuer.is_down = True
    assert ask(url, payload, token=known).status == 200
    time.sleep(0.3)  # keys are looked for again after 2 s of the run's time
    assert ask(url, payload, token=unknown).status == refused

    ObservedIssuer.is_down = False
    assert eventually(lambda: ask(url, payload, token=unknown).status == 200)
    assert ask(url, payload, token=sign_in(observed).id).status == 200
