"""token-pool: the gateway and the runtime ask different issuers."""

from collections.abc import Iterator

from ...template import Unknown
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..token_decisions import JWT_PATH, authorizer_pools, discovery_pool, shown_pool, token_decisions

RULE = Rule(
    code="CHK041",
    name="token-pool",
    severity=Severity.ERROR,
    title="The gateway and the runtime ask different issuers",
    why="A token of one pool is refused by whichever layer asks another.",
    fix="DiscoveryUrl of the pool that the gateway's authorizer asks",
    source=f"{AGENTCORE}/inbound-jwt-authorizer.html",
    group="Tokens and sessions",
    undecided="a pool is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for decision in token_decisions(context):
        pools = authorizer_pools(context, decision.agent)
        pool = discovery_pool(context, decision.jwt)
        if not pools or isinstance(pools, Unknown) or pool is None:
            continue
        # an id that is written out may be the pool of the template: then nobody can tell
        comparable = [one for one in pools if type(one) is type(pool)]
        if comparable and len(comparable) == len(pools) and pool not in pools:
            yield RULE.hit(
                decision.runtime,
                (*JWT_PATH, "DiscoveryUrl"),
                f"{decision.where} takes tokens of {shown_pool(pool)}, and {decision.route} those of"
                f" {', '.join(map(shown_pool, pools))}: 401",
                related=((decision.agent.resource, decision.agent.at("authorizer", "authorization")),),
            )
