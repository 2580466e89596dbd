"""Which pages may read the fake issuer's answers, and where it is discovered."""

import asyncio
import json
from dataclasses import replace

import pytest
from streaming_agent.local.clock import Clock
from streaming_agent.local.cognito import Issuer, UserPool, fake_pool, fake_provider, without_well_known
from streaming_agent.local.messages import Reply, Request


def pool() -> UserPool:
    made = fake_pool("arn:aws:cognito-idp:us-east-1:1:userpool/us-east-1_A", ["client"])
    made.clients = {"client": replace(made.clients["client"], callback_urls=("https://chat.example.com/callback",))}
    return made


def answered(method: str, path: str, origin: str | None = None) -> Reply:
    headers = (("Origin", origin),) if origin is not None else ()
    issuer = Issuer([pool()], "http://127.0.0.1:9000", Clock())
    return asyncio.run(issuer.handle(Request(method=method, path=path, headers=headers)))


def allowed(method: str, path: str, origin: str) -> str | None:
    return answered(method, path, origin).header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("path", ["/", "/us-east-1_A/oauth2/token", "/us-east-1_A/oauth2/revoke"])
@pytest.mark.parametrize("method", ["OPTIONS", "POST"])
def test_only_the_apps_pages_may_sign_in(method: str, path: str) -> None:
    for origin in ("http://localhost:3000", "http://127.0.0.1:8000", "https://chat.example.com"):
        assert allowed(method, path, origin) == origin
    for origin in (
        "https://evil.example",
        "http://localhost.evil.example",
        "null",
        "https://chat.example.com.evil.example",
    ):
        assert allowed(method, path, origin) is None


@pytest.mark.parametrize("path", ["/us-east-1_A/login", "/us-east-1_A/oauth2/authorize", "/us-east-1_A/logout"])
def test_no_page_may_read_the_login_page(path: str) -> None:
    assert allowed("GET", path, "http://localhost:3000") is None


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
def test_it_is_discovered_by_openid_and_by_rfc_8414(name: str) -> None:
    reply = answered("GET", f"/us-east-1_A/.well-known/{name}", "https://anybody.example")
    assert isinstance(reply.body, bytes)

    assert json.loads(reply.body)["issuer"] == "http://127.0.0.1:9000/us-east-1_A"
    assert reply.header("Access-Control-Allow-Origin") == "*"


@pytest.mark.parametrize(
    "discovery_url",
    [
        "https://id.example.com/tenant/.well-known/openid-configuration",
        "https://id.example.com/tenant/.well-known/oauth-authorization-server",
        "https://id.example.com/.well-known/oauth-authorization-server/tenant",
    ],
)
def test_a_providers_name_is_found_in_each_form_of_its_address(discovery_url: str) -> None:
    assert without_well_known(discovery_url) == "https://id.example.com/tenant"
    provider = fake_provider(discovery_url, ["client"], {})
    issuer = Issuer([provider], "http://127.0.0.1:1", Clock(), secure_origin="https://127.0.0.1:2")
    assert (
        issuer.discovery_url_for(discovery_url) == f"https://127.0.0.1:2/{provider.id}/.well-known/openid-configuration"
    )


def test_a_pool_whose_id_is_made_up_is_found_by_it_and_has_one_that_clients_can_take_apart() -> None:
    made = fake_pool("arn:aws:cognito-idp:eu-west-1:1:userpool/local-import-pool-id", ["client"])
    named = "https://cognito-idp.eu-west-1.amazonaws.com/local-import-pool-id/.well-known/openid-configuration"
    found = Issuer([made], "http://127.0.0.1:9000", Clock()).discovery_url_for(named)

    assert made.id.startswith("eu-west-1_")
    assert made.arn.endswith(made.id)
    assert found == f"http://127.0.0.1:9000/{made.id}/.well-known/openid-configuration"
