"""The few things of HTTP that an agent needs: a request's headers and body, and a reply (ASGI 3, HTTP)."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, TypeAlias

from .events import encode_json

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = Sequence[tuple[bytes, bytes]]


class Refused(Exception):
    """A request that is answered with a status instead of an answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class CallerLeft(Exception):
    """The caller left before the request was whole."""


def read_headers(scope: Scope) -> dict[str, str]:
    """Names in lower case; of a name that comes twice the last."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


async def read_body(receive: Receive, most_bytes: int) -> bytes:
    """The whole body; raises `Refused` as soon as it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise CallerLeft
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise Refused(413, "too_large", f"send at most {most_bytes:,} bytes")
        if not message.get("more_body"):
            return bytes(body)


class Reply:
    """The reply to one request."""

    def __init__(self, send: Send, headers: Headers) -> None:
        """:param headers: What every reply carries."""
        self._send = send
        self._headers = list(headers)

    async def start(self, status: int, media_type: str, headers: Headers = ()) -> None:
        """Sends the status and the headers."""
        kind = (b"content-type", media_type.encode())
        await self._send({"type": "http.response.start", "status": status, "headers": [kind, *headers, *self._headers]})

    async def body(self, data: bytes, *, more: bool) -> None:
        """Sends a piece of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def document(self, status: int, media_type: str, data: bytes, headers: Headers = ()) -> None:
        """Sends all of it at once."""
        await self.start(status, media_type, [*headers, (b"content-length", str(len(data)).encode())])
        await self.body(data, more=False)

    async def json(self, status: int, value: Any) -> None:
        """Sends one JSON document."""
        await self.document(status, "application/json", encode_json(value).encode())

    async def error(self, refused: Refused) -> None:
        """Says why there is no answer."""
        await self.json(refused.status, {"error": {"code": refused.code, "message": refused.message}})
