"""OAuth as Cognito's managed login speaks it: the code flow with PKCE, refresh, and client credentials.

Cognito docs: `authorization-endpoint`, `token-endpoint`, `logout-endpoint`, `userinfo-endpoint`.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ...client.base64url import encode_base64url
from ...client.tokens import PASSWORD_SCOPE
from ..clock import Clock
from ..messages import Reply, Request, json_reply
from .login_page import error_page, login_page
from .token_mint import TokenMint
from .user_pool import PoolClient, User, UserPool

_CODE_SECONDS = 300
_STANDARD_SCOPES = {"openid", "email", "phone", "profile", PASSWORD_SCOPE}
_TOKEN_HEADERS = (("Cache-Control", "no-store"),)
_KEPT = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce")
_KEPT_PKCE = ("code_challenge", "code_challenge_method")


class _TokenError(Exception):
    """The token endpoint's refusal, by its OAuth name."""


@dataclass(frozen=True, kw_only=True)
class _Code:
    client: PoolClient
    user: User
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None
    nonce: str | None
    expires_at: float


class OAuth:
    """One pool's endpoints, below its issuer's address."""

    def __init__(self, pool: UserPool, mint: TokenMint, clock: Clock) -> None:
        self._pool = pool
        self._mint = mint
        self._clock = clock
        self._codes: dict[str, _Code] = {}

    def handle(self, request: Request, endpoint: str) -> Reply | None:
        """Answers one request; `None` when there is no such endpoint."""
        arguments = dict(request.query_arguments())
        form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
        match (request.method, endpoint):
            case ("GET", "oauth2/authorize" | "login"):
                return self._asked_to_sign_in(arguments)
            case ("POST", "login"):
                return self._signed_in(form)
            case ("POST", "oauth2/token"):
                try:
                    return json_reply(200, self._tokens(request, form), _TOKEN_HEADERS)
                except _TokenError as refused:
                    return json_reply(400, {"error": str(refused)}, _TOKEN_HEADERS)
            case ("POST", "oauth2/revoke"):
                try:
                    self._mint.revoke(form.get("token", ""), self._authenticated(request, form))
                except _TokenError as refused:
                    return json_reply(400, {"error": str(refused)}, _TOKEN_HEADERS)
                return Reply(status=200, headers=_TOKEN_HEADERS)
            case ("GET", "logout"):
                return self._signed_out(arguments)
            case _:
                return None

    def _asked_to_sign_in(self, arguments: Mapping[str, str]) -> Reply:
        client = self._pool.clients.get(arguments.get("client_id", ""))
        redirect_uri = arguments.get("redirect_uri", "")
        # the browser is sent only where the client says; until that is known the page itself tells
        if client is None:
            return error_page("client_id must name a client of the user pool.")
        if "code" not in client.oauth_flows:
            return error_page("The client must allow the authorization code grant: add callback URLs to it.")
        if redirect_uri not in client.callback_urls:
            allowed = ", ".join(client.callback_urls) or "none"
            return error_page(
                f"redirect_uri must be one of the client's callback URLs ({allowed}), got {redirect_uri}."
            )
        if arguments.get("response_type") != "code":
            return _redirect(redirect_uri, arguments, error="unsupported_response_type")
        if "code_challenge" in arguments and arguments.get("code_challenge_method") != "S256":
            return _redirect(redirect_uri, arguments, error="invalid_request")
        if not set(arguments.get("scope", "").split()) <= set(client.scopes):
            return _redirect(redirect_uri, arguments, error="invalid_scope")
        kept = {name: arguments[name] for name in (*_KEPT, *_KEPT_PKCE) if name in arguments}
        return login_page(f"/{self._pool.id}/login", kept)

    def _signed_in(self, form: Mapping[str, str]) -> Reply:
        kept = {name: value for name, value in form.items() if name not in ("username", "password")}
        # the fields have been in the browser's hands since they were checked
        again = self._asked_to_sign_in(kept)
        if again.status != 200:
            return again
        user = self._pool.user_by_password(form.get("username", ""), form.get("password", ""))
        if user is None:
            return login_page(f"/{self._pool.id}/login", kept, "Incorrect username or password.")
        client = self._pool.clients[kept["client_id"]]
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Code(
            client=client,
            user=user,
            redirect_uri=kept["redirect_uri"],
            scopes=tuple(kept.get("scope", "").split()) or client.scopes,
            challenge=kept.get("code_challenge"),
            nonce=kept.get("nonce"),
            expires_at=self._clock.monotonic() + _CODE_SECONDS,
        )
        return _redirect(kept["redirect_uri"], kept, code=code)

    def _tokens(self, request: Request, form: Mapping[str, str]) -> dict[str, Any]:
        client = self._authenticated(request, form)
        match form.get("grant_type"):
            case "authorization_code":
                return self._for_code(client, form)
            case "refresh_token":
                result = self._mint.refresh(form.get("refresh_token", ""), client)
                if result is None:
                    raise _TokenError("invalid_grant")
                return _as_oauth(result)
            case "client_credentials":
                return self._for_machine(client, form)
            case _:
                raise _TokenError("unsupported_grant_type")

    def _authenticated(self, request: Request, form: Mapping[str, str]) -> PoolClient:
        client_id, secret = form.get("client_id", ""), form.get("client_secret")
        scheme, _, credentials = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() == "basic":
            try:
                client_id, _, secret = base64.b64decode(credentials).decode().partition(":")
            except ValueError:
                raise _TokenError("invalid_client") from None
        client = self._pool.clients.get(client_id)
        if client is None:
            raise _TokenError("invalid_client")
        if client.secret is not None and not hmac.compare_digest(client.secret.encode(), (secret or "").encode()):
            raise _TokenError("invalid_client")
        return client

    def _for_code(self, client: PoolClient, form: Mapping[str, str]) -> dict[str, Any]:
        code = self._codes.pop(form.get("code", ""), None)  # good once, right or wrong
        if (
            code is None
            or code.client is not client
            or code.redirect_uri != form.get("redirect_uri")
            or code.expires_at < self._clock.monotonic()
            or not _verifies(code.challenge, form.get("code_verifier"))
        ):
            raise _TokenError("invalid_grant")
        return _as_oauth(self._mint.sign_in(code.user, client, scopes=code.scopes, nonce=code.nonce))

    def _for_machine(self, client: PoolClient, form: Mapping[str, str]) -> dict[str, Any]:
        if "client_credentials" not in client.oauth_flows or client.secret is None:
            raise _TokenError("unauthorized_client")
        own = [scope for scope in client.scopes if scope not in _STANDARD_SCOPES]
        asked = form.get("scope", "").split() or own
        if not asked or not set(asked) <= set(own):
            raise _TokenError("invalid_scope")
        return _as_oauth(self._mint.for_machine(client, asked))

    def _signed_out(self, arguments: Mapping[str, str]) -> Reply:
        client = self._pool.clients.get(arguments.get("client_id", ""))
        target = arguments.get("logout_uri", "")
        if client is None or target not in client.logout_urls:
            return error_page(f"logout_uri must be one of the client's logout URLs, got {target or 'none'}.")
        return Reply(status=302, headers=(("Location", target),))


def _redirect(redirect_uri: str, arguments: Mapping[str, str], **answer: str) -> Reply:
    if "state" in arguments:
        answer["state"] = arguments["state"]
    separator = "&" if "?" in redirect_uri else "?"
    location = f"{redirect_uri}{separator}{urlencode(answer)}"
    return Reply(status=302, headers=(("Location", location), ("Cache-Control", "no-store")))


def _verifies(challenge: str | None, verifier: str | None) -> bool:
    if challenge is None:
        return verifier is None
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return hmac.compare_digest(encode_base64url(digest).encode(), challenge.encode())


def _as_oauth(result: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "AccessToken": "access_token",
        "IdToken": "id_token",
        "RefreshToken": "refresh_token",
        "ExpiresIn": "expires_in",
        "TokenType": "token_type",
    }
    return {name: result[key] for key, name in names.items() if key in result}
