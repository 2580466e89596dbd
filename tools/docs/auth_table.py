"""Writes the tables of docs/auth.md: what each layer checks in each mode, read from the templates themselves.

`make docs` runs it; a test compares, so that the page never says what the stacks do not do.
"""

from collections.abc import Callable
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    RequiredClaim,
    SessionBinding,
    StreamingAgentApi,
    TokenType,
)

DISCOVERY = "https://login.example.com/.well-known/openid-configuration"
SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
CALLER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
AUTHORIZATION = "integration.request.header.Authorization"
NOT_CHECKED = "not checked"

Json = dict[str, Any]
Cells = dict[str, str]


def _pool(stack: Stack) -> cognito.IUserPool:
    return cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-west-1_abcdefghi")


def _client(stack: Stack) -> cognito.IUserPoolClient:
    return cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "web")


def _handler(stack: Stack) -> lambda_.IFunction:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:authorizer"
    return lambda_.Function.from_function_attributes(stack, "Handler", function_arn=arn, same_environment=True)


MODES: dict[str, tuple[Callable[[Stack], AgentAuth], SessionBinding | None]] = {
    "cognito()": (lambda stack: AgentAuth.cognito(), None),
    'cognito(groups=["staff"])': (lambda stack: AgentAuth.cognito(groups=["staff"]), None),
    "cognito(token=ACCESS)": (lambda stack: AgentAuth.cognito(token=TokenType.ACCESS), SessionBinding.PER_USER),
    "user_pool(pool, [client])": (lambda stack: AgentAuth.user_pool(_pool(stack), [_client(stack)]), None),
    'user_pool(…, token=ACCESS, scopes=["agents/invoke"])': (
        lambda stack: AgentAuth.user_pool(
            _pool(stack), [_client(stack)], token=TokenType.ACCESS, scopes=["agents/invoke"]
        ),
        SessionBinding.PER_REQUEST,
    ),
    'oidc(audiences=["agents"], scopes=…, claims=…)': (
        lambda stack: AgentAuth.oidc(
            discovery_url=DISCOVERY,
            audiences=["agents"],
            scopes=["agents/invoke"],
            claims=[RequiredClaim.list_contains("roles", "user")],
        ),
        None,
    ),
    'lambda_authorizer(handler, audiences=["agents"])': (
        lambda stack: AgentAuth.lambda_authorizer(_handler(stack), discovery_url=DISCOVERY, audiences=["agents"]),
        SessionBinding.PER_REQUEST,
    ),
    'lambda_authorizer(…, identity_headers=["Cookie"], token_key="token", session_key="session")': (
        lambda stack: AgentAuth.lambda_authorizer(
            _handler(stack),
            discovery_url=DISCOVERY,
            audiences=["agents"],
            identity_headers=["Cookie"],
            token_key="token",  # noqa: S106
            session_key="session",
        ),
        None,
    ),
    'iam(audiences=["agents"])': (
        lambda stack: AgentAuth.iam(discovery_url=DISCOVERY, audiences=["agents"]),
        SessionBinding.PER_REQUEST,
    ),
}


def synthesised(mode: str) -> Json:
    """The template of an API in that mode, whose agent is an image."""
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Auth")
    agent = AgentSource.from_image_uri("123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1")
    auth, session = MODES[mode]
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth(stack), session=session)
    return dict(Template.from_stack(stack).to_json())


def gateway(template: Json) -> Cells:
    """What API Gateway checks before it calls the runtime."""
    method = _post_method(template)
    found = _properties(template, "AWS::ApiGateway::Authorizer")
    authorizer = found[0] if found else {}
    if method["AuthorizationType"] == "AWS_IAM":
        return _row("AWS signature", "the AWS account", NOT_CHECKED, NOT_CHECKED, NOT_CHECKED)
    sent_in = authorizer["IdentitySource"].removeprefix("method.request.header.")
    if method["AuthorizationType"] == "COGNITO_USER_POOLS":
        scopes = method.get("AuthorizationScopes", [])
        kind = f"access token, `scope` has {_any(scopes)}" if scopes else "ID token"
        return _row(f"`{sent_in}`", "the user pool", "any client of the pool", kind, NOT_CHECKED)
    functions = [one for one in _properties(template, "AWS::Lambda::Function") if "Environment" in one]
    if not functions:
        return _row(f"`{sent_in}`", *["your function"] * 4)
    checks = functions[0]["Environment"]["Variables"]
    claims = [rule.split("\t") for rule in checks["REQUIRED_CLAIMS"].splitlines()]
    return _row(
        f"`{sent_in}`",
        f"`{checks['DISCOVERY_URL'].split('/')[2]}`",
        _listed(("aud", checks["AUDIENCES"].splitlines()), ("client_id", checks["CLIENT_IDS"].splitlines())),
        f"`scope` has {_any(checks['SCOPES'].splitlines())}" if checks["SCOPES"] else NOT_CHECKED,
        _listed(*[(name, values) for _, name, *values in claims]),
    )


def runtime(template: Json) -> Cells:
    """What the runtime checks, whichever way the call came."""
    properties = _properties(template, "AWS::BedrockAgentCore::Runtime")[0]
    check = properties["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    mapped = _post_method(template)["Integration"]["RequestParameters"].get(AUTHORIZATION, "the caller's")
    pool = not isinstance(check["DiscoveryUrl"], str)
    claims = []
    for claim in check.get("CustomClaims", []):
        match = claim["AuthorizingClaimMatchValue"]["ClaimMatchValue"]
        claims.append(
            (claim["InboundTokenClaimName"], match.get("MatchValueStringList", [match.get("MatchValueString")]))
        )
    scopes = check.get("AllowedScopes", [])
    return _row(
        _mapped(mapped),
        "the user pool" if pool else f"`{check['DiscoveryUrl'].split('/')[2]}`",
        _listed(("aud", check.get("AllowedAudience", [])), ("client_id", check.get("AllowedClients", []))),
        f"`scope` has {_any(scopes)}" if scopes else NOT_CHECKED,
        _listed(*claims),
    )


def identity(template: Json) -> Cells:
    """Who the caller is to the runtime, and whose session it is."""
    mapped = _post_method(template)["Integration"]["RequestParameters"]
    return {"caller": _mapped(mapped[CALLER]), "session": _mapped(mapped[SESSION])}


def tables() -> str:
    """Both layers' tables, in Markdown."""
    templates = {mode: synthesised(mode) for mode in MODES}
    parts = [
        _table("API Gateway", {mode: gateway(template) for mode, template in templates.items()}),
        _table("AgentCore Runtime", {mode: runtime(template) for mode, template in templates.items()}),
        _table("Caller and session", {mode: identity(template) for mode, template in templates.items()}),
    ]
    return "\n\n".join(parts)


def _row(token: str, issuer: str, audience: str, scope: str, claims: str) -> Cells:
    return {
        "token in": token,
        "issuer": issuer,
        "audience or client": audience,
        "kind and scope": scope,
        "claims": claims,
    }


def _table(title: str, rows: dict[str, Cells]) -> str:
    columns = list(next(iter(rows.values())))
    lines = [f"### {title}", "", f"| mode | {' | '.join(columns)} |", "|" + " --- |" * (len(columns) + 1)]
    lines += [f"| `{mode}` | {' | '.join(cells.values())} |" for mode, cells in rows.items()]
    return "\n".join(lines)


def _any(values: list[Any]) -> str:
    return " or ".join(f"`{value}`" if isinstance(value, str) else "the client" for value in values)


def _listed(*checks: tuple[str, list[Any]]) -> str:
    said = [f"`{name}` is {_any(values)}" for name, values in checks if values]
    return ", ".join(said) if said else NOT_CHECKED


def _mapped(source: str) -> str:
    return f"`{source}`" if source.startswith(("context.", "method.")) else source


def _properties(template: Json, kind: str) -> list[Json]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def _post_method(template: Json) -> Json:
    return next(method for method in _properties(template, "AWS::ApiGateway::Method") if method["HttpMethod"] == "POST")
