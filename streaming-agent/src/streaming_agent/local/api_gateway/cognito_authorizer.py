"""The Cognito authorizer of a method: an ID token, or with scopes on the method an access token."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..clock import Clock
from ..jwt_check import InvalidToken, IssuerKeys, KeysUnreachable, TokenExpired, verified_claims
from ..messages import Request
from .authorizers import CognitoAuthorizer
from .responses import HttpError


class CognitoAuthorization:
    """Checks tokens against the pools that a method's authorizer names."""

    def __init__(self, keys_of_pool: Callable[[str], IssuerKeys], clock: Clock) -> None:
        self._keys_of_pool = keys_of_pool
        self._clock = clock
        self._keys: dict[str, IssuerKeys] = {}

    async def authorize(self, authorizer: CognitoAuthorizer, scopes: Sequence[str], request: Request) -> dict[str, str]:
        """The claims of the caller's token as context variables; raises `HttpError` for a token of another kind."""
        values = request.all_headers(authorizer.header)
        if len(values) != 1:
            raise HttpError("UNAUTHORIZED", log=f"{authorizer.header} is sent {len(values)} times")
        scheme, _, token = values[0].strip().partition(" ")
        # REST APIs take the token bare as well as after "Bearer".
        bare = token.strip() if scheme.lower() == "bearer" and token else values[0].strip()
        refusals: list[InvalidToken] = []
        for arn in authorizer.pool_arns:
            try:
                claims = await verified_claims(bare, self._keys_for(arn), self._clock)
            except InvalidToken as refused:
                refusals.append(refused)
                continue
            _check_kind(claims, authorizer, scopes)
            return _variables(claims)
        raise _refused(refusals)

    def _keys_for(self, pool_arn: str) -> IssuerKeys:
        pool_id = pool_arn.rpartition("/")[2]
        if pool_id not in self._keys:
            self._keys[pool_id] = self._keys_of_pool(pool_id)
        return self._keys[pool_id]


def _check_kind(claims: Mapping[str, Any], authorizer: CognitoAuthorizer, scopes: Sequence[str]) -> None:
    use = claims.get("token_use")
    if scopes:
        if use != "access" or not set(scopes) & set(str(claims.get("scope", "")).split()):
            raise HttpError("UNAUTHORIZED", log=f"it is no access token with one of {', '.join(scopes)}")
        return
    if use != "id":
        raise HttpError("UNAUTHORIZED", log=f"token_use is {use}, the method takes ID tokens")
    if authorizer.audience is not None and not authorizer.audience.is_whole(str(claims.get("aud", ""))):
        raise HttpError("UNAUTHORIZED", log="its audience does not match IdentityValidationExpression")


def _variables(claims: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"authorizer.claims.{name}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in claims.items()
    }


def _refused(refusals: list[InvalidToken]) -> HttpError:
    reasons = "; ".join(sorted({str(one) for one in refusals}))
    for one in refusals:
        if isinstance(one, KeysUnreachable):
            return HttpError("AUTHORIZER_CONFIGURATION_ERROR", log=reasons)
        if isinstance(one, TokenExpired):
            return HttpError("UNAUTHORIZED", "The incoming token has expired", log=reasons)
    return HttpError("UNAUTHORIZED", log=reasons or "the authorizer names no pool")
