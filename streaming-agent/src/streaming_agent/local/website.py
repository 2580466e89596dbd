"""A folder of web pages beside the run, with a config.json that says where the run's parts are."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..template import Refusal
from .emulator import Endpoints
from .messages import Headers, Reply, Request, json_reply


def check_website(folder: Path) -> None:
    """Refuses a folder without a page, before anything is started."""
    if not (folder / "index.html").is_file():
        raise Refusal("SAL070", f"web must be a folder with an index.html, got {folder}")


class Website:
    """Serves the folder's files, and what a page must know to sign in and to ask."""

    body_limit = 0

    def __init__(self, folder: Path, ready: Endpoints) -> None:
        self._folder = folder.resolve()
        self._config = {
            "invocationsUrl": ready.invocations_url,
            "signInUrl": ready.sign_in_url,
            "clientId": ready.client_id,
            "tokenType": ready.token_type,
            "scope": "openid email profile",
        }
        self._headers = _headers(ready)

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        if request.method not in ("GET", "HEAD"):
            return Reply(status=405, headers=self._headers)
        path = unquote(request.path).removeprefix("/") or "index.html"
        if path == "config.json":
            return json_reply(200, self._config, self._headers)
        file = (self._folder / path).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            return Reply(status=404, headers=self._headers)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Reply(status=200, headers=(("Content-Type", kind), *self._headers), body=file.read_bytes())


def _headers(ready: Endpoints) -> Headers:
    called = {f"{parts.scheme}://{parts.netloc}" for url in _called(ready) if (parts := urlsplit(url))}
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none';"
        f" base-uri 'none'; form-action 'none'; connect-src 'self' {' '.join(sorted(called))}"
    )
    return (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    )


def _called(ready: Endpoints) -> tuple[str, ...]:
    return (ready.invocations_url, *((ready.sign_in_url,) if ready.sign_in_url else ()))
