"""http-api: an HTTP API in front of an agent."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK014",
    name="http-api",
    severity=Severity.ERROR,
    title="An HTTP API in front of an agent",
    why="Response streaming is only supported for REST APIs; an HTTP API buffers, and ends after 30 s.",
    fix="a REST API (AWS::ApiGateway::RestApi) for this route",
    source=f"{APIGW}/response-transfer-mode.html",
    group="Streaming",
    undecided="the address is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.http_agent_routes:
        if agent.function is not None and agent.function.streams:
            continue  # adapter-mismatch tells this cause
        yield RULE.hit(
            agent.resource,
            agent.at("uri"),
            f"{agent.route.label} of an HTTP API leads to an agent: HTTP APIs do not stream",
            severity=Severity.ERROR if agent.address else Severity.WARNING,
        )
