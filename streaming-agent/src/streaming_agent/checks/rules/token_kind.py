"""token-kind: the gateway takes one kind of token and the runtime the other."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..token_decisions import JWT_PATH, token_decisions

RULE = Rule(
    code="CHK040",
    name="token-kind",
    severity=Severity.ERROR,
    title="The gateway and the runtime take different tokens",
    why=(
        "Without scopes the gateway takes Cognito's ID token, with scopes the access token. ID tokens have aud and no"
        " client_id, access tokens client_id and no aud: the other list answers 401."
    ),
    fix="AllowedAudience for ID tokens (no scopes), AllowedClients for access tokens (AuthorizationScopes)",
    source=f"{AGENTCORE}/inbound-jwt-authorizer.html",
    group="Tokens and sessions",
    undecided="the runtime or the authorizer is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for decision in token_decisions(context):
        agent = decision.agent
        scopes = agent.route.authorization.scopes
        if context.symbols.unknown(list(scopes)) and not any(context.literal(scope) for scope in scopes):
            yield RULE.cannot_tell(agent.resource, agent.at("scopes", "authorization"), "the scopes are not known")
            continue
        wrong = "AllowedAudience" if scopes else "AllowedClients"
        right = "AllowedClients" if scopes else "AllowedAudience"
        if not decision.jwt.get(wrong) or context.symbols.only(decision.jwt[wrong]):
            continue
        if scopes and _names_a_resource(decision.jwt):
            continue
        takes = "access tokens (it has scopes)" if scopes else "ID tokens (it has no scopes)"
        lacks = "no aud" if scopes else "no client_id"
        yield RULE.hit(
            agent.resource,
            agent.at("scopes", "authorizer", "authorization"),
            f"{decision.route} takes {takes}, which have {lacks}, and {decision.where} lists {wrong}: 401",
            fix=f"{right} in place of {wrong}",
            related=((decision.runtime, (*JWT_PATH, wrong)),),
        )
    for agent in context.agent_routes:
        if agent.address is None or agent.route.authorization.kind != "COGNITO_USER_POOLS":
            continue
        runtime = agent.address.resource
        if runtime is None:
            yield RULE.cannot_tell(
                agent.resource,
                agent.at("authorization"),
                f"the runtime of {agent.route.label} is not in the template, so which token it takes is not known",
                fix="give the runtime's template too",
            )
        elif (unknown := context.jwt_authorizer(runtime)) and not isinstance(unknown, dict):
            yield RULE.cannot_tell(
                runtime,
                ("AuthorizerConfiguration",),
                f"which token {runtime.logical_id} takes is not known: {unknown.why}",
            )


def _names_a_resource(jwt: dict[str, object]) -> bool:
    """Whether an audience is an address: an access token has it as aud when the client names a resource (RFC 8707)."""
    audience = jwt.get("AllowedAudience")
    return isinstance(audience, list) and all(str(one).startswith("https://") for one in audience)
