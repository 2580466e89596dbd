"""Runs what is not async in a thread of its own, and hands on what it yields."""

import asyncio
import contextvars
import inspect
import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from typing import Any

from .context import Context, log_suffix
from .events import AnswerError

THREADS = 64
"""How many answers that are not async run at once; asyncio's own executor has 6 threads on 2 cores."""
_AHEAD = 16
"""Events that the thread may be ahead of the loop."""
PATIENCE_SECONDS = 10.0
"""How long an answer may run on after its caller left before the log says so."""

_log = logging.getLogger("streaming_agent")
_taken = threading.BoundedSemaphore(THREADS)


def busy(most: int) -> AnswerError:
    """What callers are told when so many answers run at once as may."""
    return AnswerError("agent_busy", f"{most} answers are being made already: ask again in a moment")


class _Stopped(BaseException):
    """Ends a generator whose reader left."""


class _Worker:
    """One thread with one blocking answer. Daemonic: a function that never ends must not keep the process alive."""

    def __init__(self, function: Callable[[], Any], context: Context) -> None:
        self._function = function
        self._context = context
        self._loop = asyncio.get_running_loop()
        self._came: deque[Any] = deque()
        self._wake = asyncio.Event()
        self._space = threading.Semaphore(_AHEAD)
        self._stop = False
        self.error: BaseException | None = None
        self.done = asyncio.Event()
        run = contextvars.copy_context().run
        self._thread = threading.Thread(target=run, args=(self._work,), name="answer", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    async def take(self) -> list[Any]:
        """What came since; empty at the end."""
        while not self._came and not self.done.is_set():
            self._wake.clear()
            await self._wake.wait()
        taken = []
        while self._came:
            taken.append(self._came.popleft())
            self._space.release()
        return taken

    def stop(self) -> None:
        """Asks the thread to end at its next yield. Python cannot stop it in between."""
        self._stop = True
        self._space.release()
        if not self.done.is_set():
            self._loop.call_later(PATIENCE_SECONDS, self._complain)

    def _complain(self) -> None:
        if not self.done.is_set():
            _log.warning(
                "the answer's function still runs %.0f s after its caller left %s: a thread "
                "cannot be stopped, so make it an async generator, or let it look at context.cancelled",
                PATIENCE_SECONDS,
                log_suffix(self._context),
            )

    # --- in the thread
    def _work(self) -> None:
        try:
            result = self._function()
            if isinstance(result, Iterator):
                try:
                    for event in result:
                        self._put(event)
                finally:
                    if inspect.isgenerator(result):
                        result.close()
            elif result is not None:
                self._put(result)
        except _Stopped:
            pass
        except BaseException as error:
            self.error = error
            if self._stop:  # nobody takes it any more
                _log.error("the answer failed after its caller left %s", log_suffix(self._context), exc_info=error)
        finally:
            _taken.release()
            with suppress(_Stopped):
                self._tell(self._end)

    def _put(self, event: Any) -> None:
        self._space.acquire()
        if self._stop:
            raise _Stopped
        self._came.append(event)
        self._tell(self._wake.set)

    def _end(self) -> None:
        self.done.set()
        self._wake.set()

    def _tell(self, callback: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the loop is closed: the process ends
            raise _Stopped from None


async def in_thread(function: Callable[[], Any], context: Context) -> AsyncGenerator[Any, None]:
    """The events of a plain function or a generator; raises `AnswerError` when too many run already."""
    if not _taken.acquire(blocking=False):
        raise busy(THREADS)
    worker = _Worker(function, context)
    worker.start()
    try:
        while events := await worker.take():
            for event in events:
                yield event
        if worker.error is not None:
            raise worker.error
    finally:
        worker.stop()
