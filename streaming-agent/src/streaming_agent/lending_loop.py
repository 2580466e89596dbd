"""The event loop that holds the sockets. While it sleeps, another thread may take its turn.

A chunk is made on the agent's loop and sent on this one. Waking this one costs two system calls, a turn of the loop and
a hand-over of the interpreter: more than sending the chunk. A loop that sleeps need not be woken; it lends its turn to
the thread that has something to send. A loop that is at work, as under many streams, is told in the usual way.
"""

import asyncio
import math
import selectors
import threading
from asyncio import _enter_task, _leave_task, _set_running_loop
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import TypeVarTuple

_Ts = TypeVarTuple("_Ts")

_MOST_CALLBACKS = 16
"""Of one lent turn; what is left is done on the loop's own thread."""


class _Selector(selectors.DefaultSelector):
    """Leaves the loop's turn to others for as long as the loop waits."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = threading.Lock()
        self.turn.acquire()
        self.waits_seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        self.waits_seconds = math.inf if timeout is None else timeout
        self.turn.release()
        try:
            ready = super().select(timeout)
        finally:
            self.turn.acquire()
        # What was found ready may have been closed since, and its number given to another socket.
        now = self.get_map()
        return [(key, events) for key, events in ready if now.get(key.fd) is key]


class LendingLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop, with a turn that another thread can take."""

    # asyncio's own: what is called in the next turn
    _ready: deque[asyncio.Handle]

    def __init__(self) -> None:
        self._turns = _Selector()
        self._is_lent = False
        super().__init__(self._turns)

    def lend(self, callback: Callable[[], object]) -> bool:
        """Runs a callback, and what it makes ready, here and now; ``False`` where this loop is at work.

        For the thread of another loop. The callback must neither block nor raise.
        """
        if self.get_debug() or not self._turns.turn.acquire(blocking=False):
            return False
        borrower = asyncio.get_running_loop()
        task = asyncio.current_task()
        if task is not None:
            _leave_task(borrower, task)
        _set_running_loop(self)
        self._is_lent = True
        try:
            callback()
            for _ in range(_MOST_CALLBACKS):
                if not self._ready:
                    break
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()
            if self._ready:
                self._wake()
        finally:
            self._is_lent = False
            _set_running_loop(borrower)
            if task is not None:
                _enter_task(borrower, task)
            self._turns.turn.release()
        return True

    def call_at(
        self, when: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As ever; a timer that is set in a lent turn may be due before the loop wakes by itself."""
        timer = super().call_at(when, callback, *args, context=context)
        if self._is_lent and when < self.time() + self._turns.waits_seconds:
            self._wake()
        return timer

    def _wake(self) -> None:
        self.call_soon_threadsafe(_nothing)


def new_server_loop() -> asyncio.AbstractEventLoop:
    """A loop for the sockets, which lends its turn where this Python and this system let it."""
    # select() and poll() hear of a socket that is added meanwhile only when they return
    if selectors.DefaultSelector.__name__ in ("EpollSelector", "KqueueSelector"):
        return LendingLoop()
    return asyncio.new_event_loop()


def _nothing() -> None:
    """Wakes a loop."""
