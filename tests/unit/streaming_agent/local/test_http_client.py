"""What the local run's own HTTP client promises."""

import uvicorn
from streaming_agent.local.http_client import IDLE_SECONDS


def test_an_idle_connection_is_given_up_before_an_agents_server_does() -> None:
    """A call on a connection that its server is just closing would be answered with 424."""
    assert uvicorn.Config("agent:app").timeout_keep_alive >= 2 * IDLE_SECONDS
