"""One raw exchange with the API, with the moment at which each chunk of its answer came."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from ..client import ClientError

_TIMEOUT = httpx2.Timeout(connect=10.0, read=300.0, write=30.0, pool=10.0)


@dataclass(frozen=True)
class Exchange:
    """What was answered."""

    status: int
    headers: httpx2.Headers
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    """Seconds after the request, and bytes, of each chunk."""
    body: bytes = b""
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
        try:
            message = str(json.loads(self.body)["message"])
        except (ValueError, KeyError, TypeError):
            message = ""
        kind = self.headers.get("x-amzn-ErrorType", "").partition(":")[0]
        return " ".join(part for part in (str(self.status), kind, f"({message})" if message else "") if part)


class Prober:
    """Sends what a caller would, and what a caller should not."""

    def __init__(self, url: str, payload: str, api_key: str | None) -> None:
        self.url = url
        self._payload = payload
        self._api_key = api_key
        self._http = httpx2.Client(timeout=_TIMEOUT)

    def post(self, token: str | None, *, url: str | None = None, headers: Mapping[str, str] | None = None) -> Exchange:
        """Asks with this token, or with none."""
        sent = {"Content-Type": "application/json", "Accept-Encoding": "identity", **(headers or {})}
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
        self._http.close()

    def _exchanged(self, request: httpx2.Request) -> Exchange:
        request.extensions["timeout"] = _TIMEOUT.as_dict()
        began = time.monotonic()
        try:
            response = self._http.send(request, stream=True)
        except httpx2.TransportError as problem:
            raise ClientError(
                "CLI050",
                f"invocations_url must be reachable, got {problem or type(problem).__name__} from {request.url.host}:"
                " check the address and the network",
            ) from problem
        arrivals: list[tuple[float, int]] = []
        body, whole = bytearray(), True
        try:
            for chunk in response.iter_raw():
                arrivals.append((time.monotonic() - began, len(chunk)))
                body += chunk
        except httpx2.TransportError:
            whole = False
        finally:
            response.close()
        return Exchange(response.status_code, response.headers, arrivals, bytes(body), whole)
