"""Reads JSON that a tool or a shell's redirection wrote; what cannot be read is explained without its content."""

import json
from pathlib import Path
from typing import Any

_MOST_BYTES = 10 * 1024 * 1024


def read_json(path: Path) -> Any:
    """The content, in UTF-8, UTF-16 or UTF-32, with or without a byte-order mark; `OSError` or `ValueError` else."""
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError from None


def why_unreadable(problem: Exception) -> str:
    """A clause that says what is wrong with a file, and quotes none of it: it may hold a password."""
    if isinstance(problem, OSError):
        return f"cannot be read: {problem.strerror or type(problem).__name__}"
    if isinstance(problem, json.JSONDecodeError):
        return f"is no JSON from line {problem.lineno}, column {problem.colno} on"
    if isinstance(problem, KeyError):
        return f"has no {problem.args[0]}"
    if isinstance(problem, UnicodeDecodeError):
        return "is no text"
    return "holds something else"
