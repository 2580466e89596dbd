"""timeout-range: an integration timeout that API Gateway does not take."""

from collections.abc import Iterator

from ...template.integration_timeouts import LEAST_TIMEOUT_MS, RAISED_TIMEOUT_MS, STREAM_TIMEOUT_MS
from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK006",
    name="timeout-range",
    severity=Severity.ERROR,
    title="A timeout outside the limits",
    why="API Gateway takes 50 ms to 15 minutes with STREAM, and to 5 minutes without.",
    fix="TimeoutInMillis: 900000 (the most with STREAM)",
    source=f"{APIGW}/response-streaming-http.html",
    group="Streaming",
    undecided="the timeout is a parameter without Default",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        timeout = as_number(agent.route.integration.timeout_ms)
        if timeout is None:
            continue
        at = agent.at("timeout_ms")
        shown = f"{agent.route.label} has a timeout of {timeout:,.0f} ms"
        if timeout > STREAM_TIMEOUT_MS:
            yield RULE.hit(agent.resource, at, f"{shown}, and 900,000 is the most, STREAM or not")
        elif agent.mode == "BUFFERED" and timeout > RAISED_TIMEOUT_MS:
            yield RULE.hit(agent.resource, at, f"{shown}, and 300,000 is the most for buffered answers")
        elif timeout < LEAST_TIMEOUT_MS:
            yield RULE.hit(agent.resource, at, f"{shown}, and 50 is the least")
