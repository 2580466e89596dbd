"""Signs in at the pool's managed login, in the user's own browser: the code flow with PKCE (RFC 8252, RFC 7636)."""

import hashlib
import hmac
import secrets
import time
import webbrowser
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from .address import AgentAddress
from .base64url import encode_base64url
from .call_errors import SignInFailed
from .oauth import refresh_request, sign_in_url, token_request
from .token_source import Flow, TokenSource
from .tokens import Tokens

DEFAULT_PORT = 8765
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title>'
    '<body style="font:1.1rem system-ui;margin:4rem auto;max-width:30rem"><h1>{title}</h1><p>{text}</p></body></html>'
)


class BrowserSignIn(TokenSource):
    """The user's browser, at the pool's managed login.

    Cognito takes a redirect only to a callback URL that the app client lists, letter for letter, so the port is fixed:
    list ``http://localhost:8765/callback`` in ``AgentAuth.cognito(callback_urls=[…])``.

    :param port: The port on this machine that the browser returns to. ``None``: 8765.
    :param scopes: What to ask for. ``None``: ``openid email profile``, and the address's scopes.
    :param open_browser: Opens an address. ``None``: the system's browser.
    :param timeout_seconds: How long the user may take. ``None``: 5 minutes.

    Example::

        AgentClient(address, BrowserSignIn(), store=TokenStore())
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        scopes: list[str] | None = None,
        open_browser: Callable[[str], object] | None = None,
        timeout_seconds: float | None = None,
    ) -> None:
        self._port = port if port is not None else DEFAULT_PORT
        self._scopes = scopes
        self._open_browser = open_browser if open_browser is not None else webbrowser.open
        self._timeout_seconds = timeout_seconds if timeout_seconds is not None else 300.0

    @property
    def name(self) -> str:
        """Whoever the browser signs in; another choice of scopes is another token."""
        return f"browser {' '.join(self._scopes or [])}".rstrip()

    def sign_in(self, address: AgentAddress) -> Flow:
        """Opens the browser, waits for it to come back, and exchanges its code."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        redirect_uri = f"http://localhost:{self._port}/callback"
        query = {
            "response_type": "code",
            "client_id": address.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self._scopes or ("openid", "email", "profile", *address.scopes)),
            "state": state,
            "code_challenge": encode_base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        code = self._code(f"{sign_in_url(address)}/oauth2/authorize?{urlencode(query)}", state)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return Tokens.of_token_endpoint((yield from token_request(address, form)))

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """Without the browser."""
        return refresh_request(address, refresh_token)

    def _code(self, url: str, state: str) -> str:
        with _Returning(self._port, state) as returning:
            self._open_browser(url)
            deadline = time.monotonic() + self._timeout_seconds
            while returning.answer is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise SignInFailed(
                        "CLI017",
                        f"nobody signed in within {self._timeout_seconds:.0f} s: open {url}, and try again",
                    )
                returning.timeout = left
                returning.handle_request()
        answer = returning.answer
        if "code" not in answer:
            said = answer.get("error_description") or answer.get("error") or "no code"
            raise SignInFailed("CLI018", f"the sign-in page refused: {said[:300]}; sign in again")
        return answer["code"]


class _Returning(HTTPServer):
    """Listens on the loopback for the browser's return; what doesn't bring our state is refused, and waited past."""

    def __init__(self, port: int, state: str) -> None:
        self.answer: dict[str, str] | None = None
        self.state = state
        try:
            super().__init__(("127.0.0.1", port), _ReturnHandler)
        except OSError as problem:
            raise SignInFailed(
                "CLI019",
                f"port {port} is not free for the browser's return: {problem.strerror}; end what uses it",
            ) from problem


class _ReturnHandler(BaseHTTPRequestHandler):
    timeout = 5  # a browser's idle pre-connection must not hold up its return

    def do_GET(self) -> None:
        returning = self.server
        assert isinstance(returning, _Returning)  # noqa: S101
        address = urlsplit(self.path)
        answer = {name: values[0] for name, values in parse_qs(address.query).items()}
        state = answer.get("state", "")
        if address.path != "/callback" or not hmac.compare_digest(state.encode(), returning.state.encode()):
            self.send_error(404)
            return
        returning.answer = answer
        signed_in = "code" in answer
        title = "Signed in" if signed_in else "Not signed in"
        text = "You can close this window." if signed_in else "Go back to where you came from to see why."
        body = _PAGE.format(title=title, text=text).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the code stands in the address."""
