"""Tokens that must not pass (RFC 8725 and its relatives), each at the gateway and at the runtime's own entrance."""

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256, SHA512, HashAlgorithm
from joserfc import jwt
from joserfc.jwk import RSAKey
from streaming_agent.local import emulator as emulator_module
from streaming_agent.local.clock import Clock
from streaming_agent.local.cognito import Issuer, UserPool
from streaming_agent.local.cognito.token_mint import TokenMint
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of


@dataclass
class Forge:
    """A good token, and what a forger has: the public key, and, for the tests' own forgeries, the private one."""

    good: str
    key: RSAKey  # the pool's: what it signs is wrong in one claim alone
    strangers_key: RSAKey

    @property
    def header(self) -> dict[str, Any]:
        return dict(json.loads(_decoded(self.good.split(".")[0])))

    @property
    def claims(self) -> dict[str, Any]:
        return dict(json.loads(_decoded(self.good.split(".")[1])))

    def signed(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """The good token with other claims, signed by the pool's own key; `None` takes a claim out."""
        changed = {name: value for name, value in {**self.claims, **claims}.items() if value is not None}
        return jwt.encode({**self.header, **(header or {})}, changed, self.key, ["RS256"], default_type=None)

    def by_stranger(self, **header: Any) -> str:
        return jwt.encode({**self.header, **header}, self.claims, self.strangers_key, ["RS256"], default_type=None)

    def unsigned(self, algorithm: str) -> str:
        header = {**self.header, "alg": algorithm}
        return f"{_encoded(json.dumps(header).encode())}.{self.good.split('.')[1]}."

    def with_public_key_as_secret(self, form: bytes) -> str:
        signed = f"{_encoded(json.dumps({**self.header, 'alg': 'HS256'}).encode())}.{self.good.split('.')[1]}"
        return f"{signed}.{_encoded(hmac.digest(form, signed.encode(), hashlib.sha256))}"

    def pem(self) -> bytes:
        return self.key.public_key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def tampered(self) -> str:
        header, _, signature = self.good.split(".")
        claims = {**self.claims, "sub": "00000000-0000-0000-0000-000000000000"}
        return f"{header}.{_encoded(json.dumps(claims).encode())}.{signature}"


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


ATTACKS: dict[str, Callable[[Forge], str]] = {
    "alg none": lambda forge: forge.unsigned("none"),
    "alg None in another case": lambda forge: forge.unsigned("nOnE"),
    "signature taken off": lambda forge: forge.good.rpartition(".")[0] + ".",
    "claims changed": Forge.tampered,
    "signature of another token": lambda forge: forge.good[:-8] + "AAAAAAAA",
    "HS256 with the public key's PEM": lambda forge: forge.with_public_key_as_secret(forge.pem()),
    "HS256 with the public key's modulus": lambda forge: forge.with_public_key_as_secret(
        str(forge.key.as_dict(private=False)["n"]).encode()
    ),
    "another RSA algorithm": lambda forge: _with_header(forge, alg="RS512", digest=SHA512()),
    "a stranger's key under the known key id": lambda forge: forge.by_stranger(),
    "a key id that nobody has": lambda forge: forge.by_stranger(kid="unknown"),
    "a key id with a path": lambda forge: forge.by_stranger(kid="../../../../dev/null"),
    "a key id with SQL": lambda forge: forge.by_stranger(kid="x' UNION SELECT 'secret' --"),
    "a key id that is a number": lambda forge: _with_header(forge, kid=7),
    "no key id": lambda forge: _with_header(forge, kid=None),
    "the key brought along": lambda forge: forge.by_stranger(jwk=forge.strangers_key.as_dict(private=False)),
    "an address of keys brought along": lambda forge: forge.by_stranger(jku="http://127.0.0.1:1/jwks.json"),
    "a critical header that is unknown": lambda forge: _with_header(forge, crit=["b64"], b64=False),
    "expired": lambda forge: forge.signed(exp=int(time.time()) - 1),
    "no expiry": lambda forge: forge.signed(exp=None),
    "an expiry in words": lambda forge: forge.signed(exp="tomorrow"),
    "an expiry that is true": lambda forge: forge.signed(exp=True),
    "an expiry without end": lambda forge: _raw(forge, json.dumps({**forge.claims, "exp": float("inf")})),
    "an expiry that is no number": lambda forge: _raw(forge, json.dumps({**forge.claims, "exp": float("nan")})),
    "not valid yet": lambda forge: forge.signed(nbf=int(time.time()) + 600),
    "another issuer": lambda forge: forge.signed(iss="https://evil.example.com"),
    "the issuer with a slash": lambda forge: forge.signed(iss=f"{forge.claims['iss']}/"),
    "no issuer": lambda forge: forge.signed(iss=None),
    "claims that are a list": lambda forge: _raw(forge, "[]"),
    "claims that are no JSON": lambda forge: _raw(forge, "{"),
    "two parts": lambda forge: forge.good.rpartition(".")[0],
    "five parts, as an encrypted token": lambda forge: f"{forge.good}.AAAA.AAAA",
    "a part too many": lambda forge: f"{forge.good}.AAAA",
    "not base64": lambda forge: forge.good.replace(".", ".*", 1),
    "empty parts": lambda _: "..",
    "no token at all": lambda _: "undefined",
}

# API Gateway's Cognito authorizer takes ID tokens alone; the handwritten runtime has no rule for `token_use`.
GATEWAY_ATTACKS: dict[str, Callable[[Forge], str]] = {
    "an access token's use": lambda forge: forge.signed(token_use="access"),
    "no use": lambda forge: forge.signed(token_use=None),
}

# That authorizer takes any client's tokens of the pool; the runtime takes those for its audience.
RUNTIME_ATTACKS: dict[str, Callable[[Forge], str]] = {
    "another audience": lambda forge: forge.signed(aud="another-client"),
    "an audience in a list with others only": lambda forge: forge.signed(aud=["another-client"]),
    "no audience": lambda forge: forge.signed(aud=None),
    "an audience that contains ours": lambda forge: forge.signed(aud=f"{forge.claims['aud']}x"),
}


def _with_header(forge: Forge, *, digest: HashAlgorithm | None = None, **changes: Any) -> str:
    header = {name: value for name, value in {**forge.header, **changes}.items() if value is not None}
    return _signed_raw(forge, json.dumps(header), json.dumps(forge.claims), digest or SHA256())


def _raw(forge: Forge, claims: str) -> str:
    return _signed_raw(forge, json.dumps(forge.header), claims, SHA256())


def _signed_raw(forge: Forge, header: str, claims: str, digest: HashAlgorithm) -> str:
    signed = f"{_encoded(header.encode())}.{_encoded(claims.encode())}"
    private = forge.key.private_key
    assert private is not None
    return f"{signed}.{_encoded(private.sign(signed.encode(), padding.PKCS1v15(), digest))}"


@pytest.fixture(scope="module")
def pools() -> Iterator[list[UserPool]]:
    """The pools of the chain under attack, whose keys the forger of these tests has stolen."""
    seen: list[UserPool] = []

    class WatchedIssuer(Issuer):
        def __init__(self, pools: Any, origin: str, clock: Clock, **options: Any) -> None:
            seen.extend(pools)
            super().__init__(pools, origin, clock, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emulator_module, "Issuer", WatchedIssuer)
        yield seen


@pytest.fixture(scope="module")
def attacked(pools: list[UserPool], assembly: Any) -> Iterator[Endpoints]:
    with emulator_of(assembly) as ready:
        yield ready


@pytest.fixture(scope="module")
def forge(attacked: Endpoints, pools: list[UserPool]) -> Forge:
    return Forge(sign_in(attacked).id, pools[0].key, RSAKey.generate_key(2048))


def test_the_forgers_tools_make_good_tokens_too(attacked: Endpoints, forge: Forge) -> None:
    for token in (forge.good, forge.signed(), _raw(forge, json.dumps(forge.claims))):
        for entrance in (attacked.invocations_url, attacked.runtime_url):
            assert ask(entrance, token=token).status == 200


BOTH = [(entrance, attack) for attack in ATTACKS for entrance in ("invocations_url", "runtime_url")]


@pytest.mark.parametrize(("entrance", "attack"), [*BOTH, *(("invocations_url", attack) for attack in GATEWAY_ATTACKS)])
def test_a_forged_token_is_refused(
    attacked: Endpoints, forge: Forge, caplog: pytest.LogCaptureFixture, entrance: str, attack: str
) -> None:
    caplog.set_level("INFO")
    token = {**ATTACKS, **GATEWAY_ATTACKS}[attack](forge)
    answer = ask(getattr(attacked, entrance), token=token)

    assert answer.status == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
    refusals = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert len(refusals) == 1
    assert token not in refusals[0]


@pytest.mark.parametrize("attack", RUNTIME_ATTACKS)
@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
def test_a_token_for_somebody_else_is_refused_by_the_runtime(
    attacked: Endpoints, forge: Forge, entrance: str, attack: str
) -> None:
    answer = ask(getattr(attacked, entrance), token=RUNTIME_ATTACKS[attack](forge))

    assert (answer.status, answer.message) == (401, "Claim 'aud' value mismatch with configuration.")


@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic {token}", "Bearer {token} {token}", "Bearer {token},Bearer {token}"],
)
def test_a_malformed_authorization_header_is_refused(
    attacked: Endpoints, forge: Forge, entrance: str, header: str
) -> None:
    sent = {"Authorization": header.format(token=forge.good)}

    assert ask(getattr(attacked, entrance), headers=sent).status == 401


@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
@pytest.mark.parametrize("first", ["good", "bad"])
def test_two_authorization_headers_are_refused(attacked: Endpoints, forge: Forge, entrance: str, first: str) -> None:
    pair = [forge.good, forge.tampered()]
    address = urlsplit(getattr(attacked, entrance))
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    connection.putrequest("POST", f"{address.path}?{address.query}")
    for token in pair if first == "good" else reversed(pair):
        connection.putheader("Authorization", f"Bearer {token}")
    connection.putheader("Content-Length", "2")
    connection.endheaders(b"{}")

    assert connection.getresponse().status == 401
    connection.close()


@pytest.mark.parametrize("entrance", ["invocations_url", "runtime_url"])
def test_a_huge_token_is_refused_and_the_server_stays_up(attacked: Endpoints, forge: Forge, entrance: str) -> None:
    huge = forge.signed(padding="x" * 7000)

    assert ask(getattr(attacked, entrance), token=huge * 3).status in (400, 401, 431)
    assert ask(getattr(attacked, entrance), token=forge.good).status == 200


def test_a_token_of_another_pool_is_refused(attacked: Endpoints, forge: Forge) -> None:
    clock = Clock()
    other = UserPool(logical_id="Other", id="us-east-1_other", arn="", signs_in_by_email=False, clients={})
    mint = TokenMint(other, forge.claims["iss"], clock)
    token = mint._signed(forge.claims)

    for entrance in (attacked.invocations_url, attacked.runtime_url):
        assert ask(entrance, token=token).status == 401


def test_nothing_is_admitted_when_the_keys_cannot_be_had(assembly: Any) -> None:
    async def unreachable(url: str) -> Any:
        raise ConnectionError("nobody there")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streaming_agent.local.http_client.HttpClient.fetch_json", lambda self, url: unreachable(url))
        with emulator_of(assembly) as ready:
            token = sign_in(ready).id
            at_the_gateway, at_the_runtime = (
                ask(ready.invocations_url, token=token),
                ask(ready.runtime_url, token=token),
            )

    assert (at_the_gateway.status, at_the_runtime.status) == (500, 401)


def test_the_keys_are_the_public_ones_alone(attacked: Endpoints) -> None:
    answer = ask(f"{attacked.cognito_endpoint}/{attacked.user_pool_id}/.well-known/jwks.json", method="GET", body=b"")

    (key,) = json.loads(answer.body)["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
