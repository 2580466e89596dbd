"""proxy-responses-ignored: response headers on an integration that passes the answer on as it is."""

from collections.abc import Iterator
from typing import Any

from ...template.plain_values import mappings_in
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK017",
    name="proxy-responses-ignored",
    severity=Severity.NOTE,
    title="Integration responses of a proxy",
    why="API Gateway passes a proxied answer on as it is: headers of integration responses (CORS, content"
    " type) are ignored.",
    fix="set the header in the agent's own response, and remove IntegrationResponses",
    source=f"{APIGW}/api-gateway-api-integration-types.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if agent.type.endswith("_PROXY") and _sets_headers(agent.route.integration.responses):
            yield RULE.hit(
                agent.resource,
                agent.at("responses"),
                f"{agent.route.label} is a proxy: its integration responses are ignored",
            )


def _sets_headers(responses: Any) -> bool:
    return any(one.get("ResponseParameters") or one.get("responseParameters") for one in mappings_in(responses))
