"""Begins answers, streams them to their callers, and decides what becomes of one whose caller left."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from .agent_loop import AgentLoop
from .answer_function import Function
from .answer_log import AnswerLog, AnswerReader
from .asgi import Receive, Reply
from .calls import Call
from .context import log_suffix
from .events import AnswerError
from .kept_answers import KeptAnswers, Owner
from .producer import Producer
from .response_stream import stream
from .snapshot import SessionStart
from .threads import PATIENCE_SECONDS, busy
from .wakeups import Wakeups

MOST_ANSWERS = 1000
"""At once in one process. A session is one microVM, so more is somebody's mistake."""
_NOBODY: Owner = (None, None)
_STREAM_HEADERS = ((b"cache-control", b"no-store"),)

_log = logging.getLogger("streaming_agent")


class RunningAnswers:
    """The answers of one process: those that run, and those that are kept."""

    def __init__(
        self,
        agent_loop: AgentLoop,
        session: SessionStart,
        *,
        kept: KeptAnswers | None,
        errors: Mapping[type[Exception], AnswerError],
        heartbeat_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """:param kept: Where answers go on without their callers. ``None``: they are cancelled."""
        self._agent_loop = agent_loop
        self._session = session
        self._kept = kept
        self._errors = errors
        self._heartbeat_seconds = heartbeat_seconds
        self._clock = clock
        self._wakeups: Wakeups | None = None
        # sets, since one thread adds and another takes out
        self._running: set[Producer] = set()
        self._last_end: int | None = None

    def health(self) -> dict[str, Any]:
        """What /ping says. Busy: now. Idle: when the last answer ended. Before the first one: no time.

        Without the time AgentCore ends busy sessions at their idle limit; with "now" it never ends idle ones; and a
        time from before a snapshot is too old in every session.
        """
        if self._running:
            return {"status": "HealthyBusy", "time_of_last_update": int(self._clock())}
        if self._last_end is not None:
            return {"status": "Healthy", "time_of_last_update": self._last_end}
        return {"status": "Healthy"}

    def forget_last_end(self) -> None:
        """It was in another session."""
        self._last_end = None

    async def resume(self, call: Call, receive: Receive, reply: Reply) -> None:
        """Streams what the caller has not seen of an answer; raises `AnswerError` where there is nothing for them."""
        owner = _owner(call)
        found = self._kept.find(call.resume, owner) if self._kept is not None and owner != _NOBODY else None
        reader = found[0].reader(self._readers(), found[1]) if found is not None else None
        if reader is None:
            raise AnswerError("nothing_to_resume", "this answer is no longer kept: ask again")
        try:
            await self._start_stream(call, reply)
            await stream(reader, receive, reply, self._heartbeat_seconds)
        finally:
            reader.leave()

    async def answer(self, function: Function, call: Call, receive: Receive, reply: Reply) -> None:
        """Begins an answer and streams it; raises `AnswerError` when there are too many already."""
        wakeups = self._readers()
        await wakeups.turn()
        if len(self._running) >= MOST_ANSWERS:
            raise busy(MOST_ANSWERS)
        owner = _owner(call)
        kept = self._kept if owner != _NOBODY else None
        with_ids = kept is not None and call.encoder.resumable
        loop = self._agent_loop.loop
        log = AnswerLog(loop, kept.buffer.max_bytes if kept is not None and with_ids else 0)
        if kept is not None and with_ids:
            kept.add(log, owner)
        producer = Producer(function, call.encoder, log, call.context, with_ids=with_ids, errors=self._errors)
        self._running.add(producer)
        # before the agent starts: what is written while nobody reads is dropped
        reader = log.reader(wakeups)
        assert reader is not None  # noqa: S101  an empty log can be read from its beginning
        producer.start(loop, self._session, lambda: self._end(producer, log))
        try:
            if call.encoder.whole:
                await self._whole(producer, reader, receive, reply)
            else:
                await self._start_stream(call, reply)
                await stream(reader, receive, reply, self._heartbeat_seconds)
        finally:
            if reader.leave() == 0 and kept is None and not log.done:
                call.context.left.set()
                loop.call_soon_threadsafe(producer.cancel)
                wakeups.loop.call_later(PATIENCE_SECONDS, self._complain, producer, call)

    def _complain(self, producer: Producer, call: Call) -> None:
        if producer in self._running:
            _log.warning(
                "the answer still runs %.0f s after its caller left, and keeps its session busy %s: "
                "let CancelledError through where it is caught, and await nothing long in finally",
                PATIENCE_SECONDS,
                log_suffix(call.context),
            )

    def _end(self, producer: Producer, log: AnswerLog) -> None:
        self._running.discard(producer)
        self._last_end = int(self._clock())
        if self._kept is not None:
            self._kept.ended(log)
        # last: whoever reads to the end, and asks /ping then, is told of an idle session
        log.close()

    async def _start_stream(self, call: Call, reply: Reply) -> None:
        await reply.start(200, call.encoder.media_type, [*_STREAM_HEADERS, *call.encoder.headers])

    async def _whole(self, producer: Producer, reader: AnswerReader, receive: Receive, reply: Reply) -> None:
        """One document at the end, with the status that it deserves."""
        pieces: list[bytes] = []
        if await stream(reader, receive, _Collected(pieces), None):
            encoder = producer.encoder
            status = encoder.error_status if producer.failed else 200
            await reply.document(status, encoder.media_type, b"".join(pieces), encoder.headers)

    def _readers(self) -> Wakeups:
        loop = asyncio.get_running_loop()
        if self._wakeups is None or self._wakeups.loop is not loop:
            self._wakeups = Wakeups(loop)
        return self._wakeups


class _Collected(Reply):
    """Keeps what would be sent."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def body(self, data: bytes, *, more: bool) -> None:
        self._pieces.append(data)


def _owner(call: Call) -> Owner:
    return call.context.session_id, call.context.user_id
