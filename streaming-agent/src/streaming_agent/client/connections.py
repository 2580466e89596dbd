"""The HTTP clients behind a call: no proxy for this machine, elsewhere those of the environment.

A loopback address needs no proxy, and a token sent to one over plain HTTP would be readable there (RFC 6750, 5.3).
"""

import os
import ssl
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from .call_errors import ClientError
from .strict_tls import strict_context

# Quiet for as long as API Gateway lets a stream be: 5 minutes on regional and private endpoints.
TIMEOUT = httpx2.Timeout(connect=10.0, read=300.0, write=30.0, pool=10.0)
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_Client = TypeVar("_Client")


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in _LOOPBACK


class Connections:
    """The clients of one `AgentClient`, each made when it is first needed."""

    def __init__(self) -> None:
        self._made: dict[str, httpx2.Client] = {}

    def of(self, url: str) -> httpx2.Client:
        """The client for an address; raises `ClientError` when the environment's settings cannot be used."""
        kind = _kind(url)
        if kind not in self._made:
            self._made[kind] = _usable(lambda: _client(kind))
        return self._made[kind]

    def close(self) -> None:
        """Closes every connection."""
        for client in self._made.values():
            client.close()


class AsyncConnections:
    """The same for asyncio and trio."""

    def __init__(self) -> None:
        self._made: dict[str, httpx2.AsyncClient] = {}

    def of(self, url: str) -> httpx2.AsyncClient:
        """The client for an address; raises `ClientError` when the environment's settings cannot be used."""
        kind = _kind(url)
        if kind not in self._made:
            self._made[kind] = _usable(lambda: _async_client(kind))
        return self._made[kind]

    async def aclose(self) -> None:
        """Closes every connection."""
        for client in self._made.values():
            await client.aclose()


def _kind(url: str) -> str:
    return f"{urlsplit(url).scheme} here" if is_loopback(url) else "elsewhere"


def _client(kind: str) -> httpx2.Client:
    match kind:
        case "elsewhere":
            _check_proxies()
            return httpx2.Client(verify=strict_context(), timeout=TIMEOUT, limits=_LIMITS)
        case "https here":  # a transport of our own leaves the proxies out
            here = httpx2.HTTPTransport(verify=strict_context(), limits=_LIMITS)
            return httpx2.Client(transport=here, timeout=TIMEOUT)
    plain = httpx2.HTTPTransport(verify=_no_certificates(), trust_env=False, limits=_LIMITS)
    return httpx2.Client(transport=plain, timeout=TIMEOUT)


def _async_client(kind: str) -> httpx2.AsyncClient:
    match kind:
        case "elsewhere":
            _check_proxies()
            return httpx2.AsyncClient(verify=strict_context(), timeout=TIMEOUT, limits=_LIMITS)
        case "https here":
            here = httpx2.AsyncHTTPTransport(verify=strict_context(), limits=_LIMITS)
            return httpx2.AsyncClient(transport=here, timeout=TIMEOUT)
    plain = httpx2.AsyncHTTPTransport(verify=_no_certificates(), trust_env=False, limits=_LIMITS)
    return httpx2.AsyncClient(transport=plain, timeout=TIMEOUT)


def _check_proxies() -> None:
    """Raises `ValueError` for a proxy without a host, or with a port that is none."""
    for name in ("https", "http", "all"):
        proxy = getproxies().get(name)
        if proxy:
            parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
            if not (parts.hostname or "").strip() or parts.port == 0:
                raise ValueError


def _no_certificates() -> ssl.SSLContext:
    """Trusts nobody: plain HTTP reads no certificates, and loading the usual ones takes 0.1 s."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _usable(make: Callable[[], _Client]) -> _Client:
    try:
        return make()
    except ImportError as problem:
        raise ClientError(
            "CLI057",
            f"{_proxy_variable('socks')} names a SOCKS proxy, which needs a package: pip install 'httpx2[socks]', or"
            " name an http:// proxy",
        ) from problem
    except (FileNotFoundError, ssl.SSLError, PermissionError, IsADirectoryError) as problem:
        raise ClientError("CLI058", _certificates_sentence(problem)) from problem
    except (ValueError, httpx2.InvalidURL) as problem:
        raise ClientError(
            "CLI057",
            f"{_proxy_variable()} names no proxy that can be used: write http://HOST:PORT, or unset it",
        ) from problem


def _certificates_sentence(problem: Exception) -> str:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := os.environ.get(variable):
            reason = getattr(problem, "strerror", None) or "it holds no certificates"
            return f"{variable} is {value}, and that cannot be used: {reason}; correct it, or unset it"
    return f"the certificates of this machine cannot be used: {problem}; set SSL_CERT_FILE to a file of certificates"


def _proxy_variable(scheme: str = "") -> str:
    """The environment's variable that names the proxy in use, or the first that names one of this scheme."""
    for name in ("https_proxy", "all_proxy", "http_proxy"):
        for variable in (name.upper(), name):
            if os.environ.get(variable, "").startswith(scheme) and os.environ.get(variable):
                return variable
    return "the system's proxy setting"


def proxy_for(url: str) -> str | None:
    """Which proxy stands before an address, for a sentence: its variable, host and port, never its password."""
    host = urlsplit(url).hostname or ""
    if is_loopback(url) or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(urlsplit(url).scheme) or proxies.get("all")
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        where = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        where = "unreadable"
    return f"the proxy of {_proxy_variable()} ({where})"


def unreachable(url: str, problem: httpx2.TransportError, what: str, code: str) -> ClientError:
    """The error for something that nobody answers at; `what` names it."""
    host = urlsplit(url).hostname
    said = said_by(problem)
    proxy = proxy_for(url)
    if isinstance(problem, httpx2.ProxyError):
        return ClientError(
            "CLI056",
            f"{proxy or 'the proxy'} refused the connection to {host}: {said}; {what} was not asked. Give the proxy its"
            " password, or exempt the host with NO_PROXY",
        )
    through = f" through {proxy}" if proxy is not None else ""
    return ClientError(code, f"{what} cannot be reached at {host}{through}: {said}; check the address and the network")


def said_by(problem: httpx2.RequestError) -> str:
    """The HTTP library's own words, on one line and short."""
    if isinstance(problem, httpx2.LocalProtocolError):
        return "the request could not be written"  # its text quotes what was to be sent, which may be a secret
    if isinstance(problem, httpx2.TimeoutException):
        return "it took too long"
    cause: BaseException | None = problem
    while cause is not None and not str(cause):
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(cause or type(problem).__name__).split())[:200]
