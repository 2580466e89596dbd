"""An agent's output as lines for the console: tracebacks unfolded, control characters taken out."""

import json
from collections.abc import Iterator

from ...printable import printable

_TRACES = ("stackTrace", "exc_info", "exception", "traceback", "stack_info")


def log_lines(line: bytes) -> Iterator[str]:
    """The lines to show for one line of output; bedrock-agentcore's SDK logs JSON, with a traceback in one line."""
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
    """A line of JSON that is a log entry: the SDK's own, or another one with a traceback."""
    if not text.startswith("{"):
        return None
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not ("message" in entry or "msg" in entry):
        return None
    is_the_sdks = {"timestamp", "level", "logger"} <= set(entry)
    return entry if is_the_sdks or any(name in entry for name in _TRACES) else None
