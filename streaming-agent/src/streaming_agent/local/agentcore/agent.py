"""What the runtime asks of agents, however they run."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ..messages import Headers


class ReachableAgent(Protocol):
    """An agent that answers at an origin such as `http://127.0.0.1:9000`."""

    origin: str
    headers: Headers  # what each request to it carries, so that it knows the local run

    async def settled(self) -> None:
        """Waits a moment to see whether a broken connection was the agent's end."""
        ...


class AgentsBySession(Protocol):
    """Finds the agent of a session."""

    def agent_of(self, session_id: str) -> AbstractAsyncContextManager[ReachableAgent]:
        """The session's agent, kept while it is in use."""
        ...

    async def stop(self, session_id: str) -> bool:
        """Ends a session; whether there was one."""
        ...
