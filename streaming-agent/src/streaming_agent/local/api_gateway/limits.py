"""The limits on an integration's response: time, silence, size and pace (APIGW `response-streaming-http`)."""

import asyncio

from ..clock import Clock
from ..messages import Reply, Stream, StreamCut
from .responses import HttpError

MEGABYTE = 1024 * 1024
REQUEST_BYTES = 10 * MEGABYTE
BUFFERED_BYTES = 10 * MEGABYTE
IDLE_SECONDS = 300.0
EDGE_IDLE_SECONDS = 30.0
UNPACED_BYTES = 10 * MEGABYTE
PACE_BYTES_PER_SECOND = 2 * MEGABYTE


async def buffered(reply: Reply) -> Reply:
    """The reply with its whole body, as a BUFFERED integration passes it on."""
    if isinstance(reply.body, bytes):
        return reply
    chunks = bytearray()
    try:
        async for chunk in reply.body:
            chunks += chunk
            if len(chunks) > BUFFERED_BYTES:
                raise HttpError("API_CONFIGURATION_ERROR", log="a buffered response is longer than 10 MB")
    except StreamCut as cut:
        raise HttpError("INTEGRATION_FAILURE", log=str(cut)) from cut
    finally:
        await reply.body.aclose()
    return Reply(status=reply.status, headers=reply.headers, body=bytes(chunks))


class LimitedStream(Stream):
    """The chunks as they come, until the integration's timeout or too long a silence; after 10 MB at 2 MB/s.

        __anext__ ── asks the backend ──▶ chunk                      (_is_reading until then)
            timer, every time that it is due ── nothing due yet ──▶ waits again
                 └── the backend is late ──▶ cancels the reader, which turns it into StreamCut
                 └── the client reads nothing ──▶ cancels the reader, and the connection is closed

    One timer serves a whole stream: a timeout made anew for each chunk cost as much as passing the chunk on.
    """

    def __init__(self, source: Stream, clock: Clock, *, ends_at: float, idle_seconds: float) -> None:
        self._source = source
        self._clock = clock
        self._ends_at = ends_at
        self._idle_seconds = idle_seconds
        self._sent = 0
        self._paced_since: float | None = None
        self._reader: asyncio.Task[object] | None = None
        self._is_reading = False
        self._since = clock.monotonic()  # when the backend was last asked for a chunk, or the client last given one
        self._timer: asyncio.TimerHandle | None = None
        self._cut: str | None = None

    async def __anext__(self) -> bytes:
        await self._keep_pace()
        if self._timer is None:
            self._reader = asyncio.current_task()
            self._look_again()
        self._since, self._is_reading = self._clock.monotonic(), True
        try:
            chunk = await anext(self._source)
        except asyncio.CancelledError:
            if self._cut is None or self._reader is None:
                raise
            self._reader.uncancel()
            raise StreamCut(self._cut) from None
        finally:
            self._since, self._is_reading = self._clock.monotonic(), False
        self._sent += len(chunk)
        return chunk

    async def aclose(self) -> None:
        """Lets go of the source."""
        if self._timer is not None:
            self._timer.cancel()
        await self._source.aclose()

    def _look_again(self) -> None:
        now = self._clock.monotonic()
        due = min(self._ends_at, self._since + self._idle_seconds)
        if now < due:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._clock.real(due - now), self._look_again)
        elif self._reader is not None:
            # cancelled while it writes, to a client that doesn't read, the connection is just closed
            if self._is_reading:
                silent = f"the backend was silent for {self._idle_seconds:g} s"
                self._cut = "the integration timeout has passed" if now >= self._ends_at else silent
            self._reader.cancel()

    async def _keep_pace(self) -> None:
        if self._sent <= UNPACED_BYTES:
            return
        now = self._clock.monotonic()
        if self._paced_since is None:
            self._paced_since = now
        due = self._paced_since + (self._sent - UNPACED_BYTES) / PACE_BYTES_PER_SECOND
        if due > now:
            await self._clock.sleep(due - now)
