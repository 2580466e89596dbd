"""Where tokens come from: a sign-in written once, as the requests it sends, and run sync or async."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from typing import Any

import httpx2

from .address import AgentAddress
from .errors import ClientError, SignInFailed
from .tokens import Tokens

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
        """Signs in anew."""

    @abstractmethod
    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """New tokens without asking the user again."""


class StaticToken(TokenSource):
    """A token that was had elsewhere: used until it expires.

    Example::

        StaticToken(os.environ["AGENT_TOKEN"])
    """

    def __init__(self, token: str) -> None:
        self._tokens = Tokens(access=token, id=token)

    @property
    def name(self) -> str:
        """Nobody: a given token is not kept."""
        return ""

    def sign_in(self, address: AgentAddress) -> Flow:
        """The token, whichever the API takes; whether it is that one is checked before it is sent."""
        return self._tokens
        yield  # a generator that sends no request

    def refresh(self, address: AgentAddress, refresh_token: str) -> Flow:
        """The same token."""
        return self.sign_in(address)


def run(flow: Flow, http: httpx2.Client) -> Tokens:
    """Runs a sign-in."""
    try:
        request = next(flow)
        while True:
            try:
                response = http.send(request)
            except httpx2.TransportError as problem:
                raise unreachable(request, problem) from problem
            request = flow.send(response)
    except StopIteration as done:
        tokens: Tokens = done.value
        return tokens


def unreachable(request: httpx2.Request, problem: httpx2.TransportError) -> ClientError:
    """The error for a sign-in that nobody answers."""
    said = str(problem) or type(problem).__name__
    return ClientError(
        "CLI010", f"the sign-in must be reachable, got {said} from {request.url.host}: check the network"
    )


def answered(response: httpx2.Response, what: str) -> Mapping[str, Any]:
    """The JSON of a response; raises `SignInFailed` with the pool's own reason for any that is no success."""
    try:
        content = response.json()
    except ValueError:
        content = {}
    if not isinstance(content, dict):
        content = {}
    if response.is_success and content:
        return content
    kind = str(content.get("__type") or content.get("error") or f"status {response.status_code}").rpartition("#")[2]
    reason = content.get("message") or content.get("error_description") or ""
    raise SignInFailed("CLI012", f"{what} must be accepted by {response.url.host}, got {kind}: {reason}".rstrip(": "))
