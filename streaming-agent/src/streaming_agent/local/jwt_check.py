"""Verifies a JWT by RFC 8725: one algorithm, a known key, the exact issuer, a current lifetime.

What else a token must say is each service's own policy.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, RSAKey

from .clock import Clock

_MAX_TOKEN = 16 * 1024  # longer than any header API Gateway takes (10,240 bytes in all)
_REFETCH_SECONDS = 2.0  # unknown key ids make us look again this often, so that they cannot flood the issuer

Fetch = Callable[[str], Awaitable[Mapping[str, Any]]]


class InvalidToken(Exception):
    """Why a token is not good, without the token."""


class TokenExpired(InvalidToken):
    """The token was good once."""


class KeysUnreachable(InvalidToken):
    """The issuer's keys cannot be had, so nothing can be admitted."""


class IssuerKeys:
    """The keys of an OpenID issuer, found by its discovery document and kept until an unknown key id is seen."""

    def __init__(self, discovery_url: str, fetch: Fetch, clock: Clock) -> None:
        self._discovery_url = discovery_url
        self._fetch = fetch
        self._clock = clock
        self._issuer: str | None = None
        self._keys: dict[str, RSAKey] = {}
        self._fetched_at = float("-inf")

    async def issuer_and_key(self, key_id: str) -> tuple[str, RSAKey]:
        """The issuer's exact name and its key of that id."""
        if key_id not in self._keys and self._clock.monotonic() - self._fetched_at >= _REFETCH_SECONDS:
            await self._refresh()
        if self._issuer is None or key_id not in self._keys:
            raise InvalidToken("its key id is not one of the issuer's")
        return self._issuer, self._keys[key_id]

    async def _refresh(self) -> None:
        discovery = await self._fetched(self._discovery_url)
        issuer, keys_url = discovery.get("issuer"), discovery.get("jwks_uri")
        if not isinstance(issuer, str) or not isinstance(keys_url, str):
            raise self._unreachable("its discovery document has no issuer or no jwks_uri")
        keys = (await self._fetched(keys_url)).get("keys")
        if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
            raise self._unreachable("its keys are no list of keys")
        try:
            key_set = KeySet.import_key_set({"keys": keys})
        except (ValueError, KeyError, TypeError, JoseError) as problem:
            raise self._unreachable(f"one of its keys is none: {type(problem).__name__}") from problem
        self._issuer = issuer
        self._keys = {key.kid: key for key in key_set.keys if isinstance(key, RSAKey) and key.kid}
        self._fetched_at = self._clock.monotonic()

    async def _fetched(self, url: str) -> Mapping[str, Any]:
        try:
            return await self._fetch(url)
        except (OSError, TimeoutError, ValueError) as problem:
            raise self._unreachable(f"{url} cannot be read") from problem

    def _unreachable(self, why: str) -> KeysUnreachable:
        return KeysUnreachable(f"the issuer's keys cannot be had from {self._discovery_url}: {why}")


async def verified_claims(token: str, keys: IssuerKeys, clock: Clock) -> dict[str, Any]:
    """The claims of a good token; raises `InvalidToken` for any other."""
    if len(token) > _MAX_TOKEN:
        raise InvalidToken("it is too long")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
        key_id = header.get("kid")
        if header.get("alg") != "RS256":
            raise InvalidToken("its algorithm is not RS256")
        if not isinstance(key_id, str):
            raise InvalidToken("it names no key")
        issuer, key = await keys.issuer_and_key(key_id)
        claims = jwt.decode(token, key, algorithms=["RS256"]).claims
    except (JoseError, ValueError, TypeError) as problem:
        raise InvalidToken(f"it is not a signed token of the issuer: {type(problem).__name__}") from problem
    registry = jwt.JWTClaimsRegistry(
        now=int(clock.now()), iss={"essential": True, "value": issuer}, exp={"essential": True}
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError as problem:
        raise TokenExpired("it has expired") from problem
    except (JoseError, TypeError, ValueError, OverflowError) as problem:
        raise InvalidToken(f"its claims are not good: {problem}") from problem
    return claims
