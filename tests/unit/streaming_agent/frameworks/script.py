"""What a scripted model says: turns of pieces, for the models of all four frameworks."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """The model wants a tool."""

    name: str
    id: str = "t1"


@dataclass(frozen=True)
class Thought:
    """The model thinks aloud."""

    text: str


@dataclass(frozen=True)
class Cited:
    """The model names a source."""

    title: str
    url: str


HANG = object()
"""The model says nothing for a minute."""
TOKENS = (7, 3)
"""What each turn of the model costs."""


@dataclass
class Script:
    """The turns in order; the last one again and again."""

    turns: list[list[Any]]
    heard: list[Any] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    async def pieces(self, heard: Any) -> AsyncIterator[Any]:
        """One turn; `closed` is set when its stream ends, however that happens."""
        turn = self.turns[min(len(self.heard), len(self.turns) - 1)]
        self.heard.append(heard)
        try:
            for piece in turn:
                await asyncio.sleep(0)
                if isinstance(piece, BaseException):
                    raise piece
                if piece is HANG:
                    await asyncio.sleep(60)
                else:
                    yield piece
        finally:
            self.closed.set()
