"""One event of an agent's answer, and what the answer so far makes of it."""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from .agent_errors import agent_error
from .call_errors import AgentFailed
from .libraries import LIBRARIES
from .shapes import Found, Kind, is_repr, own_words, unnamed

# event types of plain text that is the answer's own
_TEXT_NAMES = frozenset({"", "message", "text", "delta", "token", "content", "chunk", "data", "answer", "completion"})
# event types whose data is none of the answer, whatever it looks like
_BESIDE_NAMES = frozenset(
    {"metadata", "meta", "ping", "done", "end", "start", "begin", "heartbeat", "keepalive", "keep-alive", "status"}
    | {"tool", "tool_call", "tool_use", "tool_result", "thinking", "reasoning", "usage", "progress", "log", "debug"}
    | {"close", "open", "connected", "init", "session", "source", "sources", "citation", "citations", "complete"}
)
JSON = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 1000 else float(digits))
"""Reads numbers of any length, of which Python refuses some."""


@dataclass(frozen=True)
class Event:
    """One thing that the agent yielded."""

    data: Any
    """What it yielded: parsed where it is JSON, which the agents' SDK always sends; else the text."""
    text: str = ""
    """The piece of the answer in it, in whichever library's shape it came; empty where it has none."""
    name: str = field(default="", kw_only=True)
    """The type of the server-sent event; empty where it has none."""
    id: str = field(default="", kw_only=True)
    """The last id that was sent until here; empty where the agent gives none."""
    library: str = field(default="", kw_only=True)
    """Whose shape the event has, such as ``Strands``; empty for this package's own words and for plain text."""
    readable: bool = field(default=True, kw_only=True)
    """``False``: what came is the ``repr`` of an object, JSON that cannot be read, or no event; ``data`` is text."""


class EventReader:
    """Reads the events of one answer, which explain each other: libraries send the same words in several shapes."""

    def __init__(self) -> None:
        self._channels: dict[str, str] = {}
        self._has_words = False
        self._has_library = False
        self._pieces_since_whole = False
        self._last_whole = ""
        self.ended = False
        """The agent said that the answer is whole."""

    def read(self, sent: str, *, name: str = "", id: str = "") -> Event:
        """What this event means; raises `AgentFailed` when it says that the agent failed."""
        data, readable = _parsed(sent)
        try:
            error = agent_error(name, data) if name.lower() not in _BESIDE_NAMES else None
            if error is not None:
                raise AgentFailed("CLI042", f"the agent failed: {error.words}", _details(data), kind=error.kind)
            found = self._found(name, data) if readable else None
        except RecursionError:
            found, readable = None, False
            data = sent
        if found is None:
            readable = readable and not (isinstance(data, str) and is_repr(data))
            return Event(data, name=name, id=id, readable=readable)
        self.ended = self.ended or found.ended
        return Event(data, self._new_text(found), name=name, id=id, library=found.library)

    def _found(self, name: str, data: Any) -> Found | None:
        beside = name.lower() in _BESIDE_NAMES
        if isinstance(data, str):
            if data == "[DONE]":
                return Found("")
            if beside:
                return Found("")
            is_text = name.lower() in _TEXT_NAMES and not is_repr(data)
            return Found("", Kind.PIECE, data) if is_text else None
        if beside and name not in ("ping",):
            found = own_words(data)
            return Found("", ended=found.ended) if found is not None else Found("")
        for library in (own_words, *LIBRARIES, unnamed):
            found = library(data)
            if found is not None:
                return found
        return None

    def _new_text(self, found: Found) -> str:
        if found.text == "" or found.kind is Kind.BESIDE:
            return ""
        if found.channel and self._channels.setdefault(found.library, found.channel) != found.channel:
            return ""  # the same words in the library's other shape
        # a library's own words are the answer; what its agent adds as {"result": …} says them again
        is_all = found.kind is Kind.ALL or (found.kind is Kind.WHOLE and found.library == "JSON" and self._has_library)
        had_words, self._has_words = self._has_words, True
        self._has_library = self._has_library or found.library not in ("", "JSON")
        if is_all:
            return "" if had_words else found.text
        if found.kind is Kind.PIECE:
            self._pieces_since_whole = True
            return found.text
        repeated = self._pieces_since_whole or (found.library != "JSON" and found.text == self._last_whole)
        self._pieces_since_whole, self._last_whole = False, found.text
        return "" if repeated else found.text


def _parsed(sent: str) -> tuple[Any, bool]:
    try:
        data = JSON.decode(sent)
    except RecursionError:
        return sent, False
    except ValueError:
        # what begins like JSON and is none was meant to be read
        return sent, sent[:1] not in ("{", "[") or not is_repr(sent)
    if isinstance(data, float) and not math.isfinite(data):
        return sent, True
    return data, True


def _details(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"error": data}
