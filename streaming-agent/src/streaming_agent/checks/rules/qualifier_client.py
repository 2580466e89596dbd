"""qualifier-client: the caller chooses which version of the agent answers."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK060",
    name="qualifier-client",
    severity=Severity.WARNING,
    title="The caller chooses the version",
    why="The qualifier picks the endpoint, and so the version, that answers: an old or unfinished one too.",
    fix="?qualifier=DEFAULT in the address, and no mapping of it",
    source=f"{AGENTCORE}/agent-runtime-versioning.html",
    group="Tokens and sessions",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        source = agent.mapped("querystring", "qualifier")
        if agent.address is not None and isinstance(source, str) and source.startswith("method.request."):
            yield RULE.hit(
                agent.resource,
                agent.at("parameters"),
                f"{agent.route.label} takes the qualifier, and so the version, from the caller ({source})",
            )
