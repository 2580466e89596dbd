"""implicit: tokens in the address of the page."""

from collections.abc import Iterator

from ..finding import Severity
from ..rule import Hit, Rule
from ..system import System
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


def check(system: System) -> Iterator[Hit]:
    """Every place that the rule finds."""
    pools = _agent_pools(system)
    listed = {
        id(client)
        for runtime in system.runtimes
        if isinstance(jwt := system.jwt_authorizer(runtime), dict)
        for _, _, client in clients_named(system, jwt)
    }
    for client in system.view.resources("AWS::Cognito::UserPoolClient"):
        flows = client.items("AllowedOAuthFlows")
        used = id(client) in listed or system.symbols.reference(client.get("UserPoolId")) in pools
        if "implicit" in flows and used and client.flag("AllowedOAuthFlowsUserPoolClient") is not False:
            yield RULE.hit(client, ("AllowedOAuthFlows",), f"{client.logical_id} gives tokens in the page's address")


def _agent_pools(system: System) -> set[object]:
    found: set[object] = set()
    for agent in system.agent_routes:
        authorizer = agent.route.authorization.authorizer
        for arn in authorizer.provider_arns if authorizer else ():
            for reference in system.symbols.references(arn):
                found.add(type(reference)(reference.stack, reference.logical_id))
    return found
