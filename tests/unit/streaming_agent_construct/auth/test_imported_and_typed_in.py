"""Ids, addresses and claims that a user types in: what no token can satisfy is refused, with advice that works."""

from collections.abc import Callable

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import AgentAuth, RequiredClaim

from ..conftest import Refused

OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"
COGNITO = f"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI{OPENID}"
ENTRA = "https://login.microsoftonline.com"


def oidc(url: str) -> AgentAuth:
    return AgentAuth.oidc(discovery_url=url, audiences=["agents"])


@pytest.fixture
def virginia(app: App) -> Stack:
    return Stack(app, "Chat", env=Environment(account="111122223333", region="us-east-1"))


@pytest.mark.parametrize(
    ("pool_id", "code", "words"),
    [
        ("6exampleclientid0123456789", "SAC150", "UserPoolClient.from_user_pool_client_id"),
        (
            "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_AbCdEfGhI",
            "SAC150",
            "UserPool.from_user_pool_arn",
        ),
        ("<your pool id>", "SAC150", "such as 'us-east-1_AbCdEfGhI'"),
        ("eu-west-1_AbCdEfGhI", "SAC151", "got a pool of us-east-1"),
    ],
)
def test_a_pools_id_that_is_none_of_this_region(
    virginia: Stack, refused: Refused, pool_id: str, code: str, words: str
) -> None:
    pool = cognito.UserPool.from_user_pool_id(virginia, "Pool", pool_id)
    client = cognito.UserPoolClient.from_user_pool_client_id(virginia, "Client", "6exampleclientid0123456789")
    with refused(code, words):
        AgentAuth.user_pool(pool, [client])


def test_a_pool_of_another_region_by_its_arn_passes(virginia: Stack) -> None:
    arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI"
    pool = cognito.UserPool.from_user_pool_arn(virginia, "Pool", arn)
    AgentAuth.user_pool(pool, [cognito.UserPoolClient.from_user_pool_client_id(virginia, "Client", "web")])


@pytest.mark.parametrize("client_id", ["us-east-1_AbCdEfGhI", "arn:aws:cognito-idp:x", "<client id>", "a b"])
def test_a_clients_id_that_is_none(virginia: Stack, refused: Refused, client_id: str) -> None:
    pool = cognito.UserPool.from_user_pool_id(virginia, "Pool", "us-east-1_AbCdEfGhI")
    client = cognito.UserPoolClient.from_user_pool_client_id(virginia, "Client", client_id)
    with refused("SAC152", f"got '{client_id}'"):
        AgentAuth.user_pool(pool, [client])


@pytest.mark.parametrize(
    "url",
    [
        f"https://login.example.com{OPENID}",
        f"https://login.example.com:8443/realms/chat{OPENID}",
        f"https://login.example.com{OAUTH}",
        f"https://login.example.com{OAUTH}/tenant1",
        f"https://login.example.com{OAUTH}/realms/chat",
        f"{ENTRA}/5f7c8ec7-c33c-6c00-4bba-fe8200000000/v2.0{OPENID}",
    ],
)
def test_what_agentcore_reads_is_taken(url: str) -> None:
    oidc(url)


@pytest.mark.parametrize(
    "url",
    [
        f"https://login.example.com{OPENID}#keys",
        f"https://login.example.com{OPENID}?p=1",
        f"https://login.example.com/{OPENID}",
        f"https://login.example.com/tenant1{OAUTH}",
        f"https://login.example.com{OAUTH}/",
        f"https://login.example.com{OAUTH}//tenant",
        "https://login.example.com/.well-known/jwks.json",
        "https://login.example.com",
    ],
)
def test_an_address_of_neither_kind(refused: Refused, url: str) -> None:
    with refused("SAC110", "discovery_url: expected an https:// address"):
        oidc(url)


@pytest.mark.parametrize("person", ["reader:Pa55word", "reader", ":Pa55word"])
def test_a_password_in_an_address_is_refused_and_not_repeated(person: str) -> None:
    with pytest.raises(Exception, match="SAC161") as caught:
        oidc(f"https://{person}@login.example.com{OPENID}")
    assert "Pa55word" not in str(caught.value)
    assert "reader" not in str(caught.value)


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "Common"])
@pytest.mark.parametrize("host", ["login.microsoftonline.com", "login.microsoftonline.us", "sts.windows.net"])
def test_entras_address_for_every_tenant(refused: Refused, host: str, tenant: str) -> None:
    with refused("SAC164", "write the tenant's id there"):
        oidc(f"https://{host}/{tenant}/v2.0{OPENID}")


@pytest.mark.parametrize(
    ("url", "placeholder"),
    [
        (f"{ENTRA}/{{tenantid}}/v2.0{OPENID}", "{tenantid}"),
        (f"{ENTRA}/tenant-id/v2.0{OPENID}", "tenant-id"),
        (f"{ENTRA}/YOUR_TENANT_ID/v2.0{OPENID}", "YOUR_TENANT_ID"),
        (f"https://YOUR_DOMAIN.auth0.com{OPENID}", "YOUR_DOMAIN"),
        (f"https://your-auth0-domain.eu.auth0.com{OPENID}", "your-auth0-domain"),
        (f"https://yourcompany.okta.com{OPENID}", "yourcompany"),
        (f"https://login.example.com/realms/your-realm{OPENID}", "your-realm"),
        (f"https://<host>{OPENID}", "<host>"),
        (f"https://...{OPENID}", "..."),
    ],
)
def test_a_placeholder(refused: Refused, url: str, placeholder: str) -> None:
    with refused("SAC162", f"got the placeholder '{placeholder}' in", "write the domain, tenant or realm that your"):
        oidc(url)


@pytest.mark.parametrize(
    "host", ["login.find-your-doctor.com", "your-doctor.example", "id.yourtown.example", "tenant.example.com"]
)
def test_a_host_with_a_word_of_a_placeholder_in_it_is_taken(host: str) -> None:
    oidc(f"https://{host}{OPENID}")
    oidc(f"https://login.example.com/realms/{host}{OPENID}")


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "10.0.0.7", "192.168.1.4", "172.20.0.2", "idp.local"])
def test_a_host_that_aws_cannot_reach(refused: Refused, host: str) -> None:
    with refused("SAC163", "expected a host that AWS can reach"):
        oidc(f"https://{host}{OPENID}")


@pytest.mark.parametrize(
    "url",
    [
        f"https://cognito-idp.us-east-1.amazonaws.com/6exampleclientid0123456789{OPENID}",
        f"https://cognito-idp.us-east-1.amazonaws.com/eu-west-1_AbCdEfGhI{OPENID}",
    ],
)
def test_an_address_of_no_user_pool(refused: Refused, url: str) -> None:
    with refused("SAC165", "discovery_url: expected"):
        oidc(url)


@pytest.mark.parametrize("others", [{"scopes": ["agents/invoke"]}, {"client_ids": ["1example"]}])
def test_a_token_that_cognito_does_not_issue(refused: Refused, others: dict[str, list[str]]) -> None:
    with refused("SAC160", "'1example23456789' stands beside", "use AgentAuth.user_pool(...)"):
        AgentAuth.oidc(discovery_url=COGNITO, audiences=["1example23456789"], **others)


def test_a_token_that_cognito_issues_passes() -> None:
    AgentAuth.oidc(discovery_url=COGNITO, audiences=["1example23456789"])
    AgentAuth.oidc(discovery_url=COGNITO, client_ids=["1example23456789"], scopes=["agents/invoke"])
    # With a resource (RFC 8707) an access token has an audience too: an address.
    AgentAuth.oidc(discovery_url=COGNITO, audiences=["https://agents.example.com"], scopes=["agents/invoke"])


@pytest.mark.parametrize(
    ("claims", "code", "words"),
    [
        (
            lambda: [RequiredClaim.string_equals("tenant", "acme"), RequiredClaim.string_equals("tenant", "beta")],
            "SAC166",
            "to be 'acme' and 'beta' at once",
        ),
        (
            lambda: [RequiredClaim.string_equals("roles", "a"), RequiredClaim.list_contains("roles", "a")],
            "SAC166",
            "as a text and as a list",
        ),
        (lambda: [RequiredClaim.string_equals("token_use", "access")], "SAC168", "token=TokenType.ACCESS"),
        (lambda: [RequiredClaim.string_equals("cognito:groups", "staff")], "SAC169", "write groups=['...']"),
        (lambda: [RequiredClaim.list_contains("email", "a")], "SAC169", "RequiredClaim.string_equals"),
        (lambda: [RequiredClaim.list_contains("custom:team", "a")], "SAC169", "RequiredClaim.string_equals"),
    ],
)
def test_claims_that_no_token_satisfies(
    refused: Refused, claims: Callable[[], list[RequiredClaim]], code: str, words: str
) -> None:
    with refused(code, words):
        AgentAuth.cognito(claims=claims())


def test_two_lists_of_one_claim_can_hold_both() -> None:
    AgentAuth.cognito(claims=[RequiredClaim.list_contains("roles", "a"), RequiredClaim.list_contains("roles", "b")])


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified", "auth_time"])
def test_a_claim_that_is_no_text(refused: Refused, name: str) -> None:
    with refused("SAC167", "let the agent check it"):
        RequiredClaim.string_equals(name, "true")
