"""Where a route's session id comes from."""

from typing import Any

from ..context import SESSION_HEADER
from .agent_routes import AgentRoute


def session_source(agent: AgentRoute) -> Any:
    """What is mapped onto the session header; `None` when nothing is."""
    return agent.mapped("header", SESSION_HEADER)
