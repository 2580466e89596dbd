"""An event loop whose time passes only when nothing else is to be done: 15 minutes take no time at all."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from streaming_agent.local.clock import Clock

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Where the loop would wait, time passes."""

    loop: "VirtualTimeLoop"

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        if not events:
            if timeout is None:
                raise RuntimeError("nothing will ever happen")
            self.loop.passed += timeout
        return events


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Counts its own seconds."""

    def __init__(self) -> None:
        self.passed = 0.0
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self

    def time(self) -> float:
        return self.passed


def in_virtual_time(test: Callable[[Clock], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine with a clock of virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        loop = runner.get_loop()
        return runner.run(test(Clock(monotonic=loop.time)))
