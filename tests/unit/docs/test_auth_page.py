"""docs/auth.md: what its tables say of each mode, and that the templates say the same."""

from typing import Any

import pytest

from tools.docs import auth_table

POOL_GATEWAY = ("`Authorization`", "the user pool", "any client of the pool")
CALLERS_TOKEN = "the caller's"
COLUMNS = ("token in", "issuer", "audience or client", "kind and scope", "claims")

# mode -> the gateway's cells, the runtime's cells, caller and session
EXPECTED: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, str]]] = {
    "cognito()": (
        (*POOL_GATEWAY, "ID token", "not checked"),
        (CALLERS_TOKEN, "the user pool", "`aud` is the client", "not checked", "`token_use` is `id`"),
        ("`context.authorizer.claims.sub`", "`context.authorizer.claims.sub`"),
    ),
    'cognito(groups=["staff"])': (
        (*POOL_GATEWAY, "ID token", "not checked"),
        (
            CALLERS_TOKEN,
            "the user pool",
            "`aud` is the client",
            "not checked",
            "`token_use` is `id`, `cognito:groups` is `staff`",
        ),
        ("`context.authorizer.claims.sub`", "`context.authorizer.claims.sub`"),
    ),
    "cognito(token=ACCESS)": (
        (*POOL_GATEWAY, "access token, `scope` has `aws.cognito.signin.user.admin`", "not checked"),
        (
            CALLERS_TOKEN,
            "the user pool",
            "`client_id` is the client",
            "`scope` has `aws.cognito.signin.user.admin`",
            "`token_use` is `access`",
        ),
        ("`context.authorizer.claims.sub`", "`context.authorizer.claims.sub`"),
    ),
    "user_pool(pool, [client])": (
        (*POOL_GATEWAY, "ID token", "not checked"),
        (CALLERS_TOKEN, "the user pool", "`aud` is `web`", "not checked", "`token_use` is `id`"),
        ("`context.authorizer.claims.sub`", "`context.authorizer.claims.sub`"),
    ),
    'user_pool(…, token=ACCESS, scopes=["agents/invoke"])': (
        (*POOL_GATEWAY, "access token, `scope` has `agents/invoke`", "not checked"),
        (
            CALLERS_TOKEN,
            "the user pool",
            "`client_id` is `web`",
            "`scope` has `agents/invoke`",
            "`token_use` is `access`",
        ),
        ("`context.authorizer.claims.sub`", "`context.requestId`"),
    ),
    'oidc(audiences=["agents"], scopes=…, claims=…)': (
        (
            "`Authorization`",
            "`login.example.com`",
            "`aud` is `agents`",
            "`scope` has `agents/invoke`",
            "`roles` is `user`",
        ),
        (CALLERS_TOKEN, "`login.example.com`", "`aud` is `agents`", "`scope` has `agents/invoke`", "`roles` is `user`"),
        ("`context.authorizer.sub`", "`context.authorizer.session`"),
    ),
    'lambda_authorizer(handler, audiences=["agents"])': (
        ("`Authorization`", "your function", "your function", "your function", "your function"),
        (CALLERS_TOKEN, "`login.example.com`", "`aud` is `agents`", "not checked", "not checked"),
        ("`context.authorizer.principalId`", "`context.requestId`"),
    ),
    'lambda_authorizer(…, identity_headers=["Cookie"], token_key="token", session_key="session")': (
        ("`Cookie`", "your function", "your function", "your function", "your function"),
        ("`context.authorizer.token`", "`login.example.com`", "`aud` is `agents`", "not checked", "not checked"),
        ("`context.authorizer.principalId`", "`context.authorizer.session`"),
    ),
    'iam(audiences=["agents"])': (
        ("AWS signature", "the AWS account", "not checked", "not checked", "not checked"),
        (
            "`method.request.header.X-Agent-Authorization`",
            "`login.example.com`",
            "`aud` is `agents`",
            "not checked",
            "not checked",
        ),
        ("`context.identity.userArn`", "`context.requestId`"),
    ),
}

CELLS = [
    (mode, layer, column, cell)
    for mode, (gateway, runtime, identity) in EXPECTED.items()
    for layer, columns, cells in [
        ("gateway", COLUMNS, gateway),
        ("runtime", COLUMNS, runtime),
        ("identity", ("caller", "session"), identity),
    ]
    for column, cell in zip(columns, cells, strict=True)
]


@pytest.fixture(scope="module")
def templates() -> dict[str, Any]:
    return {mode: auth_table.synthesised(mode) for mode in auth_table.MODES}


@pytest.mark.parametrize(("mode", "layer", "column", "cell"), CELLS)
def test_the_template_checks_what_the_table_says(
    templates: dict[str, Any], mode: str, layer: str, column: str, cell: str
) -> None:
    assert getattr(auth_table, layer)(templates[mode])[column] == cell


def test_every_mode_of_the_page_is_looked_at() -> None:
    assert list(EXPECTED) == list(auth_table.MODES)


def test_no_mode_leaves_a_layer_without_a_check(templates: dict[str, Any]) -> None:
    for template in templates.values():
        assert auth_table.gateway(template)["issuer"] != auth_table.NOT_CHECKED
        assert auth_table.runtime(template)["audience or client"] != auth_table.NOT_CHECKED
