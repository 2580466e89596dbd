"""Writes what tomllib read: uv gets generated files instead of the user's own, which stay as they are."""

import json
from datetime import date, datetime, time
from typing import Any


def toml_text(document: dict[str, Any]) -> str:
    """The document as TOML; everything below its top level is written inline."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for one in value:
                lines += [f"[[{_key(key)}]]", *(f"{_key(name)} = {_value(item)}" for name, item in one.items())]
        elif isinstance(value, dict):
            lines += [f"[{_key(key)}]", *(f"{_key(name)} = {_value(item)}" for name, item in value.items())]
    # Plain values come first: after a table's heading they would belong to it.
    plain = [f"{_key(key)} = {_value(value)}" for key, value in document.items() if not _is_table(value)]
    return "\n".join([*plain, *lines]) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _text(str(value))


def _key(name: str) -> str:
    return name if name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name) else _text(name)


def _text(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")  # TOML's basic strings have JSON's escapes
