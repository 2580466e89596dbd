"""Who signs in to a local run: its user, by password or at its sign-in page, or the machine whose client it is."""

import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2

from .address import AgentAddress
from .base64url import encode_base64url
from .call_errors import SignInFailed
from .client_credentials import ClientCredentials
from .oauth import refresh_request, sign_in_url, token_request
from .run_file import LocalRun
from .srp_sign_in import SrpSignIn
from .token_source import Flow, TokenSource
from .tokens import PASSWORD_SCOPE, Tokens


def local_sign_in(local: LocalRun) -> TokenSource:
    """A client with a secret is a machine's. Scopes are had at the sign-in page only, never by password."""
    if local.client_secret is not None:
        return ClientCredentials(local.client_secret)
    scopes = local.address.scopes
    if scopes and PASSWORD_SCOPE not in scopes and local.address.sign_in_url and local.callback_url:
        return _LoginPage(local)
    return SrpSignIn(local.username, local.password)


class _LoginPage(TokenSource):
    """Fills in the local run's own sign-in page: the code flow with PKCE, without a browser."""

    def __init__(self, local: LocalRun) -> None:
        self._local = local

    @property
    def name(self) -> str:
        """The user's, with the scopes that were asked for."""
        return f"{self._local.username} {' '.join(self._local.address.scopes)}"

    def sign_in(self, address: AgentAddress) -> Flow:
        """The form, then the code that comes back."""
        verifier = secrets.token_urlsafe(48)
        redirect_uri = str(self._local.callback_url)
        form = {
            "response_type": "code",
            "client_id": str(address.client_id),
            "redirect_uri": redirect_uri,
            "scope": " ".join(("openid", *(scope for scope in address.scopes if scope != "openid"))),
            "code_challenge": encode_base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "username": self._local.username,
            "password": self._local.password,
        }
        response = yield httpx2.Request("POST", f"{sign_in_url(address)}/login", data=form)
        answer = parse_qs(urlsplit(response.headers.get("location", "")).query)
        if "code" not in answer:
            said = (answer.get("error") or [f"status {response.status_code}"])[0]
            raise SignInFailed(
                "CLI018",
                f"the local sign-in page refused: {said[:300]}; let the app client allow openid and the scopes",
            )
        exchange = {
            "grant_type": "authorization_code",
            "code": answer["code"][0],
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return Tokens.of_token_endpoint((yield from token_request(address, exchange)))

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """Without the form."""
        return refresh_request(address, refresh_token)
