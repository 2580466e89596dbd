"""The event loop that answers run on, in a thread of its own: blocking code stops neither heartbeats nor /ping."""

import asyncio
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

_T = TypeVar("_T")
_SWITCH_SECONDS = 0.0005
"""With Python's own 5 ms, a chunk waits that long for the interpreter whenever the other thread computes."""


class AgentLoop:
    """Started when it is first needed, so that it starts in the session and not in a snapshot's parent."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
                threading.Thread(target=self._loop.run_forever, name="agent", daemon=True).start()
            return self._loop

    def forget(self) -> None:
        """Leaves a loop whose thread is gone, or is about to be."""
        self._loop = None

    def start(self, work: Coroutine[Any, Any, _T]) -> "Future[_T]":
        """Runs something there, from any thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)
