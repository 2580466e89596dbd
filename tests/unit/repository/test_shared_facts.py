"""The two distributions share no code: a fact that both need is written once in each, and here they are compared."""

import pytest
from streaming_agent import context, gateway_secret, origins
from streaming_agent.checks import session_source
from streaming_agent.client import session_id

from streaming_agent_construct.api import cors, invocation
from streaming_agent_construct.protection import runtime_guard
from streaming_agent_construct.runtime import agent_runtime, header_allow_list


@pytest.mark.parametrize(
    ("fact", "names"),
    [
        (
            "the header that names a session",
            [
                invocation._SESSION_HEADER,
                session_id.SESSION_HEADER,
                session_source.SESSION_HEADER,
                context.SESSION_HEADER,
            ],
        ),
        ("the header with the page's origin", [header_allow_list.ORIGIN_HEADER, origins.ORIGIN_HEADER]),
        ("the header with the gateway's secret", [runtime_guard.GATEWAY_SECRET_HEADER, gateway_secret.SECRET_HEADER]),
    ],
)
def test_a_header_has_one_name(fact: str, names: list[str]) -> None:
    """HTTP does not tell cases apart (RFC 9110, 5.1), and an agent sees them in lower case."""
    assert len({name.lower() for name in names}) == 1, fact


@pytest.mark.parametrize(
    ("construct", "agent"),
    [
        (runtime_guard.GATEWAY_SECRET_VARIABLE, gateway_secret.SECRET_VARIABLE),
        (agent_runtime._ORIGINS_VARIABLE, origins.ORIGINS_VARIABLE),
    ],
)
def test_the_agent_reads_the_variable_that_the_construct_sets(construct: str, agent: str) -> None:
    assert construct == agent


def test_a_page_may_send_the_session_where_the_caller_chooses_it() -> None:
    assert invocation._SESSION_HEADER in cors._DEFAULT_HEADERS
