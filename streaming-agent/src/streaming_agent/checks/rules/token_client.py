"""token-client: a client of another pool in the runtime's list."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..token_decisions import JWT_PATH, clients_named, discovery_pool, pool_of_client, shown_pool

RULE = Rule(
    code="CHK042",
    name="token-client",
    severity=Severity.ERROR,
    title="A client of another pool in the runtime's list",
    why="The tokens of a client come from its own pool: the runtime, which asks another, refuses them.",
    fix="the client of the pool in DiscoveryUrl",
    source=f"{AGENTCORE}/inbound-jwt-authorizer.html",
    group="Tokens and sessions",
    undecided="the client or its pool is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for runtime in context.runtimes:
        jwt = context.jwt_authorizer(runtime)
        pool = discovery_pool(context, jwt) if isinstance(jwt, dict) else None
        if not isinstance(jwt, dict) or pool is None:
            continue
        for name, index, client in clients_named(context, jwt):
            other = pool_of_client(context, client)
            if other is not None and type(other) is type(pool) and other != pool:
                yield RULE.hit(
                    runtime,
                    (*JWT_PATH, name, index),
                    f"{runtime.logical_id} takes tokens of {shown_pool(pool)} and lists {client.logical_id}, a"
                    " client of"
                    f" {shown_pool(other)}",
                    related=((client, ("UserPoolId",)),),
                )
