"""user-id: the caller says who they are."""

from collections.abc import Iterator

from ...context import USER_HEADER
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK059",
    name="user-id",
    severity=Severity.WARNING,
    title="The caller says who they are",
    why="AgentCore does not check the user id against the token: whoever sends another's id acts as them.",
    fix="integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id: context.authorizer.claims.sub",
    source=f"{AGENTCORE}/runtime-security-best-practices.html",
    group="Tokens and sessions",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        source = agent.mapped("header", USER_HEADER)
        if isinstance(source, str) and source.startswith("method.request."):
            yield RULE.hit(
                agent.resource,
                agent.at("parameters"),
                f"{agent.route.label} takes the user id from the caller ({source})",
            )
