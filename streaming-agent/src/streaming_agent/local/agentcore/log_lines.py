"""An agent's output as lines for the console: tracebacks unfolded, control characters taken out."""

import json
from collections.abc import Iterator

from ...printable import printable

_TRACES = ("stackTrace", "exc_info", "exception", "traceback", "stack_info")


def log_lines(line: bytes) -> Iterator[str]:
    """The lines to show for one line of output; the SDK logs an exception as one line of JSON with its traceback."""
    text = line.decode(errors="replace").rstrip()
    entry = _entry(text)
    if entry is None:
        yield printable(text)
        return
    level = str(entry.get("level", "")).upper()
    message = entry.get("message") or entry.get("msg") or ""
    for part in f"{level} {message}".strip().splitlines():
        yield printable(part)
    for name in _TRACES:
        trace = entry.get(name)
        text = "".join(map(str, trace)) if isinstance(trace, list) else str(trace or "")
        for part in text.rstrip().splitlines():
            yield printable(part)


def _entry(text: str) -> dict[str, object] | None:
    """A line of JSON that is a log entry with a traceback."""
    if not text.startswith("{") or not any(f'"{name}"' in text for name in _TRACES):
        return None
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and ("message" in entry or "msg" in entry) else None
