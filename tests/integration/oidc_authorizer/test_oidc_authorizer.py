"""The Lambda authorizer that AgentAuth.oidc ships, run as it is shipped, against a provider over real TLS."""

import base64
import hmac
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

import streaming_agent_construct

from .provider import Provider, running_provider

ASSET = Path(streaming_agent_construct.__file__).parent / "assets" / "oidc_authorizer" / "index.mjs"
METHOD = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/POST/invocations"
SETTINGS = {
    "CHECKED": "AUDIENCES\nCLIENT_IDS\nSCOPES",
    "AUDIENCES": "agents\nother-agents",
    "CLIENT_IDS": "web\nmobile",
    "SCOPES": "agents/invoke\nagents/admin",
    "REQUIRED_CLAIMS": "EQUALS\tdepartment\tsales\nCONTAINS_ANY\troles\tagent-user\tadmin",
}


class Authorizer:
    """The function in a Node process, which stays warm between calls as on Lambda."""

    def __init__(self, provider: Provider, settings: dict[str, str]) -> None:
        self.log = ""
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_name("lambda_host.mjs")), str(ASSET)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"], "NODE_EXTRA_CA_CERTS": str(provider.certificate)}
            | {"DISCOVERY_URL": provider.discovery_url}
            | settings,
        )
        self._reader = threading.Thread(target=self._read_log)
        self._reader.start()

    def __call__(self, authorization: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        event = {"type": "TOKEN", "authorizationToken": authorization, "methodArn": METHOD}
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> str:
        """End the process; what it logged."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
            self._process.wait(10)
            self._reader.join()
            for stream in (self._process.stdout, self._process.stderr):
                assert stream is not None
                stream.close()
        return self.log

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log += line


Authorizing = Callable[..., Authorizer]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running_provider(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture(scope="module")
def warm(provider: Provider) -> Iterator[Authorizer]:
    """One function for the tests that only ask it something."""
    authorizer = Authorizer(provider, SETTINGS)
    yield authorizer
    authorizer.close()


@pytest.fixture
def authorizing(provider: Provider) -> Iterator[Authorizing]:
    """A function of the test's own, with its own settings."""
    started: list[Authorizer] = []

    def authorizing(settings: dict[str, str] | None = None) -> Authorizer:
        started.append(Authorizer(provider, SETTINGS if settings is None else settings))
        return started[-1]

    yield authorizing
    provider.reachable = True
    for authorizer in started:
        authorizer.close()


def test_reads_the_document_of_rfc_8414(authorizing: Authorizing, provider: Provider) -> None:
    url = f"{provider.issuer}/.well-known/oauth-authorization-server/one"
    authorizer = authorizing(SETTINGS | {"DISCOVERY_URL": url})

    assert "policy" in authorizer(f"Bearer {provider.token(iss=f'{provider.issuer}/one')}")
    assert "policy" not in authorizer(f"Bearer {provider.token()}")


def test_admits_the_token_for_every_method_of_the_stage(warm: Authorizer, provider: Provider) -> None:
    policy = warm(f"Bearer {provider.token()}")["policy"]

    assert policy["principalId"] == "auth0|5f7c8ec7c33c6c004bbafe82"
    assert policy["policyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "execute-api:Invoke",
            "Resource": "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/*",
        }
    ]


def test_gives_each_user_a_session_id_that_agentcore_takes(warm: Authorizer, provider: Provider) -> None:
    context = warm(f"Bearer {provider.token()}")["policy"]["context"]
    again = warm(f"Bearer {provider.token(scope='agents/admin')}")["policy"]["context"]
    other = warm(f"Bearer {provider.token(sub='someone-else')}")["policy"]["context"]

    assert context["sub"] == "auth0|5f7c8ec7c33c6c004bbafe82"
    assert 33 <= len(context["session"]) <= 256
    assert again["session"] == context["session"]
    assert other["session"] != context["session"]


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["agents"]},
        {"aud": "other-agents"},
        {"client_id": "mobile"},
        {"scope": "agents/admin"},
        {"roles": ["admin"]},
    ],
    ids=str,
)
def test_admits_any_one_of_the_values_named(warm: Authorizer, provider: Provider, changes: dict[str, Any]) -> None:
    assert "policy" in warm(f"Bearer {provider.token(**changes)}")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-app"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"nbf": 4102444800},
        {"client_id": "another-client"},
        {"client_id": None},
        {"scope": "openid"},
        {"scope": None},
        {"department": "legal"},
        {"department": ["sales"]},
        {"department": None},
        {"roles": ["reader"]},
        {"roles": "agent-user"},
        {"roles": None},
        {"sub": None},
        {"sub": "line\r\nX-Injected: yes"},
    ],
    ids=str,
)
def test_refuses_a_signed_token_with_a_wrong_claim(
    warm: Authorizer, provider: Provider, changes: dict[str, Any]
) -> None:
    assert warm(f"Bearer {provider.token(**changes)}") == {"error": "Unauthorized"}


def _base64url(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def _forgeries(provider: Provider) -> dict[str, str]:
    header, payload, signature = provider.token().split(".")
    none = _base64url(b'{"alg":"none","kid":"one"}')
    shared = _base64url(b'{"alg":"HS256","kid":"one"}')
    by_public_key = hmac.digest(provider.key.as_pem(private=False), f"{shared}.{payload}".encode(), "sha256")
    stranger = RSAKey.generate_key(2048)
    flipped = "A" if signature[10] != "A" else "B"
    return {
        "unsigned": f"{none}.{payload}.",
        "unsigned, with a signature": f"{none}.{payload}.{signature}",
        "signature changed": f"{header}.{payload}.{signature[:10]}{flipped}{signature[11:]}",
        "signed by a stranger": provider.token_by(stranger, {"alg": "RS256", "kid": "one"}),
        "a key that the provider does not have": provider.token_by(stranger, {"alg": "RS256", "kid": "two"}),
        "no key named": provider.token_by(provider.key, {"alg": "RS256"}),
        "the public key as a shared secret": f"{shared}.{payload}.{_base64url(by_public_key)}",
        "two parts": f"{header}.{payload}",
        "no token": "",
    }


@pytest.mark.parametrize("forgery", _forgeries(Provider("https://unused.example", Path())))
def test_refuses_a_forgery(warm: Authorizer, provider: Provider, forgery: str) -> None:
    assert warm(f"Bearer {_forgeries(provider)[forgery]}") == {"error": "Unauthorized"}


def test_refuses_what_is_no_bearer_token(warm: Authorizer, provider: Provider) -> None:
    assert warm(provider.token()) == {"error": "Unauthorized"}
    assert warm(f"Basic {provider.token()}") == {"error": "Unauthorized"}


def test_asks_the_provider_once_for_many_tokens(authorizing: Authorizing, provider: Provider) -> None:
    authorizer = authorizing()
    provider.asked.clear()

    for _ in range(3):
        authorizer(f"Bearer {provider.token()}")

    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]


def test_admits_nobody_while_the_provider_is_away_and_recovers(authorizing: Authorizing, provider: Provider) -> None:
    authorizer = authorizing()
    provider.reachable = False
    assert authorizer(f"Bearer {provider.token()}") == {"error": "the OpenID provider cannot be reached"}

    provider.reachable = True
    assert "policy" in authorizer(f"Bearer {provider.token()}")


def test_takes_the_providers_new_key_after_a_rotation(authorizing: Authorizing, provider: Provider) -> None:
    authorizer = authorizing()
    authorizer(f"Bearer {provider.token()}")
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "two", "alg": "RS256", "use": "sig"})
    try:
        assert "policy" in authorizer(f"Bearer {provider.token_by(provider.key, {'alg': 'RS256', 'kid': 'two'})}")
    finally:
        provider.key = old


def test_checks_only_what_it_is_told_to(authorizing: Authorizing, provider: Provider) -> None:
    authorizer = authorizing(
        {"CHECKED": "AUDIENCES", "AUDIENCES": "agents", "CLIENT_IDS": "", "SCOPES": "", "REQUIRED_CLAIMS": ""}
    )

    assert "policy" in authorizer(f"Bearer {provider.token(client_id=None, scope=None, roles=None, department=None)}")
    assert authorizer(f"Bearer {provider.token(aud='another-app')}") == {"error": "Unauthorized"}


def test_logs_why_it_refused_and_never_the_token(authorizing: Authorizing, provider: Provider) -> None:
    authorizer = authorizing()
    token = provider.token(aud="another-app")
    authorizer(f"Bearer {token}")
    authorizer(f"Bearer {provider.token(exp=None)}")

    log = authorizer.close()

    assert [json.loads(line)["reason"] for line in log.splitlines()] == ["JwtInvalidAudienceError", "NoExpiry"]
    assert not any(part in log for part in token.split("."))


@pytest.mark.parametrize(
    "settings",
    [
        {"CHECKED": "AUDIENCES", "AUDIENCES": ""},
        {"CHECKED": "AUDIENCES\nCLIENT_IDS", "AUDIENCES": "", "CLIENT_IDS": "web"},
        {"CHECKED": "AUDIENCES", "AUDIENCES": "agents\n"},
        {"CHECKED": "", "AUDIENCES": ""},
    ],
)
def test_does_not_start_when_nothing_would_be_compared(provider: Provider, settings: dict[str, str]) -> None:
    process = subprocess.run(
        ["node", str(Path(__file__).with_name("lambda_host.mjs")), str(ASSET)],
        input="",
        env={"PATH": os.environ["PATH"], "DISCOVERY_URL": provider.discovery_url} | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode != 0
    assert "AUDIENCES" in process.stderr


@pytest.mark.parametrize(
    "bent",
    [
        {"/.well-known/openid-configuration": {"issuer": "https://other.example.com", "jwks_uri": "https://x.example"}},
        {"/.well-known/openid-configuration": "<html>maintenance</html>"},
        {"/keys": "<html>maintenance</html>"},
        {"/keys": {"keys": "none"}},
        {"/keys": {}},
    ],
)
def test_answers_500_when_the_provider_says_something_else(
    authorizing: Authorizing, provider: Provider, bent: dict[str, Any]
) -> None:
    provider.bent = bent
    try:
        authorizer = authorizing()
        assert authorizer(f"Bearer {provider.token()}") == {"error": "the OpenID provider cannot be reached"}
        provider.bent = {}
        assert "policy" in authorizer(f"Bearer {provider.token()}")
    finally:
        provider.bent = {}


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256", "kid": "one", "typ": "logout+jwt"},
        {"alg": "RS256", "kid": "one", "typ": "secevent+jwt"},
    ],
)
def test_refuses_a_token_of_another_type(warm: Authorizer, provider: Provider, header: dict[str, Any]) -> None:
    assert warm(f"Bearer {provider.token_by(provider.key, header)}") == {"error": "Unauthorized"}


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "application/at+jwt"])
def test_admits_the_types_of_identity_and_access_tokens(warm: Authorizer, provider: Provider, typ: str) -> None:
    assert "policy" in warm(f"Bearer {provider.token_by(provider.key, {'alg': 'RS256', 'kid': 'one', 'typ': typ})}")


@pytest.mark.parametrize("sub", ['a"b', "a\\b", 'x","status":"200'])
def test_refuses_a_subject_that_would_forge_a_line_of_the_access_log(
    warm: Authorizer, provider: Provider, sub: str
) -> None:
    assert warm(f"Bearer {provider.token(sub=sub)}") == {"error": "Unauthorized"}


@pytest.mark.filterwarnings("ignore:Key size")
def test_refuses_a_short_key_of_the_providers(authorizing: Authorizing, provider: Provider) -> None:
    key = RSAKey.generate_key(1024, {"kid": "short", "alg": "RS256", "use": "sig"})
    provider.bent = {"/keys": {"keys": [key.as_dict(private=False)]}}
    try:
        token = provider.token_by(key, {"alg": "RS256", "kid": "short"})
        assert authorizing()(f"Bearer {token}") == {"error": "Unauthorized"}
    finally:
        provider.bent = {}
