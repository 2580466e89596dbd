"""session-short: a session id that AgentCore refuses for its length."""

from collections.abc import Iterator

from ..agent_routes import AgentRoute, CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..session_source import session_source
from ..token_decisions import clients_named

RULE = Rule(
    code="CHK058",
    name="session-short",
    severity=Severity.ERROR,
    title="A session id that is too short",
    why="A session id has 33 to 256 characters; a machine's sub is its client id, which has 26.",
    fix="context.requestId (a UUID) for machines",
    source=f"{AGENTCORE}/runtime-sessions.html",
    group="Tokens and sessions",
)
_LEAST, _MOST = 33, 256


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        source = session_source(agent) if agent.address else None
        text = context.literal(source)
        if text is None:
            continue
        if text.startswith("'") and text.endswith("'") and not _LEAST <= len(text) - 2 <= _MOST:
            yield RULE.hit(
                agent.resource,
                agent.at("parameters"),
                f"{agent.route.label} sends a session id of {len(text) - 2} characters, and {_LEAST} to"
                f" {_MOST} are taken",
            )
        elif text == "context.authorizer.claims.sub" and _machines_only(context, agent):
            yield RULE.hit(
                agent.resource,
                agent.at("parameters"),
                f"{agent.route.label} sends the sub of machines as session id: it has 26 characters, and"
                f" {_LEAST} is the"
                " least",
            )


def _machines_only(context: CheckContext, agent: AgentRoute) -> bool:
    """Whether every client that the runtime lists signs in only by client credentials."""
    runtime = agent.address.resource if agent.address else None
    jwt = context.jwt_authorizer(runtime) if runtime is not None else None
    if not isinstance(jwt, dict):
        return False
    listed = jwt.get("AllowedClients")
    clients = [client for name, _, client in clients_named(context, jwt) if name == "AllowedClients"]
    return bool(clients) and isinstance(listed, list) and len(clients) == len(listed) and all(
        client.items("AllowedOAuthFlows") == ["client_credentials"] for client in clients
    )  # fmt: skip
