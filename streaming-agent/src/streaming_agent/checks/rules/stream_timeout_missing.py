"""stream-timeout-missing: a stream that API Gateway ends after 29 seconds."""

from collections.abc import Iterator

from ...template.integration_timeouts import BUFFERED_TIMEOUT_MS
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK005",
    name="stream-timeout-missing",
    severity=Severity.WARNING,
    title="A stream of at most 29 seconds",
    why="Without TimeoutInMillis the integration ends after 29 s; with STREAM it may last 15 minutes.",
    fix="TimeoutInMillis: 900000",
    source=f"{APIGW}/response-streaming-http.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if not agent.streams:
            continue
        timeout = agent.route.integration.timeout_ms
        if timeout is None:
            yield RULE.hit(
                agent.resource,
                agent.at("integration"),
                f"{agent.route.label} streams without a timeout of its own: it ends after 29 s, the default",
            )
        elif str(timeout) == str(BUFFERED_TIMEOUT_MS):
            yield RULE.hit(
                agent.resource,
                agent.at("timeout_ms"),
                f"{agent.route.label} streams for 29 s at most: that is the limit of buffered answers, not of STREAM",
            )
