"""Cognito's tokens as a caller sees them: which kind one is, and until when it holds."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .errors import SignInFailed, TokenRefused

# renewed this long before it expires, so that it still holds when it arrives
_MARGIN_SECONDS = 60.0


class TokenUse(StrEnum):
    """Which of Cognito's tokens an API takes: ``AgentAuth``'s choice of the stack."""

    ID = "id"
    ACCESS = "access"


_SAID = {TokenUse.ID: "ID", TokenUse.ACCESS: "access"}


@dataclass(frozen=True, repr=False)
class Tokens:
    """The tokens of one sign-in; machine-to-machine clients have the access token alone."""

    access: str | None
    id: str | None = None
    refresh: str | None = None

    def __repr__(self) -> str:
        return "Tokens(…)"  # never shown: logs outlive tokens, not always by much

    @classmethod
    def of_cognito_api(cls, result: Mapping[str, Any], refresh: str | None = None) -> "Tokens":
        """From `AuthenticationResult`; a refreshed result keeps the refresh token it was made with."""
        return cls(result["AccessToken"], result["IdToken"], result.get("RefreshToken", refresh))

    @classmethod
    def of_token_endpoint(cls, result: Mapping[str, Any], refresh: str | None = None) -> "Tokens":
        """From the answer of ``/oauth2/token``."""
        return cls(result["access_token"], result.get("id_token"), result.get("refresh_token", refresh))

    def of_type(self, wanted: TokenUse) -> str:
        """The token that an API of this type takes."""
        token = self.id if wanted is TokenUse.ID else self.access
        if token is None:
            other = TokenUse.ACCESS if wanted is TokenUse.ID else TokenUse.ID
            raise SignInFailed(
                "CLI011",
                f"the sign-in must give an {_SAID[wanted]} token for this API, got an {_SAID[other]} token alone:"
                " sign in as a user, with SrpSignIn or BrowserSignIn",
            )
        return token


def claims_of(token: str) -> Mapping[str, Any]:
    """What a token says of itself. Not verified: that is for those who receive it."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        float(claims["exp"])
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise TokenRefused(
            "CLI001", f"token must be a JWT with an expiry, got {len(token)} characters that are none"
        ) from None
    assert isinstance(claims, dict)  # noqa: S101
    return claims


def renewal_of(token: str) -> float:
    """When a token should be renewed, in seconds since the epoch: some time before it expires."""
    claims = claims_of(token)
    expires = float(claims["exp"])
    lifetime = expires - float(claims.get("iat", expires - 4 * _MARGIN_SECONDS))
    return expires - min(_MARGIN_SECONDS, lifetime / 4)


def check_sendable(token: str, wanted: TokenUse, now: float) -> None:
    """Refuses a token that the API could only answer with a bare 401."""
    check_type(token, wanted)
    expired = now - float(claims_of(token)["exp"])
    if expired >= 0:
        raise TokenRefused("CLI003", f"token must still hold, got one that expired {expired:.0f} s ago: get a new one")


def check_type(token: str, wanted: TokenUse) -> None:
    """Refuses the other one of Cognito's two tokens, which the API would answer with a bare 401."""
    used = claims_of(token).get("token_use")
    if used is not None and used != wanted:
        raise TokenRefused(
            "CLI002",
            f"token must be the {_SAID[wanted]} token for this API, got one with token_use {used}: send the other of"
            " the sign-in's two tokens, or say with token_type which one the API takes",
        )
