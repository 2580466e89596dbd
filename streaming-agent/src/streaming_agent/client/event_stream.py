"""Server-sent events from text that comes in pieces: linear, bounded, and nothing that came is dropped silently.

WHATWG HTML, 9.2.6 "Interpreting an event stream". Unlike a browser this reader tells an event that was under way when
the stream ended, reads the last event where only its empty line is missing, and hands on a line that is no field: most
often a part of a text with line ends, which the agent put behind one `data:`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .lines import Lines

# an AgentCore chunk is 10 MB at most (quota of InvokeAgentRuntime)
MAX_EVENT_CHARACTERS = 10 * 1024 * 1024
ERROR_NAMES = frozenset({"error", "exception", "fatal"})
"""Types of events that report an error, also without a word of data."""
_FIELDS = ("data", "event", "id", "retry")


@dataclass(frozen=True)
class SentEvent:
    """One event as it was sent."""

    data: str
    name: str = ""
    """The field ``event``; empty when it was not given."""
    id: str = ""
    """The last field ``id`` that was given until here."""
    cut: bool = False
    """The stream ended inside this event's last line."""
    is_field: bool = True
    """``False``: `data` is a line that is no field of an event."""


class EventStream:
    """Decodes one stream; `feed` its text, `end` it once."""

    def __init__(self) -> None:
        self._lines = Lines(MAX_EVENT_CHARACTERS)
        self._data: list[str] = []
        self._size = 0
        self._name = ""
        self._id = ""

    def feed(self, text: str) -> Iterator[SentEvent]:
        """The events that are whole by now."""
        for line in self._lines.feed(text):
            yield from self._read(line)

    def end(self) -> Iterator[SentEvent]:
        """What was under way when the stream ended."""
        rest = self._lines.end()
        inside = rest is not None and (_is_field(rest) or any(name.startswith(rest) for name in _FIELDS))
        if rest is not None and (_is_field(rest) or not inside):
            yield from self._read(rest)
        if self._data or inside:
            yield SentEvent("\n".join(self._data), self._name, self._id, cut=inside)

    def _read(self, line: str) -> Iterator[SentEvent]:
        line = line.removeprefix("\ufeff")  # some writers put a mark before each event
        if line == "":
            if self._data or self._name.lower() in ERROR_NAMES:
                yield SentEvent("\n".join(self._data), self._name, self._id)
            self._data, self._size, self._name = [], 0, ""
            return
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "data":
                self._data.append(value)
                self._size += len(value) + 1
                self._lines.check(self._size)
            case "event":
                self._name = value
            case "id" if "\0" not in value:
                self._id = value
            case _ if field and field not in _FIELDS:
                yield SentEvent(line, "", self._id, is_field=False)


def _is_field(line: str) -> bool:
    return line.partition(":")[0] in _FIELDS
