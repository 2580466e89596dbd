"""The HTTP server of the local run: one loopback socket for each service."""

import asyncio
import logging
import socket
import ssl
from types import TracebackType
from typing import Self

from aiohttp import web
from multidict import CIMultiDict

from ..template import Refusal
from .messages import Reply, Request, Service, StreamCut, json_reply
from .server_connection import ConnectionLimits, ConnectionServer

_log = logging.getLogger("streaming_agent.server")

LOOPBACK = "127.0.0.1"
_MEGABYTE = 1024 * 1024
_MAX_HEADERS = 256


class UploadBudget:
    """How many bytes of requests all servers of a run hold at once."""

    def __init__(self, limit_bytes: int = 256 * _MEGABYTE) -> None:
        self.limit_bytes = limit_bytes
        self._held = 0

    def take(self, count: int) -> bool:
        """Takes so many bytes, if they are there."""
        if self._held + count > self.limit_bytes:
            return False
        self._held += count
        return True

    def give_back(self, count: int) -> None:
        """Gives them back."""
        self._held -= count


def bound_socket(port: int, option: str = "--port") -> socket.socket:
    """A loopback socket on this port; 0 picks a free one; `option` is how another one is chosen."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(1024)
    except (OSError, OverflowError) as problem:
        listening.close()
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise Refusal(
            "SAL020",
            f"port {port} cannot be used ({reason}): choose another with {option}, or {option} 0 for a free one",
        ) from None
    listening.setblocking(False)
    return listening


class HttpServer:
    """Serves a service on a socket until it is closed.

    Args:
        service: What answers the requests.
        listening: The socket; only requests for its own address are answered, so that a page whose name was made to
            lead here (DNS rebinding) gets nothing.
        tls: `None` serves plain HTTP.
        uploads: What limits the bytes of all requests at once; `None` makes a limit for this server.
        limits: How long a client may take.
    """

    def __init__(
        self,
        service: Service,
        listening: socket.socket,
        tls: ssl.SSLContext | None = None,
        *,
        uploads: UploadBudget | None = None,
        limits: ConnectionLimits | None = None,
    ) -> None:
        self._service = service
        self._socket = listening
        self._tls = tls
        self._uploads = uploads or UploadBudget()
        self._limits = limits or ConnectionLimits()
        port = listening.getsockname()[1]
        self._hosts = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}

    async def __aenter__(self) -> Self:
        server = ConnectionServer(
            self._handle,
            handler_cancellation=True,
            access_log=None,
            auto_decompress=False,
            max_headers=_MAX_HEADERS,
            limits=self._limits,
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
        if incoming.headers.get("Host", "").lower() not in self._hosts or len(incoming.headers.getall("Host")) > 1:
            _log.warning("a request for another host was refused: this server answers for %s", min(self._hosts))
            return _closing(421, "Misdirected Request")
        held = 0
        try:
            request, held = await self._received(incoming)
            if request is None:
                _log.warning(
                    "an upload was refused: all requests together may hold %d MB",
                    self._uploads.limit_bytes // _MEGABYTE,
                )
                return _closing(503, "Too many large requests at once")
            reply = await self._service.handle(request)
        except TimeoutError:
            _log.info("a request was refused: its body stopped for %g s", self._limits.body_silence_seconds)
            return _closing(408, "Request Timeout")
        finally:
            self._uploads.give_back(held)
        if isinstance(reply.body, bytes):
            return web.Response(status=reply.status, headers=CIMultiDict(reply.headers), body=reply.body)
        return await self._streamed(incoming, reply)

    async def _received(self, incoming: web.BaseRequest) -> tuple[Request | None, int]:
        """The request and how many bytes of the budget it holds; no request when there are not enough."""
        if incoming.headers.get("Expect", "").lower() == "100-continue" and incoming.transport is not None:
            incoming.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body, oversize, held = bytearray(), False, 0
        try:
            while chunk := await self._next_piece(incoming):
                if oversize:
                    continue  # the rest is read and thrown away, so that the client hears the answer
                body += chunk
                if len(body) > self._service.body_limit:
                    body.clear()
                    oversize = True
                elif not self._uploads.take(len(chunk)):
                    self._uploads.give_back(held)
                    return None, 0
                else:
                    held += len(chunk)
        except BaseException:
            self._uploads.give_back(held)
            raise
        path, _, query = incoming.raw_path.partition("?")
        request = Request(
            method=incoming.method,
            path=path,
            query=query,
            headers=tuple(incoming.headers.items()),
            body=b"" if oversize else bytes(body),
            oversize=oversize,
            source_ip=incoming.remote or LOOPBACK,
        )
        return request, held

    async def _next_piece(self, incoming: web.BaseRequest) -> bytes:
        if incoming.content.at_eof():
            return b""
        async with asyncio.timeout(self._limits.body_silence_seconds):
            return await incoming.content.readany()

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


def _closing(status: int, message: str) -> web.Response:
    reply = json_reply(status, {"message": message})
    assert isinstance(reply.body, bytes)  # noqa: S101
    answer = web.Response(status=status, headers=CIMultiDict(reply.headers), body=reply.body)
    answer.force_close()
    return answer


def _abort(incoming: web.BaseRequest) -> None:
    """Closes the connection without the last chunk: a cut answer must not look whole (RFC 9112 section 8)."""
    transport = incoming.transport
    if transport is not None:
        # uvloop's transports are of no asyncio class, and have the same method
        transport.abort()
