"""What one event of an answer means, whichever library's shape it has: its text, an error, or nothing to show."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """What an event's text is to the answer."""

    PIECE = "piece"
    """The next words."""
    WHOLE = "whole"
    """A message as a whole, which libraries send after its pieces, and some again with each step."""
    ALL = "all"
    """The whole answer, which counts only where no words of it came before."""
    BESIDE = "beside"
    """Understood, and none of the answer's words."""


@dataclass(frozen=True)
class Found:
    """An event in the shape of one library."""

    library: str
    """Empty for this package's own words and for plain text."""
    kind: Kind = Kind.BESIDE
    text: str = ""
    channel: str = ""
    """Which of the library's ways of saying the same this is, where it has several."""
    ended: bool = False


# what agents put their words under when they follow no library
_PIECES = ("text", "delta", "token", "content", "chunk", "output_text")
_WHOLES = (
    "result",
    "response",
    "answer",
    "output",
    "message",
    "completion",
    "generated_text",
    "outputText",
    "reply",
)
_TEXT_TYPES = frozenset(
    {"", "text", "message", "answer", "content", "chunk", "token", "delta", "text_delta", "output_text", "assistant"}
)
_ROLES = frozenset({"", "assistant", "ai", "model", "agent", "role_agent"})
_BESIDE = frozenset(("thinking", "source", "tool", "usage", "data"))
_DEEPEST = 8

_REPR = re.compile(
    r"""\s*(?:
        [\[(]*\{'[^']*'\s*:.*\}[\])]*          # a dict, or a list or tuple of them
      | [\[(]*[A-Za-z_][\w.]*\((?:\w+=.*)?\).* # a dataclass or model: Name(field=…)
      | [\[(]*<[\w.]+.*>[\])]*                 # <Agent object at 0x…>
      | b(?:'.*'|".*")                         # bytes
    )\s*""",
    re.VERBOSE | re.DOTALL,
)


def own_words(data: Any) -> Found | None:
    """This package's own events (docs/wire.md), and a bare `{"text": …}`."""
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        return None
    if len(data) == 1:
        ((key, value),) = data.items()
        if key == "end":
            return Found("", ended=True)
        if key == "data" and isinstance(value, dict):
            return Found("") if "name" in value else None
        if key in _BESIDE and (key != "data"):
            return Found("")
    if isinstance(data.get("text"), str) and _is_of_the_answer(data):
        return Found("", Kind.PIECE, data["text"])
    return None


def unnamed(data: Any) -> Found | None:
    """A JSON object that follows no library: the words under the key that most people would take."""
    if not isinstance(data, dict) or not _is_of_the_answer(data):
        return None
    for keys, kind in ((_PIECES, Kind.PIECE), (_WHOLES, Kind.WHOLE)):
        for key in keys:
            text = content_text(data.get(key))
            if text:
                return Found("JSON", kind, text)
    return None


def content_text(value: Any, depth: int = 0) -> str:
    """The words in a message's content: a text, blocks of it, or a message around them. Empty: there are none."""
    if isinstance(value, str):
        return value
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        return "".join(content_text(part, depth + 1) for part in value if not isinstance(part, str) or part)
    if isinstance(value, dict) and _is_of_the_answer(value) and value.get("thought") is not True:  # Google's thinking
        for key in ("text", "content", "contents", "items", "parts", "message"):
            if text := content_text(value.get(key), depth + 1):
                return text
    return ""


def is_repr(text: str) -> bool:
    """Whether a text is how Python shows an object: what an agent's server sends for what is not JSON."""
    return len(text) >= 4 and (" object at 0x" in text or _REPR.fullmatch(text) is not None)


def _is_of_the_answer(data: dict[str, Any]) -> bool:
    kind, role = data.get("type", ""), data.get("role", "")
    kind_fits = isinstance(kind, str) and (kind.lower() in _TEXT_TYPES or kind.lower().startswith("aimessage"))
    return (kind_fits or kind is None) and (role is None or (isinstance(role, str) and role.lower() in _ROLES))
