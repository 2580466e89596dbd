"""A folder of web pages beside the run, with a config.json that says where the run's parts are."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..template import Refusal
from .emulator import Endpoints
from .http_client import HttpClient
from .messages import Headers, Reply, Request, json_reply


def check_website(folder: Path) -> None:
    """Refuses a folder without a page, before anything is started."""
    if not (folder / "index.html").is_file():
        raise Refusal("SAL070", f"web: there is no index.html in {folder}: give the folder with your page")


class Website:
    """Serves the folder's files, and what a page must know to sign in and to ask."""

    body_limit = 0

    def __init__(self, folder: Path, endpoints: Endpoints) -> None:
        self._folder = folder.resolve()
        self._config = {
            "invocationsUrl": endpoints.invocations_url,
            "signInUrl": endpoints.sign_in_url,
            "clientId": endpoints.client_id,
            "tokenType": endpoints.token_type,
            "scope": " ".join(["openid", "email", "profile", *endpoints.scopes]),
        }
        self._headers = _headers(endpoints)

    def _file(self, path: str) -> Path | None:
        """The file at a path; `None` when there is none to serve: hidden files, and what lies outside, are not."""
        if any(part.startswith(".") for part in path.split("/")):
            return None
        try:
            file = (self._folder / path).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except (OSError, ValueError):  # a name that no file can have
            return None

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        if request.method not in ("GET", "HEAD"):
            return Reply(status=405, headers=self._headers)
        path = unquote(request.path).removeprefix("/") or "index.html"
        if path == "config.json":
            return json_reply(200, self._config, self._headers)
        file = self._file(path)
        if file is None:
            return Reply(status=404, headers=self._headers)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Reply(status=200, headers=(("Content-Type", kind), *self._headers), body=file.read_bytes())


async def page_problems(endpoints: Endpoints, origin: str) -> list[Refusal]:
    """What keeps a page of this origin from working with the app, asked of the running API itself."""
    problems = []
    if endpoints.sign_in_url is None:
        problems.append(
            Refusal(
                "SAL073",
                "the page cannot sign in: the user pool's client has no managed login: give AgentAuth.cognito the"
                f' callback_urls of your page, "{origin}/"',
            )
        )
    address = urlsplit(endpoints.invocations_url)
    asked = Request(
        method="OPTIONS",
        path=address.path,
        headers=(("Origin", origin), ("Access-Control-Request-Method", "POST")),
    )
    async with HttpClient() as http_client:
        reply = await http_client.ask(f"{address.scheme}://{address.netloc}", asked)
        if not isinstance(reply.body, bytes):
            await reply.body.aclose()
    if reply.header("Access-Control-Allow-Origin") not in ("*", origin):
        problems.append(
            Refusal(
                "SAL073",
                f"the API does not answer pages of {origin}: give StreamingAgentApi"
                f' cors=Cors(allow_origins=["{origin}"])',
            )
        )
    return problems


def _headers(endpoints: Endpoints) -> Headers:
    called = {f"{parts.scheme}://{parts.netloc}" for url in _called(endpoints) if (parts := urlsplit(url))}
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


def _called(endpoints: Endpoints) -> tuple[str, ...]:
    return (endpoints.invocations_url, *((endpoints.sign_in_url,) if endpoints.sign_in_url else ()))
