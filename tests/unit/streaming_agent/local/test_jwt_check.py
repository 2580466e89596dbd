"""An issuer's keys: what a bad document gives, and what a fault of the local run does."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from streaming_agent.local.clock import Clock
from streaming_agent.local.jwt_check import IssuerKeys, KeysUnreachable

URL = "https://issuer.example.com/.well-known/openid-configuration"
DISCOVERY = {"issuer": "https://issuer.example.com", "jwks_uri": "https://issuer.example.com/keys"}


def issuer_with(discovery: Any, keys: Any) -> str:
    async def fetch(url: str) -> Mapping[str, Any]:
        found = discovery if url == URL else keys
        if isinstance(found, Exception):
            raise found
        return dict(found)

    return asyncio.run(IssuerKeys(URL, fetch, Clock()).issuer_and_key("one"))[0]


def test_good_documents_give_the_issuer() -> None:
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "one"})

    assert issuer_with(DISCOVERY, {"keys": [key.as_dict(private=False)]}) == "https://issuer.example.com"


@pytest.mark.parametrize(
    ("discovery", "keys"),
    [
        (ConnectionError("refused"), {}),
        (TimeoutError(), {}),
        (ValueError("not JSON"), {}),
        (DISCOVERY, OSError("refused")),
        ({}, {}),
        ({**DISCOVERY, "issuer": ["x"]}, {"keys": []}),
        ({**DISCOVERY, "jwks_uri": 5}, {"keys": []}),
        (DISCOVERY, {}),
        (DISCOVERY, {"keys": {"kid": "one"}}),
        (DISCOVERY, {"keys": ["one"]}),
        (DISCOVERY, {"keys": [{}]}),
        (DISCOVERY, {"keys": [{"kty": "RSA", "n": 5, "e": []}]}),
        (DISCOVERY, {"keys": [{"kty": ["RSA"]}]}),
    ],
    ids=repr,
)
def test_documents_that_are_none_are_keys_that_cannot_be_had(discovery: Any, keys: Any) -> None:
    with pytest.raises(KeysUnreachable, match="the issuer's keys cannot be had from "):
        issuer_with(discovery, keys)


@pytest.mark.parametrize("fault", [TypeError("ours"), KeyError("ours"), AttributeError("ours")])
def test_a_fault_of_the_local_run_is_not_told_as_the_issuers(fault: Exception) -> None:
    with pytest.raises(type(fault), match="ours"):
        issuer_with(fault, {})
