"""The local run's HTTP client on real connections."""

import asyncio

from streaming_agent.local.http_client import HttpClient
from streaming_agent.local.messages import Request

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_connection_that_was_to_be_closed_is_not_asked_again() -> None:
    """Its server closes it in its own time: the next call on it would find nobody."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        # a second request would be read here, and never answered
        await reader.read()
        writer.close()

    async def answers() -> list[bytes]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        request = Request(method="GET", path="/ping", headers=(("Connection", "close"),))
        async with server, HttpClient() as client, asyncio.timeout(10):
            replies = [await client.ask(origin, request) for _ in range(3)]
            return [b"".join([chunk async for chunk in reply.body]) for reply in replies]

    assert asyncio.run(answers()) == [b"ok"] * 3
