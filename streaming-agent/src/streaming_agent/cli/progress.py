"""What a command is doing, on standard error: at once, and again while it takes long."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_log = logging.getLogger("streaming_agent.local")
_AGAIN_SECONDS = 5.0


class Progress:
    """Says each step as it begins, and every few seconds that it is still going on."""

    def __init__(self) -> None:
        self._step = ""
        self._since = 0.0
        self._ended = threading.Event()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Says something as long as the context is held."""
        thread = threading.Thread(target=self._repeat, name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.done()

    def begin(self, step: str) -> None:
        """A step begins."""
        self._step, self._since = step, time.monotonic()
        _log.info("%s", step)

    def done(self) -> None:
        """All of it is done."""
        self._ended.set()

    def _repeat(self) -> None:
        while not self._ended.wait(_AGAIN_SECONDS):
            if self._step:
                _log.info("still %s (%.0f s)", self._step, time.monotonic() - self._since)
