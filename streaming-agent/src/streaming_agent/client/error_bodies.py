"""The words of a refusal, wherever in an error's body they stand: JSON, an HTML title, or a short text."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

MOST_BYTES = 64 * 1024
"""How much of an error's body is read."""
_LONGEST = 300
_TITLE = re.compile(r"<(title|h1)[^>]*>([^<]{1,500})</\1", re.IGNORECASE)
_KEYS = ("message", "Message", "error_description", "detail", "title", "error", "reason", "errors", "errorMessage")


def message_of(body: bytes, content_type: str) -> str:
    """What the body says, on one line and at most 300 characters; empty when it says nothing."""
    text = body.decode("utf-8-sig", errors="replace").strip()
    if "html" in content_type or text[:15].lower().startswith(("<!doctype html", "<html")):
        return _short(title_of(text))
    try:
        return _short(_words(json.loads(text)))
    except RecursionError:
        return ""
    except ValueError:
        pass
    printable = sum(character.isprintable() or character.isspace() for character in text)
    return _short(text) if text and printable > 0.9 * len(text) and not text.startswith("<") else ""


def title_of(text: str) -> str:
    """The title of an HTML page; empty when it has none."""
    found = _TITLE.search(text)
    return _short(unescape(found[2])) if found is not None else ""


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "; ".join(filter(None, (_words(part) for part in content[:3])))
    if isinstance(content, Mapping):
        for key in (*_KEYS, "msg"):
            words = _words(content.get(key))
            if words:
                return words
    return ""


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
