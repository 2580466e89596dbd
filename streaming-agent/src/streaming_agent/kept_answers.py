"""The answers that a caller can come back to, each for its owner only."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from .answer_log import AnswerLog
from .options import expect, is_count

Owner = tuple[str | None, str | None]
"""The session and the verified user; the token's `sub`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeBuffer:
    """How much of an answer is kept for a caller who comes back.

    It stands in the memory of the session's microVM, and is lost with it.
    """

    max_bytes: int = 1_000_000
    """Of each answer, its newest events."""
    keep: timedelta = timedelta(minutes=5)
    """How long an answer is kept after its end."""
    max_answers: int = 20
    """At once; the oldest goes first."""

    def __post_init__(self) -> None:
        expect(is_count(self.max_bytes), "max_bytes", self.max_bytes, "1_000_000")
        expect(
            isinstance(self.keep, timedelta) and self.keep >= timedelta(0), "keep", self.keep, "timedelta(minutes=5)"
        )
        expect(is_count(self.max_answers), "max_answers", self.max_answers, "20")


class KeptAnswers:
    """Bounded by number and by time."""

    def __init__(self, buffer: ResumeBuffer, clock: Callable[[], float] = time.monotonic) -> None:
        self.buffer = buffer
        self._clock = clock
        self._kept: OrderedDict[str, tuple[AnswerLog, Owner]] = OrderedDict()
        self._ended: dict[str, float] = {}

    def add(self, log: AnswerLog, owner: Owner) -> None:
        """Keeps an answer from its first event on."""
        self._sweep()
        self._kept[log.id] = log, owner
        while len(self._kept) > self.buffer.max_answers:
            # one that has ended, if there is one
            oldest = next((name for name in self._kept if name in self._ended), next(iter(self._kept)))
            self._forget(oldest)

    def ended(self, log: AnswerLog) -> None:
        """Starts the answer's keep time."""
        if log.id in self._kept:
            self._ended[log.id] = self._clock()

    def find(self, event_id: object, owner: Owner) -> tuple[AnswerLog, int] | None:
        """The owner's answer, and the number of the event after the one named; `None` for everybody else."""
        self._sweep()
        if not isinstance(event_id, str):
            return None
        name, _, number = event_id.rpartition(".")
        log, kept_for = self._kept.get(name, (None, None))
        if log is None or kept_for != owner or not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        return log, int(number) + 1

    def _sweep(self) -> None:
        longest = self.buffer.keep.total_seconds()
        for name in [name for name, at in self._ended.items() if self._clock() - at > longest]:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._kept.pop(name, None)
        self._ended.pop(name, None)
