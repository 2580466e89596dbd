"""Streams an answer to one caller, with a comment as heartbeat where the agent is silent."""

import asyncio
from contextlib import suppress

from .answer_log import AnswerReader
from .asgi import Receive, Reply

_HEARTBEAT = b": keep-alive\n\n"


async def stream(reader: AnswerReader, receive: Receive, reply: Reply, heartbeat_seconds: float | None) -> bool:
    """Sends what is written until the answer ends; whether it did, or its caller left before."""
    caller = _Caller(reader, receive)
    silence = _Silence(reader, heartbeat_seconds)
    try:
        while True:
            data, done = reader.take()
            if caller.left:
                return False
            if data or done:
                await reply.body(data, more=not done)
                if done:
                    return True
                silence.broken()
            elif silence.is_due():
                await reply.body(_HEARTBEAT, more=True)
                silence.broken()
            else:
                await reader.wait()
    except OSError:  # ASGI: how `send` may say that the caller has left
        return False
    finally:
        caller.stop()
        silence.stop()


class _Caller:
    """Notices that the caller leaves."""

    def __init__(self, reader: AnswerReader, receive: Receive) -> None:
        self.left = False
        self._reader = reader
        self._watching = asyncio.ensure_future(self._watch(receive))

    async def _watch(self, receive: Receive) -> None:
        with suppress(OSError):
            while (await receive())["type"] != "http.disconnect":
                pass
        self.left = True
        self._reader.look()

    def stop(self) -> None:
        self._watching.cancel()


class _Silence:
    """Says when nothing was sent for too long. One timer an answer, not one a chunk."""

    def __init__(self, reader: AnswerReader, longest_seconds: float | None) -> None:
        self._reader = reader
        self._longest = longest_seconds
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        if longest_seconds is not None:
            self._timer = self._loop.call_later(longest_seconds, self._look)

    def broken(self) -> None:
        self._since = self._loop.time()
        self._due = False

    def is_due(self) -> bool:
        return self._due

    def _look(self) -> None:
        assert self._longest is not None  # noqa: S101  else there is no timer
        left = self._since + self._longest - self._loop.time()
        if left <= 0:
            self._due = True
            self._reader.look()
            left = self._longest
        self._timer = self._loop.call_later(left, self._look)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
