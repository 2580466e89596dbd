"""Where tokens come from: a sign-in written once, as the requests it sends, and run sync or async."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any

import httpx2

from .address import AgentAddress
from .call_errors import ClientError, SignInFailed
from .connections import Connections, unreachable
from .error_bodies import MOST_BYTES, message_of, without_secrets
from .tokens import Tokens, clean_token

Flow = Generator[httpx2.Request, httpx2.Response, Tokens]
"""Yields the requests of a sign-in, is sent their responses (read whole), returns the tokens."""


class TokenSource(ABC):
    """A way to sign in."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Who signs in, as far as it is known before: what kept tokens are found by."""

    @abstractmethod
    def sign_in(self, address: AgentAddress) -> Flow:
        """Signs in, from the beginning."""

    @abstractmethod
    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """New tokens without asking the user again."""


class StaticToken(TokenSource):
    """A token that you have from elsewhere: used until it expires. A `Bearer` before it is cut off.

    Example::

        StaticToken(os.environ["AGENT_TOKEN"])
    """

    def __init__(self, token: str) -> None:
        token = clean_token(token)
        self._tokens = Tokens(access=token, id=token)

    @property
    def name(self) -> str:
        """Nobody: such a token is not kept."""
        return ""

    def sign_in(self, address: AgentAddress) -> Flow:
        """The token, whichever the API takes; whether it is that one is checked before it is sent."""
        return self._tokens
        yield  # a generator that sends no request

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """The same token."""
        return self.sign_in(address)


_MOST_ANSWER_BYTES = 1024 * 1024


def run(flow: Flow, connections: Connections) -> Tokens:
    """Runs a sign-in."""
    try:
        request = next(flow)
        while True:
            try:
                response = connections.of(str(request.url)).send(request, stream=True)
                body = bytearray()
                with closing(response):
                    for chunk in response.iter_bytes():
                        body += chunk
                        check_size(len(body))
            except httpx2.RequestError as problem:
                raise unreachable_sign_in(request, problem) from None
            request = flow.send(whole(request, response, bytes(body)))
    except StopIteration as done:
        tokens: Tokens = done.value
        return tokens


def check_size(size: int) -> None:
    """Refuses an answer that is no sign-in's, by the bytes that came until now."""
    if size > _MOST_ANSWER_BYTES:
        raise SignInFailed("CLI032", "the sign-in was answered with more than 1 MB: check the address")


def whole(request: httpx2.Request, response: httpx2.Response, body: bytes) -> httpx2.Response:
    """The response with its body, which was read and decoded apart."""
    kept = {name: response.headers[name] for name in ("content-type", "location") if name in response.headers}
    return httpx2.Response(
        response.status_code, headers=kept, content=without_secrets(body, request.headers), request=request
    )


def unreachable_sign_in(request: httpx2.Request, problem: httpx2.RequestError) -> ClientError:
    """The error for a sign-in that nobody answers."""
    if isinstance(problem, httpx2.TransportError):
        return unreachable(str(request.url), problem, "the sign-in", "CLI010")
    return SignInFailed("CLI032", "the sign-in's answer cannot be decompressed: check what stands between")


def json_of(response: httpx2.Response, what: str) -> Mapping[str, Any]:
    """A response's JSON; raises `SignInFailed` with the pool's own reason for any that is no success."""
    try:
        content = response.json()
    except (ValueError, RecursionError):
        content = None
    if response.is_success and isinstance(content, dict) and content:
        return content
    host = response.request.url.host
    if response.is_success:
        raise SignInFailed("CLI032", f"{what} was answered by {host} with something else than JSON: check the address")
    content = content if isinstance(content, dict) else {}
    kind = str(content.get("__type") or content.get("error") or f"status {response.status_code}").rpartition("#")[2]
    reason = content.get("message") or content.get("error_description")
    if not isinstance(reason, str):
        reason = message_of(response.content[:MOST_BYTES], response.headers.get("content-type", ""))
    raise SignInFailed("CLI012", f"{host} refused {what}: {kind[:100]}: {reason[:300]}".rstrip(": "))
