"""The HTTP client of the local run: asks an agent or an issuer, and hands chunks on as they come."""

import errno
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from .messages import Reply, Request, Stream, StreamCut

# Shorter than any server keeps an idle connection (uvicorn and Node: 5 seconds): a call on one that its server is just
# closing would be lost.
IDLE_SECONDS = 2.0


class HttpClient:
    """A pool of connections without limits of its own: the services have theirs."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls if tls is not None else True

    async def __aenter__(self) -> Self:
        self._kept = self._session(aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS, ssl=self._tls))
        # aiohttp would keep a connection whose request said `Connection: close`, and then lose the next call on it
        self._closed = self._session(aiohttp.TCPConnector(limit=0, force_close=True, ssl=self._tls))
        return self

    @staticmethod
    def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._kept.close()
        await self._closed.close()

    async def ask(self, origin: str, request: Request) -> Reply:
        """Sends one request; the reply's body is on its way. Raises `OSError` when nothing answers."""
        url = URL(f"{origin}{request.path}" + (f"?{request.query}" if request.query else ""), encoded=True)
        session = self._closed if request.header("Connection") == "close" else self._kept
        try:
            response = await session.request(
                request.method,
                url,
                headers=CIMultiDict(request.headers),
                data=request.body or None,
                allow_redirects=False,
            )
        except aiohttp.ClientError as problem:
            refused = isinstance(problem, OSError) and problem.errno == errno.ECONNREFUSED
            kind = ConnectionRefusedError if refused else ConnectionError
            raise kind(str(problem) or type(problem).__name__) from problem
        return Reply(status=response.status, headers=tuple(response.headers.items()), body=_Chunks(response))

    async def fetch_json(self, url: str) -> Mapping[str, Any]:
        """A JSON document; raises `OSError`, `TimeoutError` or `ValueError` when it can't be had."""
        try:
            async with self._kept.get(url, timeout=aiohttp.ClientTimeout(total=5)) as response:
                response.raise_for_status()
                content = await response.json(content_type=None)
        except aiohttp.ClientError as problem:
            raise ConnectionError(str(problem) or type(problem).__name__) from problem
        if not isinstance(content, dict):
            raise ValueError(f"{url} is not a JSON object")
        return content


class _Chunks(Stream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._response.content.readany()
        except aiohttp.ClientError as problem:
            raise StreamCut(f"the connection broke: {type(problem).__name__}") from problem
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        # not given back for reuse: a body that was not read to its end would leave its rest on the connection
        self._response.close()
