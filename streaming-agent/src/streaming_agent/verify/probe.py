"""One raw exchange with the API, with the moment at which each chunk of its answer came."""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field

import httpx2

from ..client.connections import TIMEOUT, Connections, unreachable
from ..client.error_bodies import message_of, without_secrets
from ..client.request_headers import resolve_api_key, resolve_headers

_MOST_KEPT_BYTES = 64 * 1024  # a report quotes no more of a body than an error's message
_MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Exchange:
    """What was answered."""

    status: int
    headers: httpx2.Headers
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    """Seconds after the request, and bytes, of each chunk."""
    body: bytes = b""
    """Its first 64 KB."""
    size: int = 0
    """Bytes in all."""
    whole: bool = True

    @property
    def first(self) -> float:
        """When the first chunk came."""
        return self.arrivals[0][0] if self.arrivals else 0.0

    @property
    def last(self) -> float:
        """When the last chunk came."""
        return self.arrivals[-1][0] if self.arrivals else 0.0

    @property
    def said(self) -> str:
        """The status with the error's type and message, as far as there are any."""
        message = message_of(self.body, self.headers.get("content-type", "")) if self.status >= 400 else ""
        kind = self.headers.get("x-amzn-ErrorType", "").partition(":")[0]
        return " ".join(part for part in (str(self.status), kind, f"({message})" if message else "") if part)


class Prober:
    """Sends what a caller would, and what a caller should not."""

    def __init__(self, url: str, payload: str, api_key: str | None, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self._payload = payload
        self._api_key = resolve_api_key(api_key)
        self._headers = resolve_headers(headers or {})
        self._connections = Connections()

    def post(self, token: str | None, *, url: str | None = None, headers: Mapping[str, str] | None = None) -> Exchange:
        """Asks with this token, or with none."""
        sent = {"Content-Type": "application/json", "Accept-Encoding": "identity", **self._headers, **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if self._api_key is not None:
            sent["X-Api-Key"] = self._api_key
        return self._exchanged(httpx2.Request("POST", url or self.url, headers=sent, content=self._payload))

    def preflight(self, origin: str) -> Exchange:
        """What a browser asks before a page's request."""
        sent = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        return self._exchanged(httpx2.Request("OPTIONS", self.url, headers=sent))

    def close(self) -> None:
        """Closes every connection."""
        self._connections.close()

    def _exchanged(self, request: httpx2.Request) -> Exchange:
        request.extensions["timeout"] = TIMEOUT.as_dict()
        url = str(request.url)
        began = time.monotonic()
        try:
            response = self._connections.of(url).send(request, stream=True)
        except httpx2.TransportError as problem:
            raise unreachable(url, problem, "the API", "CLI050") from None
        arrivals: list[tuple[float, int]] = []
        body, size, whole = bytearray(), 0, True
        with closing(response):
            try:
                for chunk in response.iter_raw():
                    arrivals.append((time.monotonic() - began, len(chunk)))
                    body += chunk[: _MOST_KEPT_BYTES - len(body)]
                    size += len(chunk)
                    if size > _MOST_BYTES:
                        whole = False
                        break
            except httpx2.TransportError:
                whole = False
        shown = without_secrets(bytes(body), request.headers)
        return Exchange(response.status_code, response.headers, arrivals, shown, size, whole)
