"""stream-vtl: response templates on a route that streams."""

from collections.abc import Iterator
from typing import Any

from ...template.plain_values import mappings_in
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK011",
    name="stream-vtl",
    severity=Severity.ERROR,
    title="Response templates with STREAM",
    why="A streamed answer cannot be transformed with VTL.",
    fix="remove ResponseTemplates from the route's integration",
    source=f"{APIGW}/response-transfer-mode.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if agent.streams and _templates(agent.route.integration.responses):
            yield RULE.hit(
                agent.resource,
                agent.at("responses", "integration"),
                f"{agent.route.label} streams, and its integration transforms the response with a template",
            )


def _templates(responses: Any) -> bool:
    return any(one.get("ResponseTemplates") or one.get("responseTemplates") for one in mappings_in(responses))
