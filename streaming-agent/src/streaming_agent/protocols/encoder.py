"""What every protocol does: reads a request's body, and writes one answer's events as bytes."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from ..context import Turn
from ..events import AnswerError, AnswerEvent, Usage, encode_json


class BadRequest(Exception):
    """The body is not of this protocol's shape: answered with 400."""


class AnswerEncoder(ABC):
    """One answer in one protocol; lives as long as the answer."""

    media_type = "text/event-stream; charset=utf-8"
    """Of the reply."""
    headers: Sequence[tuple[bytes, bytes]] = ()
    """The reply's, beside the usual ones."""
    error_status = 500
    """Of a whole answer that fails; a stream has begun with 200 by then."""
    whole = False
    """Whether the caller wants one document at the end, and no stream."""
    resumable = False
    """Whether a caller can come back for the rest of an answer."""
    conversation_id = ""
    """Which conversation the caller goes on with."""
    history: Sequence[Turn] | None = None
    """The turns before this one, where the caller keeps them."""
    prompt = ""
    """The question."""
    usage: Usage | None = None
    """The tokens, once they are known."""

    @abstractmethod
    def __init__(self, body: Mapping[str, Any]) -> None:
        """:param body: The request's JSON object; raises `BadRequest` for one of another shape."""

    def start(self) -> bytes:
        """What comes before the first event."""
        return b""

    @abstractmethod
    def event(self, event: AnswerEvent) -> bytes:
        """One event; empty where the protocol has no word for it."""

    @abstractmethod
    def error(self, error: AnswerError) -> bytes:
        """How the answer fails; nothing follows."""

    @abstractmethod
    def end(self) -> bytes:
        """The end of a whole answer."""


class OpenAndClose(AnswerEncoder):
    """For protocols whose texts are opened and closed: one is closed before anything else begins."""

    _kind = ""
    _id = ""

    @abstractmethod
    def opening(self, kind: str) -> bytes:
        """Opens a text of this kind, `text` or `reasoning`, under `self._id`."""

    @abstractmethod
    def closing(self, kind: str) -> bytes:
        """Closes it."""

    def turn_to(self, kind: str) -> bytes:
        """Closes what is open and opens this kind; with the empty kind it only closes."""
        if self._kind == kind:
            return b""
        written = self.closing(self._kind) if self._kind else b""
        self._kind = kind
        if kind:
            self._id = new_id()
            written += self.opening(kind)
        return written


def server_sent(value: Any, name: str = "") -> bytes:
    """One server-sent event (WHATWG HTML, server-sent events)."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {encode_json(value)}\n\n".encode()


def new_id() -> str:
    """Fresh in every session: uuid4 asks the operating system."""
    return uuid.uuid4().hex


def text_of(content: Any) -> str:
    """The text of a message: a string, or a list of parts of which some are text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, Mapping)]
    return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))


def read_messages(messages: Any, *, content: str = "content") -> tuple[str, list[Turn]]:
    """The last question of a list of messages, and the turns before it. A caller's `system` is not the agent's."""
    if not isinstance(messages, list):
        return "", []
    turns = []
    for message in messages:
        if isinstance(message, Mapping) and message.get("role") in ("user", "assistant"):
            turns.append(Turn(message["role"], text_of(message.get(content, message.get("content")))))
    while turns and turns[-1].role != "user":
        turns.pop()
    if not turns:
        return "", []
    return turns[-1].text, [turn for turn in turns[:-1] if turn.text]


def identifier(value: Any) -> str:
    """An id that the caller sent; empty for what is no text."""
    return value if isinstance(value, str) else ""
