"""Access-log lines in the stage's own format, each written when its answer has ended."""

import logging
from collections.abc import Callable
from dataclasses import replace

from ...printable import printable
from ..clock import Clock
from ..messages import Reply, Stream
from .request_context import Context

_log = logging.getLogger("streaming_agent.access")
_calls = logging.getLogger("streaming_agent.calls")


class AccessLog:
    """Times one request from its arrival to the end of its answer."""

    def __init__(self, template: str | None, context: Context, clock: Clock) -> None:
        self._template = template
        self._context = context
        self._clock = clock
        self._began = clock.monotonic()
        self._asked_integration: float | None = None
        self.reason = ""  # why the gateway refused the request

    def asks_integration(self, *, streams: bool) -> None:
        """The integration is asked now."""
        self._asked_integration = self._clock.monotonic()
        mode = "STREAMED" if streams else "BUFFERED"
        self._context.variables["integration.responseTransferMode"] = mode

    def has_headers(self, reply: Reply) -> None:
        """The integration's status and headers are there."""
        self._context.variables["integration.status"] = str(reply.status)
        self._since_asked("integration.timeToAllHeaders")

    def has_content(self) -> None:
        """The first bytes of the integration's body are there."""
        self._since_asked("integration.timeToFirstContent")

    def ended(self, status: int, length: int) -> None:
        """The answer has ended: writes the line."""
        self._since_asked("integration.latency")
        variables = self._context.variables
        variables["status"] = str(status)
        variables["responseLength"] = str(length)
        variables["responseLatency"] = self._milliseconds(self._began)
        if self._template is not None:
            _log.info("%s", self._context.filled(self._template))
        took = int(variables["responseLatency"]) / 1000
        first = variables.get("integration.timeToFirstContent")
        began = f", first content after {int(first) / 1000:.2f} s" if first is not None else ""
        reason = f", refused: {self.reason}" if self.reason else ""
        method, path = variables["httpMethod"], printable(variables["path"])
        _calls.info("%s %s %d, %d bytes in %.2f s%s%s", method, path, status, length, took, began, reason)

    def logged(self, reply: Reply) -> Reply:
        """The reply, whose end writes the line."""
        if isinstance(reply.body, bytes):
            self.ended(reply.status, len(reply.body))
            return reply
        return replace(
            reply, body=_LoggedStream(reply.body, self.has_content, lambda length: self.ended(reply.status, length))
        )

    def _since_asked(self, variable: str) -> None:
        if self._asked_integration is not None:
            self._context.variables[variable] = self._milliseconds(self._asked_integration)

    def _milliseconds(self, since: float) -> str:
        return str(round((self._clock.monotonic() - since) * 1000))


class _LoggedStream(Stream):
    def __init__(self, source: Stream, on_first: Callable[[], None], on_end: Callable[[int], None]) -> None:
        self._source = source
        self._on_first = on_first
        self._on_end = on_end
        self._length = 0

    async def __anext__(self) -> bytes:
        chunk = await anext(self._source)
        if not self._length:
            self._on_first()
        self._length += len(chunk)
        return chunk

    async def aclose(self) -> None:
        await self._source.aclose()
        self._on_end(self._length)
