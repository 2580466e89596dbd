"""iam-proxy: a signed call whose signature does not reach the runtime."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK047",
    name="iam-proxy",
    severity=Severity.ERROR,
    title="IAM authorization in front of a runtime",
    why="API Gateway does not pass Authorization on when it checks the signature itself: the runtime refuses the call.",
    fix="a Cognito authorizer and a JWT authorizer of the runtime, or a Lambda function that signs",
    source=f"{APIGW}/api-gateway-known-issues.html",
    group="Tokens and sessions",
    undecided="Authorization is mapped from another header",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if agent.address is None or agent.type != "HTTP_PROXY" or agent.route.authorization.kind != "AWS_IAM":
            continue
        at = agent.at("authorization")
        if agent.mapped("header", "Authorization") is not None:
            yield RULE.cannot_tell(
                agent.resource, at, "whether AWS_IAM lets another header be mapped onto Authorization is not documented"
            )
        else:
            yield RULE.hit(
                agent.resource,
                at,
                f"{agent.route.label} asks for IAM, and Authorization is not passed on to the runtime",
            )
