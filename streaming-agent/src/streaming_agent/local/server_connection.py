"""One HTTP connection of the local run: a request that does not come whole is closed, a malformed one is not echoed."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from aiohttp import web

_log = logging.getLogger("streaming_agent.server")


@dataclass(frozen=True, kw_only=True)
class ConnectionLimits:
    """How long a client may take, in seconds. API Gateway publishes no such limits: these only protect this machine."""

    headers_seconds: float = 20.0  # from the first byte, or from the connection on, to the end of the headers
    body_silence_seconds: float = 30.0  # between two pieces of a request's body
    idle_seconds: float = 75.0  # between two requests
    lingering_seconds: float = 2.0  # after an answer to a request that was not read to its end


class Connection(web.RequestHandler):
    """aiohttp's connection with a deadline for each request's headers, and without the client's words in errors.

    It uses names that aiohttp calls private, so .projenrc.py takes no minor version that the tests have not run with.
    """

    def __init__(self, *arguments: Any, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(
            *arguments,
            keepalive_timeout=limits.idle_seconds,
            lingering_time=limits.lingering_seconds,
            **options,
        )
        self._limits = limits
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Starts the deadline of the first request."""
        super().connection_made(transport)
        self._start_deadline()

    def data_received(self, data: bytes) -> None:
        """Starts the deadline with a request's first byte, and ends it with the end of its headers."""
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._end_deadline()
        elif self._deadline is None and self._waiter is not None:
            self._start_deadline()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Ends the deadline."""
        self._end_deadline()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answers without what the client sent, which may hold a token; a fault of ours keeps its traceback."""
        if status == 500:
            return super().handle_error(request, status, exc, message)
        # the message of aiohttp's parser quotes the line
        _log.info("a malformed request was refused: %s", type(exc).__name__ if exc else status)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun")
        answer = web.json_response({"message": "Bad Request"}, status=status)
        answer.force_close()
        return answer

    def _start_deadline(self) -> None:
        self._deadline = asyncio.get_running_loop().call_later(self._limits.headers_seconds, self._give_up)

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        _log.info("a connection was closed: its request's headers did not come within its time")
        self.force_close()


class ConnectionServer(web.Server):
    """Makes a `Connection` for each client."""

    def __init__(self, *arguments: Any, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limits = limits

    def __call__(self) -> Connection:
        """One connection."""
        return Connection(self, loop=self._loop, limits=self._limits, **self._kwargs)
