"""key-only: an API key in the place of an authorizer."""

from collections.abc import Iterator

from ...template.plain_values import as_flag
from ..access_restrictions import restriction_of
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK051",
    name="key-only",
    severity=Severity.WARNING,
    title="An API key in the place of an authorizer",
    why="API keys are for metering: they are no authentication, and everybody who has one is the same caller.",
    fix="an authorizer beside the key",
    source=f"{APIGW}/api-gateway-api-usage-plans.html",
    group="Who may call",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        route = agent.route
        if (
            route.authorization.kind == "NONE"
            and as_flag(route.api_key_required)
            and restriction_of(context, route.api) is None
        ):
            yield RULE.hit(
                agent.resource,
                agent.at("api_key_required", "authorization"),
                f"{route.label} asks only for an API key",
            )
