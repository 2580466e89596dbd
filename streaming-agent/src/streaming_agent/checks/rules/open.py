"""open: a route to an agent that asks nobody who they are."""

from collections.abc import Iterator

from ...template import Unknown
from ..access_restrictions import restriction_of
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK050",
    name="open",
    severity=Severity.ERROR,
    title="A route that asks nobody",
    why="Anyone who knows the address spends your tokens and speaks with your agent.",
    fix="AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref <an authorizer>",
    source=f"{APIGW}/apigateway-control-access-to-api.html",
    group="Who may call",
    undecided="the authorization, the API or its policy is not in the template",
)
_SIGNED = ("webhook", "slack", "/hook", "github", "stripe")  # senders that sign what they send


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        route = agent.route
        at = agent.at("authorization", "integration")
        if route.authorization.unknown is not None:
            why = route.authorization.unknown.why
            yield RULE.cannot_tell(agent.resource, at, f"whom {route.label} asks is not known: {why}")
            continue
        if route.authorization.kind != "NONE" or route.api_key_required not in (None, False, "false"):
            continue
        restriction = restriction_of(context, route.api)
        if isinstance(restriction, str):
            continue
        if isinstance(restriction, Unknown):
            yield RULE.cannot_tell(agent.resource, at, f"{route.label} has no authorizer, and {restriction.why}")
        elif any(word in (route.url_path or "").lower() for word in _SIGNED):
            yield RULE.cannot_tell(
                agent.resource, at, f"{route.label} has no authorizer; whether its code checks a signature is not known"
            )
        elif agent.address is not None:
            yield RULE.hit(
                agent.resource,
                at,
                f"{route.label} asks nobody at the gateway: only the runtime checks who calls",
                severity=Severity.WARNING,
            )
        elif str(route.api.endpoint_type()).upper() == "PRIVATE":
            yield RULE.hit(
                agent.resource,
                at,
                f"{route.label} asks nobody, and the policy of the private API admits every VPC",
                severity=Severity.WARNING,
            )
        else:
            yield RULE.hit(agent.resource, at, f"{route.label} asks nobody: whoever knows the address may call")
