"""The words of a refusal, wherever in an error's body they stand: JSON, an HTML title, or a short text."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from .text_decoder import TextDecoder, media_type

MOST_BYTES = 64 * 1024
"""How much of an error's body is read."""
_LONGEST = 300
_TITLE = re.compile(r"<(title|h1|message)[^>]*>([^<]{1,500})</\1", re.IGNORECASE)
_BLOCK = re.compile(r"^(?:data:)?\s*(\{.*)$", re.MULTILINE)
_KEYS = ("message", "Message", "error_description", "detail", "title", "error", "reason", "errors", "errorMessage")


def message_of(body: bytes, content_type: str) -> str:
    """What the body says, on one line and at most 300 characters; empty when it says nothing."""
    kind, charset = media_type(content_type)
    text = TextDecoder(charset).decode(body, final=True).strip()
    if "html" in kind or text.startswith("<"):
        return _short(title_of(text))
    for document in (text, *_BLOCK.findall(text)):  # an event or a line of JSON has one too
        try:
            content = json.loads(document)
            return _short(_words(content) or _unnamed(content))
        except RecursionError:
            return ""
        except ValueError:
            pass
    printable = sum(character.isprintable() or character.isspace() for character in text)
    return _short(text) if text and printable > 0.9 * len(text) else ""


def without_secrets(body: bytes, sent: Mapping[str, str]) -> bytes:
    """A body without the credentials of the request that it answers: some services repeat what they refuse."""
    for name in ("authorization", "x-api-key"):
        secret = sent.get(name, "").rpartition(" ")[2]
        if secret:
            body = body.replace(secret.encode(), b"(a secret)")
    return body


def title_of(text: str) -> str:
    """The title of an HTML page, or the message of an XML document; empty when it has none."""
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


def _unnamed(content: Any) -> str:
    """JSON whose words stand under no known key, as it is; empty when it has none at all."""
    filled = {key: value for key, value in content.items() if value} if isinstance(content, Mapping) else content
    return json.dumps(filled, ensure_ascii=False) if filled else ""


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
