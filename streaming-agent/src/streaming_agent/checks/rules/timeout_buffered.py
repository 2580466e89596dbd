"""timeout-buffered: a buffered route with a timeout above the default quota."""

from collections.abc import Iterator

from ...template.integration_timeouts import BUFFERED_TIMEOUT_MS, RAISED_TIMEOUT_MS
from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK007",
    name="timeout-buffered",
    severity=Severity.WARNING,
    title="A buffered timeout over 29 seconds",
    why="Buffered answers over 29 s need a raised quota of the account, and Regional or private APIs.",
    fix="ResponseTransferMode: STREAM",
    source=f"{APIGW}/api-gateway-execution-service-limits-table.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        timeout = as_number(agent.route.integration.timeout_ms)
        if timeout is not None and agent.mode == "BUFFERED" and BUFFERED_TIMEOUT_MS < timeout <= RAISED_TIMEOUT_MS:
            yield RULE.hit(
                agent.resource,
                agent.at("timeout_ms"),
                f"{agent.route.label} buffers and may take {timeout / 1000:g} s: over 29 s the account needs a"
                " raised quota",
            )
