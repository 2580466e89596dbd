"""An agent that runs already, in another language or in a debugger: every session goes to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from ..messages import Headers


class ExternalAgent:
    """In the place of the processes that a run starts itself."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.headers: Headers = ()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @asynccontextmanager
    async def agent_of(self, session_id: str) -> AsyncIterator[Self]:
        """This agent, whatever the session."""
        yield self

    async def settled(self) -> None:
        """Nothing is waited for: its end is somebody else's business."""

    async def stop(self, session_id: str) -> bool:
        """Its sessions are its own business."""
        return False
