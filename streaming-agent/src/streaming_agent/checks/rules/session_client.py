"""session-client: the caller chooses the session."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..session_source import session_source

RULE = Rule(
    code="CHK057",
    name="session-client",
    severity=Severity.WARNING,
    title="The caller chooses the session",
    why=(
        "AgentCore does not tie sessions to users: whoever sends another's session id speaks in their conversation."
        " Without one each call starts a new microVM."
    ),
    fix="integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: context.authorizer.claims.sub",
    source=f"{AGENTCORE}/runtime-security-best-practices.html",
    group="Tokens and sessions",
    undecided="the mapping is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if agent.address is None or agent.type != "HTTP_PROXY":
            continue
        if agent.parameters == {} and context.symbols.unknown(agent.route.integration.parameters):
            continue
        source = session_source(agent)
        if source is None:
            yield RULE.hit(
                agent.resource,
                agent.at("parameters", "integration"),
                f"{agent.route.label} maps no session id: the caller's own header reaches AgentCore",
            )
        elif isinstance(source, str) and source.startswith("method.request."):
            yield RULE.hit(
                agent.resource,
                agent.at("parameters"),
                f"{agent.route.label} takes the session id from the caller ({source})",
            )
