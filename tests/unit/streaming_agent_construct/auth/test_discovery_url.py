"""Addresses of discovery documents: what AgentCore cannot read is refused, with advice that works."""

import pytest

from streaming_agent_construct import AgentAuth

from ..conftest import Refused

OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"
ENTRA = "https://login.microsoftonline.com"


def oidc(url: str) -> AgentAuth:
    return AgentAuth.oidc(discovery_url=url, audiences=["agents"])


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
def test_an_address_of_neither_kind_is_refused(refused: Refused, url: str) -> None:
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
def test_entras_address_for_every_tenant_is_refused(refused: Refused, host: str, tenant: str) -> None:
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
def test_a_placeholder_in_an_address_is_refused(refused: Refused, url: str, placeholder: str) -> None:
    with refused("SAC162", f"got the placeholder '{placeholder}' in", "write the domain, tenant or realm that your"):
        oidc(url)


@pytest.mark.parametrize(
    "host", ["login.find-your-doctor.com", "your-doctor.example", "id.yourtown.example", "tenant.example.com"]
)
def test_a_host_with_a_word_of_a_placeholder_in_it_is_taken(host: str) -> None:
    oidc(f"https://{host}{OPENID}")
    oidc(f"https://login.example.com/realms/{host}{OPENID}")


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "10.0.0.7", "192.168.1.4", "172.20.0.2", "idp.local"])
def test_a_host_that_aws_cannot_reach_is_refused(refused: Refused, host: str) -> None:
    with refused("SAC163", "expected a host that AWS can reach"):
        oidc(f"https://{host}{OPENID}")


@pytest.mark.parametrize(
    "url",
    [
        f"https://cognito-idp.us-east-1.amazonaws.com/6exampleclientid0123456789{OPENID}",
        f"https://cognito-idp.us-east-1.amazonaws.com/eu-west-1_AbCdEfGhI{OPENID}",
    ],
)
def test_an_address_of_no_user_pool_is_refused(refused: Refused, url: str) -> None:
    with refused("SAC165", "discovery_url: expected"):
        oidc(url)
