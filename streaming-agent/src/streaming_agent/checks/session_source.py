"""Where a route's session id comes from."""

from typing import Any

from .system import AgentRoute

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


def session_source(agent: AgentRoute) -> Any:
    """What is mapped onto the session header; `None` when nothing is."""
    return agent.mapped("header", SESSION_HEADER)
