"""Requests and replies as the emulated services see them, apart from any HTTP server."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request with its whole body, as API Gateway and AgentCore take it: neither streams requests."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    oversize: bool = False  # the body was longer than the service takes, and was not kept
    source_ip: str = "127.0.0.1"

    def header(self, name: str) -> str | None:
        """The header's value; the last one where it is repeated, as API Gateway's single-value headers do."""
        return next((value for value in reversed(self.all_headers(name))), None)

    def all_headers(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def query_arguments(self) -> list[tuple[str, str]]:
        """The query string's arguments, decoded, in order."""
        return parse_qsl(self.query, keep_blank_values=True)


class Stream(ABC):
    """Chunks on their way. Whoever has a stream closes it, read or not: an async generator that was never started would
    not let go of its source."""

    def __aiter__(self) -> Self:
        return self

    @abstractmethod
    async def __anext__(self) -> bytes: ...

    @abstractmethod
    async def aclose(self) -> None:
        """Lets go of the source."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A status, headers, and a body that is either there or on its way."""

    status: int
    headers: Headers = ()
    body: bytes | Stream = b""

    def header(self, name: str) -> str | None:
        """The header's first value."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class StreamCut(Exception):
    """A streamed body ended by a limit or a fault: the connection is closed without the last chunk."""


class Service(Protocol):
    """One of the emulated services."""

    body_limit: int

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        ...


def json_reply(status: int, content: Any, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """A reply with a JSON body."""
    body = json.dumps(content, separators=(",", ":")).encode()
    types = (
        () if any(name.lower() == "content-type" for name, _ in headers) else (("Content-Type", "application/json"),)
    )
    return Reply(status=status, headers=(*types, *headers), body=body)
