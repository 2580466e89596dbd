"""Cognito's tokens as a caller sees them: which kind one is, and until when it holds."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .base64url import decode_base64url
from .call_errors import SignInFailed, TokenRefused

# renewed this long before it expires, so that it still holds when it arrives
_MARGIN_SECONDS = 60.0
PASSWORD_SCOPE = "aws.cognito.signin.user.admin"  # noqa: S105
"""The one scope that an access token has after a sign-in by password (Cognito, access token)."""


class TokenUse(StrEnum):
    """Which of Cognito's tokens an API takes, by their claim ``token_use``: ``AgentAuth``'s choice of the stack."""

    ID = "id"
    ACCESS = "access"


_SAID = {TokenUse.ID: "ID", TokenUse.ACCESS: "access"}


@dataclass(frozen=True, repr=False)
class Tokens:
    """The tokens of one sign-in; machine-to-machine clients have only the access token."""

    access: str | None
    id: str | None = None
    refresh: str | None = None

    def __repr__(self) -> str:
        return "Tokens(…)"  # never shown: logs outlive tokens

    @classmethod
    def of_cognito_api(cls, result: Mapping[str, Any], refresh: str | None = None) -> "Tokens":
        """From `AuthenticationResult`; a refreshed result keeps the refresh token it was made with."""
        return cls(_token(result, "AccessToken"), _token(result, "IdToken"), _kept(result, "RefreshToken", refresh))

    @classmethod
    def of_token_endpoint(cls, result: Mapping[str, Any], refresh: str | None = None) -> "Tokens":
        """From the answer of ``/oauth2/token``."""
        own = _kept(result, "id_token", None)
        return cls(_token(result, "access_token"), own, _kept(result, "refresh_token", refresh))

    def of_type(self, wanted: TokenUse) -> str:
        """The token that an API of this type takes."""
        token = self.id if wanted is TokenUse.ID else self.access
        if token is None:
            other = TokenUse.ACCESS if wanted is TokenUse.ID else TokenUse.ID
            raise SignInFailed(
                "CLI011",
                f"this API takes {_SAID[wanted]} tokens, and the sign-in gave only an {_SAID[other]} token: sign in as"
                " a user, with SrpSignIn or BrowserSignIn",
            )
        return token


HEADER_SAFE = re.compile(r"[\x21-\x7e]+")
"""What a header can hold, without blanks."""


def clean_token(given: str) -> str:
    """A token as people paste it: blanks and line ends around it, quotes, and a `Bearer` of its own are cut off."""
    token = given.strip().strip("\"'").strip()
    while token[:7].lower() in ("bearer ", "bearer:"):
        token = token[7:].strip().strip("\"'").strip()
    if not token:
        raise TokenRefused("CLI001", "token: expected a JWT, got nothing but blanks")
    if HEADER_SAFE.fullmatch(token) is None:
        raise TokenRefused(
            "CLI001",
            f"token: expected a JWT, got {len(token)} characters with blanks or control characters among them: give the"
            " token only",
        )
    return token


def claims_of(token: str) -> Mapping[str, Any]:
    """What a token says of itself. Not verified: that is for those who receive it."""
    claims: Any = None
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(decode_base64url(payload))
        usable = isinstance(claims, dict) and math.isfinite(float(claims["exp"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        usable = False
    if not usable:
        raise TokenRefused(
            "CLI001", f"token: expected a JWT with an expiry, got {len(token)} characters that are none"
        ) from None
    return dict(claims)


def renewal_of(token: str) -> float:
    """When a token should be renewed, in seconds since the epoch: some time before it expires."""
    claims = claims_of(token)
    expires = float(claims["exp"])
    issued = claims.get("iat")
    has_issued = isinstance(issued, (int, float)) and math.isfinite(issued)
    lifetime = expires - float(issued) if has_issued else 4 * _MARGIN_SECONDS  # type: ignore[arg-type]
    return expires - min(_MARGIN_SECONDS, max(lifetime, 0.0) / 4)


def check_sendable(token: str, wanted: TokenUse, now: float) -> None:
    """Refuses a token that the API could only answer with a bare 401."""
    if HEADER_SAFE.fullmatch(token) is None:
        raise TokenRefused("CLI001", f"token: expected a JWT, got {len(token)} characters that no header can hold")
    check_type(token, wanted)
    expired = now - float(claims_of(token)["exp"])
    if expired >= 0:
        raise TokenRefused("CLI003", f"the token expired {expired:.0f} s ago: get a new one")


def check_type(token: str, wanted: TokenUse) -> None:
    """Refuses the other one of Cognito's two tokens, which the API would answer with a bare 401."""
    used = claims_of(token).get("token_use")
    if used is not None and used != wanted:
        raise TokenRefused(
            "CLI002",
            f"token: expected an {_SAID[wanted]} token for this API, got one with token_use {str(used)[:20]!r}: send"
            " the other of the sign-in's two tokens, or say with token_type which one the API takes",
        )


def _token(result: Mapping[str, Any], name: str) -> str:
    value = result.get(name)
    if not isinstance(value, str) or not value:
        raise SignInFailed("CLI032", f"the sign-in was answered without {name}: ask whoever runs the user pool")
    return value


def _kept(result: Mapping[str, Any], name: str, otherwise: str | None) -> str | None:
    value = result.get(name)
    return value if isinstance(value, str) and value else otherwise
