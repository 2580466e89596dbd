"""Hooks at start and at session start; re-seeds after a snapshot is restored (AC runtime-v2-optimize).

AgentCore takes one snapshot of the started agent and restores each session from it. `random` then repeats in all of
them, and so does everything built on it, such as OpenTelemetry's trace ids; so does OpenSSL, once it was used.
"""

import asyncio
import inspect
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

Hook = Callable[[], Awaitable[None] | None]
_RESTORED_SECONDS = 1.0
"""Less would take a step of NTP's for a restore."""


class AgentStart:
    """What runs once in a process, before /ping first answers."""

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Runs the hooks that did not run yet; one that fails runs again the next time."""
        async with self._lock:
            while self.hooks:
                await call_hook(self.hooks[0])
                self.hooks.pop(0)


class SessionStart:
    """Makes a process fresh before its first answer, and again when it finds that it was restored since."""

    def __init__(self, clocks: Callable[[], float] = lambda: time.time() - time.monotonic()) -> None:
        """:param clocks: How far wall time is ahead of monotonic time, which stands still in a snapshot."""
        self.hooks: list[Hook] = []
        self._clocks = clocks
        self._ahead: float | None = None
        self._fresh = False
        self._lock: asyncio.Lock | None = None

    def notice_restore(self) -> bool:
        """Looks at the clocks, at each request; whether this process was restored since the last one."""
        ahead = self._clocks()
        restored = self._ahead is not None and abs(ahead - self._ahead) > _RESTORED_SECONDS
        if restored:
            self._fresh = False
        self._ahead = ahead
        return restored

    async def begin(self) -> None:
        """Runs the session's hooks where they did not run yet. On the agent's loop, before any span is opened."""
        if self._fresh:
            return
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            if self._fresh:
                return
            reseed()
            for hook in self.hooks:
                await call_hook(hook)
            self._fresh = True


async def call_hook(hook: Hook) -> None:
    """Runs a hook, async or not."""
    made = hook()
    if inspect.isawaitable(made):
        await made


def reseed() -> None:
    """Randomness that a snapshot would repeat. `os.urandom`, `secrets` and `uuid4` are fresh by themselves.

    The `cryptography` package brings an OpenSSL of its own, which nothing in Python can seed: make no private key
    before the first call.
    """
    random.seed()
    loaded: dict[str, Any] = dict(sys.modules)
    if (ssl := loaded.get("ssl")) is not None:
        ssl.RAND_add(os.urandom(48), 48.0)
    if (tempfile := loaded.get("tempfile")) is not None:
        tempfile._name_sequence = None
    if (numpy_random := loaded.get("numpy.random")) is not None:
        numpy_random.seed()
