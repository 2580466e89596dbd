"""AgentCore's CustomJWTAuthorizer: every list that the template sets must pass (AC `inbound-jwt-authorizer`)."""

from collections.abc import Callable, Mapping
from typing import Any

from ..clock import Clock
from ..jwt_check import InvalidToken, IssuerKeys, verified_claims
from ..messages import Request
from .runtime_reader import ClaimRule, JwtAuthorizer


class Unauthorized(Exception):
    """The token is not one that the runtime takes; the message is for the caller."""


class RuntimeAuthorizer:
    """Checks the tokens of one runtime."""

    def __init__(self, rules: JwtAuthorizer, keys_at: Callable[[str], IssuerKeys], clock: Clock) -> None:
        self._rules = rules
        self._keys = keys_at(rules.discovery_url)
        self._clock = clock

    async def authorize(self, request: Request) -> None:
        """Raises `Unauthorized` unless the request carries one good token."""
        values = request.all_headers("Authorization")
        scheme, _, token = values[0].partition(" ") if len(values) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorized("Missing Authentication Token" if not values else "Invalid Bearer token")
        try:
            claims = await verified_claims(token.strip(), self._keys, self._clock)
        except InvalidToken as refused:
            raise Unauthorized(f"Invalid Bearer token: {refused}") from refused
        self._check(claims)

    def _check(self, claims: Mapping[str, Any]) -> None:
        rules = self._rules
        audience = claims.get("aud", [])
        audiences = audience if isinstance(audience, list) else [audience]
        if rules.audiences and not set(rules.audiences) & {one for one in audiences if isinstance(one, str)}:
            raise _mismatch("aud")
        if rules.clients and claims.get("client_id") not in rules.clients:
            raise _mismatch("client_id")
        if rules.scopes and not set(rules.scopes) & set(str(claims.get("scope", "")).split()):
            raise _mismatch("scope")
        for rule in rules.claims:
            if not _holds(rule, claims.get(rule.name)):
                raise _mismatch(rule.name)


def _holds(rule: ClaimRule, value: Any) -> bool:
    match rule.operator:
        case "EQUALS":
            return isinstance(value, str) and value == rule.values[0]
        case "CONTAINS":
            return isinstance(value, list) and rule.values[0] in value
        case "CONTAINS_ANY":
            return isinstance(value, list) and any(one in value for one in rule.values)
        case _:
            return False


def _mismatch(claim: str) -> Unauthorized:
    return Unauthorized(f"Claim '{claim}' value mismatch with configuration.")
