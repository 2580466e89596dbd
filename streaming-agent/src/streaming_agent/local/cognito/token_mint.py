"""Mints tokens with the claims that Cognito's carry.

Cognito docs: `amazon-cognito-user-pools-using-the-id-token`, `…-using-the-access-token`.
"""

import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from joserfc import jwt

from ...client.tokens import PASSWORD_SCOPE
from ..clock import Clock
from .user_pool import PoolClient, User, UserPool


@dataclass(frozen=True)
class Session:
    """One sign-in: what a refresh token stands for."""

    user: User
    client_id: str
    auth_time: int
    expires_at: float
    scopes: tuple[str, ...] = (PASSWORD_SCOPE,)
    with_identity: bool = True  # by managed login only with the scope openid
    origin_jti: str = field(default_factory=lambda: str(uuid.uuid4()))


class TokenMint:
    """Signs one pool's tokens."""

    def __init__(self, pool: UserPool, issuer: str, clock: Clock) -> None:
        self._pool = pool
        self._issuer = issuer
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def sign_in(
        self, user: User, client: PoolClient, *, scopes: tuple[str, ...] | None = None, nonce: str | None = None
    ) -> dict[str, Any]:
        """Cognito's AuthenticationResult for a user who has just signed in; `scopes` are those of managed login."""
        now = self._clock.now()
        session = Session(user, client.id, int(now), now + client.refresh_validity)
        if scopes is not None:
            session = replace(session, scopes=scopes, with_identity="openid" in scopes)
        refresh_token = secrets.token_urlsafe(96)
        self._sessions[refresh_token] = session
        return {**self._tokens(session, client, nonce), "RefreshToken": refresh_token}

    def for_machine(self, client: PoolClient, scopes: Iterable[str]) -> dict[str, Any]:
        """The access token of a client that acts for itself: its `sub` is its id."""
        now = int(self._clock.now())
        claims = {
            "sub": client.id,
            "iss": self._issuer,
            "client_id": client.id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "auth_time": now,
            "iat": now,
            "exp": now + client.access_validity,
            "version": 2,
        }
        return {"AccessToken": self._signed(claims), "ExpiresIn": client.access_validity, "TokenType": "Bearer"}

    def refresh(self, refresh_token: str, client: PoolClient) -> dict[str, Any] | None:
        """New ID and access tokens, or `None` when the refresh token isn't this client's or has expired."""
        session = self._sessions.get(refresh_token)
        if session is None or session.client_id != client.id or session.expires_at <= self._clock.now():
            return None
        return self._tokens(session, client)

    def revoke(self, refresh_token: str, client: PoolClient) -> None:
        """Ends a sign-in; one of another client, or unknown, changes nothing (Cognito, `revocation-endpoint`)."""
        session = self._sessions.get(refresh_token)
        if session is not None and session.client_id == client.id:
            del self._sessions[refresh_token]

    def _tokens(self, session: Session, client: PoolClient, nonce: str | None = None) -> dict[str, Any]:
        user, now = session.user, int(self._clock.now())
        common = {
            "sub": user.sub,
            "iss": self._issuer,
            "origin_jti": session.origin_jti,
            "event_id": str(uuid.uuid4()),
            "auth_time": session.auth_time,
            "iat": now,
            **self._pool.claims,
        }
        identity = {
            **common,
            "aud": client.id,
            "token_use": "id",
            "cognito:username": user.username,
            **{name: value == "true" if name == "email_verified" else value for name, value in user.attributes.items()},
            **self._pool.identity_claims,
            **({"nonce": nonce} if nonce is not None else {}),
            "exp": now + client.id_validity,
        }
        access = {
            **common,
            "client_id": client.id,
            "token_use": "access",
            "scope": " ".join(session.scopes),
            "username": user.username,
            "exp": now + client.access_validity,
        }
        result = {"AccessToken": self._signed(access), "ExpiresIn": client.access_validity, "TokenType": "Bearer"}
        return {**result, "IdToken": self._signed(identity)} if session.with_identity else result

    def _signed(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self._pool.key.kid}
        # Cognito's tokens have no `typ` header.
        return jwt.encode(header, {**claims, "jti": str(uuid.uuid4())}, self._pool.key, ["RS256"], default_type=None)
