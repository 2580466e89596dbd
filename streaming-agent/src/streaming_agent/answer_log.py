"""One answer's log: written on the agent's loop, read on the server's, with a position for each reader."""

import asyncio
import secrets
import threading
from collections import deque

from .wakeups import Wakeups

AHEAD_BYTES = 65_536
"""How far an agent may be ahead of its slowest reader before it is held back."""


class AnswerLog:
    """The events of one answer, as bytes for the wire.

    Without a buffer an event is forgotten as soon as its one reader has it.
    """

    def __init__(self, agent_loop: asyncio.AbstractEventLoop, keep_bytes: int = 0, ahead_bytes: int = AHEAD_BYTES):
        self.id = secrets.token_urlsafe(6)
        self.done = False
        self.first = 0
        """The number of the oldest event that is still kept."""
        self._events: deque[bytes] = deque()
        self._kept_bytes = 0
        self._written_bytes = 0
        self._keep_bytes = keep_bytes
        self._ahead_bytes = ahead_bytes
        self._readers: list[AnswerReader] = []
        self._lock = threading.Lock()
        self._agent_loop = agent_loop
        self._waiting: asyncio.Future[None] | None = None

    @property
    def count(self) -> int:
        """How many events were written."""
        return self.first + len(self._events)

    def reader(self, wakeups: Wakeups, position: int = 0) -> "AnswerReader | None":
        """A reader from that event on; `None` where it is no longer kept, or not yet there.

        Whoever has everything gets the last event again, which says that this was all.
        """
        with self._lock:
            if self.done and position == self.count:
                position -= 1
            if not self.first <= position <= self.count:
                return None
            behind = sum(map(len, list(self._events)[position - self.first :]))
            reader = AnswerReader(self, wakeups, position, self._written_bytes - behind)
            self._readers.append(reader)
            return reader

    # --- the agent's side
    def write(self, data: bytes) -> bool:
        """Adds an event; whether the agent may go on at once."""
        with self._lock:
            self._events.append(data)
            self._kept_bytes += len(data)
            self._written_bytes += len(data)
            if self._kept_bytes > self._keep_bytes:
                self._forget()
            space = self._has_space()
        self._tell_readers()
        return space

    async def space(self) -> None:
        """Waits until the slowest reader has caught up. On the agent's loop only."""
        while True:
            with self._lock:
                if self._has_space():
                    return
                self._waiting = waiting = self._agent_loop.create_future()
            await waiting

    def close(self) -> None:
        """Says that nothing follows."""
        with self._lock:
            self.done = True
        self._tell_readers()

    def _tell_readers(self) -> None:
        # without the lock: a reader that is woken here may read at once
        for reader in tuple(self._readers):
            reader.notify()

    def _has_space(self) -> bool:
        return all(self._written_bytes - reader.read_bytes <= self._ahead_bytes for reader in self._readers)

    def _forget(self) -> None:
        # What a live reader has not read yet stays, or it would be lost without a word.
        unread = min((reader.position for reader in self._readers), default=self.count)
        while self._events and self._kept_bytes > self._keep_bytes and self.first < unread:
            self._kept_bytes -= len(self._events.popleft())
            self.first += 1

    # --- the server's side
    def take(self, reader: "AnswerReader") -> tuple[bytes, bool]:
        """What the reader has not seen, and whether that is all there will ever be."""
        with self._lock:
            # In one step with the events: a "done" that is read later could hide the last of them.
            done = self.done
            events = self._events
            if self._keep_bytes == 0 and len(self._readers) == 1:
                count = len(events)
                data = events.popleft() if count == 1 else b"".join(events)
                events.clear()
                self._kept_bytes = 0
                self.first = reader.position = self.first + count
            else:
                data = b"".join(list(events)[reader.position - self.first :])
                reader.position = self.count
                if self._kept_bytes > self._keep_bytes:
                    self._forget()
            reader.read_bytes += len(data)
            self._let_go_on()
            return data, done

    def leave(self, reader: "AnswerReader") -> int:
        """Takes the reader out; how many are left."""
        with self._lock:
            if reader in self._readers:
                self._readers.remove(reader)
            if self._kept_bytes > self._keep_bytes:
                self._forget()
            self._let_go_on()
            return len(self._readers)

    def _let_go_on(self) -> None:
        waiting = self._waiting
        if waiting is not None and self._has_space():
            self._waiting = None
            self._agent_loop.call_soon_threadsafe(_resolve, waiting)


class AnswerReader:
    """One caller who reads an answer. Lives on the server's loop."""

    __slots__ = ("_due", "_log", "_looking", "_wakeups", "position", "read_bytes")

    def __init__(self, log: AnswerLog, wakeups: Wakeups, position: int, read_bytes: int) -> None:
        self._log = log
        self._wakeups = wakeups
        self._due = False
        self._looking: asyncio.Future[None] | None = None
        self.position = position
        """The number of the next event to read."""
        self.read_bytes = read_bytes
        """Of all that was written, how much this reader has seen."""

    def notify(self) -> None:
        """Says that there is something new. On the agent's loop, without the log's lock."""
        if not self._due:
            self._due = True
            self._wakeups.wake(self)

    def look(self) -> None:
        """Lets the reader go on."""
        if self._looking is not None and not self._looking.done():
            self._looking.set_result(None)

    def take(self) -> tuple[bytes, bool]:
        """What is new, and whether that is all there will ever be."""
        self._due = False
        return self._log.take(self)

    async def wait(self) -> None:
        """Waits until something is new, or `look` is called."""
        if self._due:
            return
        self._looking = self._wakeups.loop.create_future()
        # an event that came between the question and the future
        if self._due:
            self._looking = None
            return
        try:
            await self._looking
        finally:
            self._looking = None

    def leave(self) -> int:
        """Stops reading; how many others still read."""
        return self._log.leave(self)


def _resolve(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)
