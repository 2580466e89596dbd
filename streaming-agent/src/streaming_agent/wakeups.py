"""Wakes the readers of answers on the server's loop, and lets answers start there, few in one turn."""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from .lending_loop import LendingLoop

if TYPE_CHECKING:
    from .answer_log import AnswerReader

_STARTS = 8
"""More in one turn would hold up the chunks that are on their way."""


class Wakeups:
    """Many events, one wake-up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._lend = loop.lend if isinstance(loop, LendingLoop) else _at_work
        self._starts = asyncio.Semaphore(_STARTS)
        self._due: deque[AnswerReader] = deque()
        self._asked = False
        self._context = contextvars.Context()  # else each wake-up copies the answer's

    async def turn(self) -> None:
        """Waits for a turn of the loop in which an answer may start."""
        async with self._starts:
            await asyncio.sleep(0)

    def wake(self, reader: "AnswerReader") -> None:
        """Sees to it that the reader looks again, at once if it can. On another loop, without the log's lock."""
        self._due.append(reader)
        if not self._asked and not self._lend(self._flush):
            self._asked = True
            try:
                self.loop.call_soon_threadsafe(self._flush, context=self._context)
            except RuntimeError:  # the server's loop is closed: nobody reads
                self._due.clear()

    def _flush(self) -> None:
        self._asked = False
        while self._due:
            self._due.popleft().look()


def _at_work(callback: Callable[[], object]) -> bool:
    """In the place of `LendingLoop.lend`, where a server has a loop of another kind."""
    return False
