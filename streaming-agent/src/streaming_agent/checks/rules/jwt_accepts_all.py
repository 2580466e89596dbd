"""jwt-accepts-all: a JWT authorizer that names no audience, client, scope or claim."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..token_decisions import JWT_PATH

RULE = Rule(
    code="CHK045",
    name="jwt-accepts-all",
    severity=Severity.ERROR,
    title="A JWT authorizer that names nobody",
    why="Without audience, clients, scopes or claims it is refused at creation: it would take any token of the issuer.",
    fix="AllowedAudience: [<the client>] for ID tokens, AllowedClients: [<the client>] for access tokens",
    source=f"{AGENTCORE}/inbound-jwt-authorizer.html",
    group="Tokens and sessions",
    undecided="a list is not in the template",
)
_LISTS = ("AllowedAudience", "AllowedClients", "AllowedScopes", "CustomClaims")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for runtime in context.runtimes:
        jwt = context.jwt_authorizer(runtime)
        if isinstance(jwt, dict) and not any(jwt.get(name) for name in _LISTS):
            yield RULE.hit(
                runtime,
                JWT_PATH,
                f"the JWT authorizer of {runtime.logical_id} names no audience, client, scope or claim",
            )
