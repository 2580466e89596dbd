"""The HTTP server as clients of all kinds meet it, on asyncio's loop and on uvloop's."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import uvloop
from streaming_agent.local.http_server import HttpServer, UploadBudget, bound_socket
from streaming_agent.local.messages import Reply, Request, Stream, StreamCut
from streaming_agent.local.server_connection import ConnectionLimits

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
LIMITS = ConnectionLimits(headers_seconds=0.2, body_silence_seconds=0.2, idle_seconds=0.2, lingering_seconds=0.1)


class Chunks(Stream):
    """Two chunks, and then the end or a cut."""

    def __init__(self, *, cut: bool) -> None:
        self._left = [b"one ", b"two"]
        self._cut = cut

    async def __anext__(self) -> bytes:
        if self._left:
            return self._left.pop(0)
        if self._cut:
            raise StreamCut("the agent died")
        raise StopAsyncIteration

    async def aclose(self) -> None:
        return


@dataclass
class Echo:
    """Says what it was asked, or streams."""

    body_limit: int = 1_000_000
    asked: list[Request] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.path in ("/whole", "/cut"):
            return Reply(status=200, body=Chunks(cut=request.path == "/cut"))
        return Reply(status=200, body=f"{request.path} {len(request.body)}".encode())


@dataclass
class Serving:
    """A server, and raw connections to it."""

    port: int
    service: Echo

    def said(self, sent: bytes, *, host: str | None = None) -> bytes:
        """Everything that comes back until the server closes; `{host}` in what is sent is the server's own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(sent.replace(b"{host}", (host or f"127.0.0.1:{self.port}").encode()))
            received = b""
            while chunk := _received(connection):
                received += chunk
            return received


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


@pytest.fixture(scope="module", params=LOOPS)
def serving(request: pytest.FixtureRequest) -> Iterator[Serving]:
    service, listening = Echo(), bound_socket(0)
    begun, stop = threading.Event(), []

    async def serve() -> None:
        stopped = asyncio.Event()
        stop.append((asyncio.get_running_loop(), stopped))
        async with HttpServer(service, listening, uploads=UploadBudget(200_000), limits=LIMITS):
            begun.set()
            await stopped.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    yield Serving(listening.getsockname()[1], service)
    loop, stopped = stop[0]
    loop.call_soon_threadsafe(stopped.set)
    thread.join()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n".encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_whole_answer_has_its_last_chunk(serving: Serving) -> None:
    assert serving.said(get("/whole")).endswith(b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n")


def test_a_cut_answer_does_not_look_whole(serving: Serving) -> None:
    answer = serving.said(get("/cut"))

    assert status(answer) == 200
    assert b"0\r\n\r\n" not in answer


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_a_request_for_its_own_address_is_answered(serving: Serving, host: str) -> None:
    assert serving.said(get("/x"), host=f"{host}:{serving.port}").endswith(b"/x 0")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}", "127.0.0.1:1", ""]
)
def test_a_request_for_another_host_is_not(serving: Serving, host: str) -> None:
    before = len(serving.service.asked)
    answer = serving.said(get("/x"), host=host.format(port=serving.port) or " ")

    assert status(answer) in (400, 421)
    assert len(serving.service.asked) == before


def test_two_hosts_are_refused(serving: Serving) -> None:
    assert status(serving.said(b"GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n")) in (400, 421)


SECRET = b"eyJhbGciOi.SECRET.TOKEN"


@pytest.mark.parametrize(
    "garbled",
    [
        b"GET / HTTP/1.1\r\nHost: {host}\r\nAuthorization Bearer " + SECRET + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nAuthorization : Bearer " + SECRET + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer " + SECRET + b"\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nAuthorization: " + SECRET * 2000 + b"\r\n\r\n",
        SECRET + b"\r\n\r\n",
    ],
)
def test_a_malformed_request_is_refused_without_its_words(
    serving: Serving, garbled: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = serving.said(garbled)

    assert status(answer) == 400
    assert b"SECRET" not in answer
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize("partial", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: "])
def test_a_request_whose_headers_do_not_come_is_closed(serving: Serving, partial: bytes) -> None:
    assert serving.said(partial) == b""


def test_headers_that_come_drop_by_drop_are_closed_too(serving: Serving) -> None:
    with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as connection:
        connection.settimeout(0.02)
        assert any(_is_closed_after(connection, b"G") for _ in range(500))


def _is_closed_after(connection: socket.socket, drop: bytes) -> bool:
    try:
        connection.sendall(drop)
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_a_body_that_stops_is_closed(serving: Serving) -> None:
    answer = serving.said(b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\nabc")

    assert status(answer) == 408


def test_uploads_are_bounded_in_sum_and_later_ones_are_taken_again(serving: Serving) -> None:
    head = b"POST / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 150000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as holding:
        holding.sendall(head.replace(b"{host}", f"127.0.0.1:{serving.port}".encode()) + bytes(149_999))
        while status(answer := serving.said(head + bytes(150_000))) != 503:  # until the first one's bytes have come
            assert status(answer) == 200
        holding.sendall(b"x")
        assert status(holding.recv(65536)) == 200
    assert status(serving.said(head + bytes(150_000))) == 200


def test_a_body_over_the_services_limit_is_marked_and_not_kept(serving: Serving) -> None:
    serving.service.body_limit = 1000
    try:
        head = b"POST /big HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n"
        assert serving.said(head + bytes(5000)).endswith(b"/big 0")
    finally:
        serving.service.body_limit = 1_000_000
    assert serving.service.asked[-1].oversize


def test_a_connection_that_is_kept_alive_is_let_go_when_idle(serving: Serving) -> None:
    assert serving.said(b"GET /kept HTTP/1.1\r\nHost: {host}\r\n\r\n").endswith(b"/kept 0")
