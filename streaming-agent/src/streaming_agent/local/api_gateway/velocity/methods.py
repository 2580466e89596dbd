"""What mapping templates can call: `$util`, and the methods of texts, lists and mappings."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from ....template.plain_values import as_text
from ...patterns import BoundedPattern, InvalidPattern
from .tree import NotModelled

UTIL: Mapping[str, Callable[..., Any]] = {
    "escapeJavaScript": lambda text: json.dumps(shown(text), ensure_ascii=False)[1:-1].replace("'", "\\'"),
    "urlEncode": lambda text: quote_plus(shown(text)),
    "urlDecode": lambda text: unquote_plus(shown(text)),
    "base64Encode": lambda text: base64.b64encode(shown(text).encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(shown(text)).decode(errors="replace"),
    "parseJson": lambda text: json.loads(shown(text)),
}
TEXT: Mapping[str, Callable[..., Any]] = {
    "matches": lambda text, pattern: matches(pattern, text),
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == shown(other).lower(),
    "contains": lambda text, part: shown(part) in text,
    "startsWith": lambda text, part: text.startswith(shown(part)),
    "endsWith": lambda text, part: text.endswith(shown(part)),
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "length": len,
    "isEmpty": lambda text: not text,
    "indexOf": lambda text, part: text.find(shown(part)),
    "substring": lambda text, start, end=None: text[int(start) : None if end is None else int(end)],
    "replace": lambda text, old, new: text.replace(shown(old), shown(new)),
    "concat": lambda text, other: text + shown(other),
    "toString": lambda text: text,
}
LIST: Mapping[str, Callable[..., Any]] = {
    "size": len,
    "isEmpty": lambda items: not items,
    "contains": lambda items, item: item in items,
    "get": lambda items, index: _item(items, int(index)),
    "add": lambda items, item: items.append(item) or True,
}
MAPPING: Mapping[str, Callable[..., Any]] = {
    "size": len,
    "isEmpty": lambda entries: not entries,
    "get": lambda entries, key: entries.get(key),
    "keySet": list,
    "values": lambda entries: list(entries.values()),
    "containsKey": lambda entries, key: key in entries,
    "put": lambda entries, key, value: entries.update({key: value}),
}


def _item(items: list[Any], index: int) -> Any:
    if index < 0:
        raise NotModelled("an index below zero")
    return items[index] if index < len(items) else None


def matches(pattern: Any, text: str) -> bool:
    """Java's `matches`: the whole text."""
    try:
        return BoundedPattern(shown(pattern)).is_whole(text)
    except InvalidPattern as problem:
        raise NotModelled(f"the pattern {pattern}: {problem}") from problem


def shown(value: Any) -> str:
    """A value in the output."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return as_text(value)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        try:
            return json.dumps(value, separators=(",", ":"), default=str)
        except (TypeError, ValueError) as problem:
            raise NotModelled(f"a value that is not JSON: {problem}") from problem
    return str(value)
