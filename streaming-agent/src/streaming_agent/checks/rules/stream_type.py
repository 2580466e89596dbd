"""stream-type: STREAM with an integration that cannot stream."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK002",
    name="stream-type",
    severity=Severity.ERROR,
    title="STREAM with an integration that is no proxy",
    why="Response streaming works with HTTP_PROXY and Lambda AWS_PROXY integrations only.",
    fix="Type: HTTP_PROXY (or AWS_PROXY for a Lambda function)",
    source=f"{APIGW}/response-transfer-mode.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if agent.streams and agent.type in ("HTTP", "AWS", "MOCK"):
            yield RULE.hit(
                agent.resource,
                agent.at("type", "integration"),
                f"{agent.route.label} has STREAM with an integration of type {agent.type}, which cannot stream",
            )
