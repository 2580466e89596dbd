"""The issuer: a pool's discovery document, keys and OAuth endpoints, and Cognito's JSON API beside them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from ..clock import Clock
from ..messages import Headers, Reply, Request, json_reply
from .json_api import CognitoApi, CognitoError
from .oauth_endpoints import OAuth
from .token_mint import TokenMint
from .user_pool import UserPool

_CORS_HEADERS = (("Access-Control-Allow-Headers", "authorization, content-type, x-amz-target, x-amz-user-agent"),)
_PUBLIC = (".well-known/openid-configuration", ".well-known/oauth-authorization-server", ".well-known/jwks.json")
_CALLED_BY_PAGES = ("oauth2/token", "oauth2/revoke", "oauth2/userInfo")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_TARGET = "AWSCognitoIdentityProviderService."


class Issuer:
    """Plays Cognito, and other OpenID providers, on one origin such as `http://127.0.0.1:9000`."""

    body_limit = 1024 * 1024

    def __init__(
        self, pools: Sequence[UserPool], origin: str, clock: Clock, *, secure_origin: str | None = None
    ) -> None:
        self.pools = {pool.id: pool for pool in pools}
        self.origin = origin
        self._secure_origin = secure_origin
        mints = {pool.id: TokenMint(pool, self.issuer_of(pool.id), clock) for pool in pools}
        self._cognito = CognitoApi(self.pools, mints, clock)
        self._oauth = {pool.id: OAuth(pool, mints[pool.id], clock) for pool in pools}

    def issuer_of(self, pool_id: str) -> str:
        """The `iss` of a pool's tokens."""
        pool = next((one for one in self.pools.values() if one.is_called(pool_id)), None)
        is_provider = pool is not None and pool.discovery_url is not None
        return f"{self._secure_origin if is_provider else self.origin}/{pool.id if pool else pool_id}"

    def discovery_url_for(self, discovery_url: str) -> str | None:
        """Where the discovery document that the template names is locally; `None` when no fake issuer has it."""
        for pool in self.pools.values():
            named = discovery_url.split("/")[3:4] if discovery_url.startswith("https://cognito-idp.") else []
            if any(map(pool.is_called, named)) or discovery_url == pool.discovery_url:
                return self.discovery_url_of(pool.id)
        return None

    def discovery_url_of(self, pool_id: str) -> str:
        """Where a pool's discovery document is."""
        return f"{self.issuer_of(pool_id)}/.well-known/openid-configuration"

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        reply = Reply(status=204) if request.method == "OPTIONS" else self._answer(request)
        return replace(reply, headers=(*reply.headers, *self._cors(request)))

    def _cors(self, request: Request) -> Headers:
        """Which pages may read the answer: any may read what is public, and the app's own may sign in."""
        _, _, below = request.path.removeprefix("/").partition("/")
        origin = request.header("Origin")
        if below in _PUBLIC:
            return (("Access-Control-Allow-Origin", "*"), *_CORS_HEADERS)
        if (request.path == "/" or below in _CALLED_BY_PAGES) and origin is not None and self._is_the_apps(origin):
            return (("Access-Control-Allow-Origin", origin), ("Vary", "Origin"), *_CORS_HEADERS)
        return ()

    def _is_the_apps(self, origin: str) -> bool:
        if urlsplit(origin).hostname in _LOOPBACK:
            return True
        urls = [
            url
            for pool in self.pools.values()
            for client in pool.clients.values()
            for url in (*client.callback_urls, *client.logout_urls)
        ]
        return origin in {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, urls)}

    def _answer(self, request: Request) -> Reply:
        if request.method == "POST" and request.path == "/":
            return self._json_api(request)
        pool_id, _, below = request.path.removeprefix("/").partition("/")
        reply = None
        if pool_id in self.pools:
            match (request.method, below):
                case ("GET", ".well-known/openid-configuration" | ".well-known/oauth-authorization-server"):
                    reply = json_reply(200, self._discovery(pool_id))
                case ("GET", ".well-known/jwks.json"):
                    reply = json_reply(200, {"keys": [self.pools[pool_id].key.as_dict(private=False)]})
                case _:
                    reply = self._oauth[pool_id].handle(request, below)
        return reply or json_reply(404, {"message": "Not Found"})

    def _json_api(self, request: Request) -> Reply:
        target = request.header("X-Amz-Target") or ""
        types = [("Content-Type", "application/x-amz-json-1.1")]
        try:
            if not target.startswith(_TARGET):
                raise CognitoError("UnknownOperationException", f"X-Amz-Target must start with {_TARGET}")
            try:
                parameters = json.loads(request.body)
            except (ValueError, RecursionError):
                parameters = None
            if not isinstance(parameters, dict):
                raise CognitoError("SerializationException", "the body must be a JSON object")
            return json_reply(200, self._cognito.call(target.removeprefix(_TARGET), parameters), types)
        except CognitoError as error:
            return json_reply(
                400,
                {"__type": error.name, "message": error.message},
                [*types, ("x-amzn-ErrorType", f"{error.name}:")],
            )

    def _discovery(self, pool_id: str) -> dict[str, object]:
        issuer = self.issuer_of(pool_id)
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/oauth2/authorize",
            "token_endpoint": f"{issuer}/oauth2/token",
            "end_session_endpoint": f"{issuer}/logout",
            "jwks_uri": f"{issuer}/.well-known/jwks.json",
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
