"""jwt-missing: a bearer token for a runtime that wants a signature."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK044",
    name="jwt-missing",
    severity=Severity.ERROR,
    title="A bearer token for a runtime that wants a signature",
    why="A runtime without a JWT authorizer takes requests signed with IAM only: a bearer token is 403.",
    fix="AuthorizerConfiguration: {CustomJWTAuthorizer: {DiscoveryUrl: …, AllowedAudience: [<the client>]}}",
    source=f"{AGENTCORE}/runtime-oauth.html",
    group="Tokens and sessions",
    absence=True,
    undecided="the runtime is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        runtime = agent.address.resource if agent.address else None
        if runtime is None or agent.type != "HTTP_PROXY":
            continue
        mapped = agent.mapped("header", "Authorization") is not None
        bearer = agent.route.authorization.kind in ("COGNITO_USER_POOLS", "JWT") or mapped
        if bearer and context.jwt_authorizer(runtime) is None:
            other = "" if runtime.stack is agent.resource.stack else f" (stack {runtime.stack.name})"
            yield RULE.hit(
                runtime,
                ("AuthorizerConfiguration",),
                f"{agent.route.label} passes a bearer token on, and {runtime.logical_id}{other} has no JWT"
                " authorizer: 403",
                related=((agent.resource, agent.at("authorization")),),
            )
