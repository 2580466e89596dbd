"""The one clock of a local run; scaled, it shows limits of minutes in seconds."""

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Time as the emulated services see it: `scale` of their seconds pass in one real second.

    Args:
        scale: How much faster than real time it runs.
        monotonic: What counts the real seconds; tests give an event loop's own time.
    """

    def __init__(self, scale: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.scale = scale
        self._monotonic = monotonic
        self._started_wall = time.time()
        self._started = monotonic()

    def now(self) -> float:
        """Seconds since the epoch, for tokens."""
        return self._started_wall + self.monotonic()

    def monotonic(self) -> float:
        """Seconds since the run began, for limits."""
        return (self._monotonic() - self._started) * self.scale

    def real(self, seconds: float) -> float:
        """How long `seconds` of the emulated services really take."""
        return seconds / self.scale

    async def sleep(self, seconds: float) -> None:
        """Sleeps `seconds` of the emulated services."""
        await asyncio.sleep(self.real(seconds))
