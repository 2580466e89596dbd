"""query-passes: the caller's query string goes on to the runtime."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..firewalls import acls_of, looks_at_query
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK039",
    name="query-passes",
    severity=Severity.NOTE,
    title="The caller's query string reaches the runtime",
    why=(
        "API Gateway adds the caller's query string to the address: a second qualifier or accountId reaches AgentCore,"
        " and which one wins is not known."
    ),
    fix="a rule of the stage's web ACL that blocks the query arguments qualifier and accountId",
    source=f"{APIGW}/http-api-develop-integrations-http.html",
    group="Address and headers",
    absence=True,
    undecided="the web ACL is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        if agent.address is None or agent.type != "HTTP_PROXY":
            continue
        acls = [acl for stage in agent.route.api.stages for acl in acls_of(context, stage)]
        if None in acls or not agent.route.api.stages:
            continue  # a web ACL, or the stage, is not in the template
        if not any(looks_at_query(acl) for acl in acls if acl is not None):
            yield RULE.hit(
                agent.resource,
                agent.at("uri"),
                f"a caller of {agent.route.label} may add a qualifier or accountId of their own to the query string",
            )
