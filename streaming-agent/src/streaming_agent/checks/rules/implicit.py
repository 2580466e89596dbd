"""implicit: tokens in the address of the page."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule
from ..token_decisions import clients_named

RULE = Rule(
    code="CHK056",
    name="implicit",
    severity=Severity.WARNING,
    title="The implicit flow",
    why="The implicit flow puts the token into the page's address, where the history and other scripts read it.",
    fix="AllowedOAuthFlows: [code] (with PKCE)",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html",
    group="Who may call",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    pools = _agent_pools(context)
    listed = {
        id(client)
        for runtime in context.runtimes
        if isinstance(jwt := context.jwt_authorizer(runtime), dict)
        for _, _, client in clients_named(context, jwt)
    }
    for client in context.view.resources("AWS::Cognito::UserPoolClient"):
        flows = client.items("AllowedOAuthFlows")
        used = id(client) in listed or context.symbols.reference(client.get("UserPoolId")) in pools
        if "implicit" in flows and used and client.flag("AllowedOAuthFlowsUserPoolClient") is not False:
            yield RULE.hit(client, ("AllowedOAuthFlows",), f"{client.logical_id} gives tokens in the page's address")


def _agent_pools(context: CheckContext) -> set[object]:
    found: set[object] = set()
    for agent in context.agent_routes:
        authorizer = agent.route.authorization.authorizer
        for arn in authorizer.provider_arns if authorizer else ():
            for reference in context.symbols.references(arn):
                found.add(type(reference)(reference.stack, reference.logical_id))
    return found
