"""The event loop that answers run on, in a thread of its own: blocking code stops neither heartbeats nor /ping."""

import asyncio
import logging
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

_log = logging.getLogger("streaming_agent")
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
                threading.Thread(target=_serve, args=(self._loop,), name="agent", daemon=True).start()
            return self._loop

    def forget(self) -> None:
        """Leaves a loop whose thread is gone, or is about to be."""
        self._loop = None

    def start(self, work: Coroutine[Any, Any, _T]) -> "Future[_T]":
        """Runs something there, from any thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Runs the loop as long as the process: what one answer does to it must not silence the others."""
    while not loop.is_closed():
        try:
            loop.run_forever()
            _log.error("the agent's code stopped the event loop, which runs on: leave loop.stop() out")
        except BaseException:
            _log.exception("a task of the agent's code wanted to end the process, which runs on: let it return instead")
