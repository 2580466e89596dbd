"""The HTTP server of the local run: one loopback listener for each room."""

import asyncio
import logging
import socket
import ssl
from types import TracebackType
from typing import Self

from aiohttp import web
from multidict import CIMultiDict

from ..template import Refusal
from .messages import Reply, Request, Service, StreamCut

_log = logging.getLogger("streaming_agent.listener")

LOOPBACK = "127.0.0.1"


def bound_socket(port: int) -> socket.socket:
    """A loopback socket on this port; 0 picks a free one."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(1024)
    except (OSError, OverflowError) as problem:
        listening.close()
        raise Refusal("SAL020", f"port must be free, got {port}: {problem}; choose another, or 0 to pick one") from None
    listening.setblocking(False)
    return listening


class HttpServer:
    """Serves a room on a socket until it is closed."""

    def __init__(self, room: Service, listening: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        self._room = room
        self._socket = listening
        self._tls = tls

    async def __aenter__(self) -> Self:
        server = web.Server(
            self._handle, handler_cancellation=True, access_log=None, auto_decompress=False, max_headers=256
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, ssl_context=self._tls).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _handle(self, incoming: web.BaseRequest) -> web.StreamResponse:
        reply = await self._room.handle(await self._received(incoming))
        if isinstance(reply.body, bytes):
            return web.Response(status=reply.status, headers=CIMultiDict(reply.headers), body=reply.body)
        return await self._streamed(incoming, reply)

    async def _received(self, incoming: web.BaseRequest) -> Request:
        if incoming.headers.get("Expect", "").lower() == "100-continue" and incoming.transport is not None:
            incoming.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body, oversize = bytearray(), False
        async for chunk in incoming.content.iter_any():
            body += chunk
            if len(body) > self._room.body_limit:
                body.clear()
                oversize = True  # the rest is read and thrown away, so that the client hears the answer
        path, _, query = incoming.raw_path.partition("?")
        return Request(
            method=incoming.method,
            path=path,
            query=query,
            headers=tuple(incoming.headers.items()),
            body=b"" if oversize else bytes(body),
            oversize=oversize,
            source_ip=incoming.remote or LOOPBACK,
        )

    async def _streamed(self, incoming: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        assert not isinstance(reply.body, bytes)  # noqa: S101
        response = web.StreamResponse(status=reply.status, headers=CIMultiDict(reply.headers))
        try:
            await response.prepare(incoming)
            async for chunk in reply.body:
                await response.write(chunk)
            await response.write_eof()
        except StreamCut as cut:
            _log.warning("stream cut: %s", cut)
            _abort(incoming)
        except ConnectionError:
            _abort(incoming)  # the client has gone
        finally:
            # cancelled when the client goes; what feeds the stream must hear of it all the same
            await asyncio.shield(reply.body.aclose())
        return response


def _abort(incoming: web.BaseRequest) -> None:
    """Closes the connection without the last chunk, so that the client sees that the answer is not whole."""
    if isinstance(incoming.transport, asyncio.WriteTransport):
        incoming.transport.abort()
