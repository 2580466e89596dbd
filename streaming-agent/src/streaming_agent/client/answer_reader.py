"""Reads the body of an answer, whatever its media type: events, lines of JSON, plain text, or one JSON document."""

import re
from collections.abc import Iterator, Mapping

from .call_errors import StreamInterrupted
from .compression import Decompressor
from .error_bodies import title_of
from .event_reader import JSON, Event, EventReader
from .event_stream import MAX_EVENT_CHARACTERS, EventStream, SentEvent
from .lines import Lines
from .text_decoder import TextDecoder, media_type

_MOST_DOCUMENT_CHARACTERS = MAX_EVENT_CHARACTERS
_JSON_LINES = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
    | {"application/json-lines", "application/jsonlines", "application/json-seq", "application/stream+json"}
)
_AROUND_A_LINE = "\x1e \t"  # RFC 7464 puts a record separator before each text
_TITLE_WITHIN = 2000
_HEAD_WITHIN = 4000
_RESUMABLE = re.compile(r"([\w-]+\.)([0-9]{1,9})")  # <answer>.<n>, counted from 0 (docs/wire.md)
_MAY_BE_EVENTS = frozenset({"json", "lines", "sniffed", "text"})
_SNIFFED = frozenset({"", "application/octet-stream", "binary/octet-stream"})


class AnswerReader:
    """One answer, from one response or from several where a cut stream is taken up again."""

    def __init__(self, *, expects_end: bool = False) -> None:
        """:param expects_end: The agent is known to say when an answer is whole."""
        self._expects_end = expects_end
        self._events = EventReader()
        self._body: _Body | None = None
        self._packed = Decompressor({})
        self._next = 0
        self.last_id = ""
        """The id of the last event that can be gone on from after a cut; empty where the agent gives none."""

    @property
    def ended(self) -> bool:
        """The agent said that the answer is whole."""
        return self._events.ended

    def begin(self, headers: Mapping[str, str]) -> None:
        """Begins with the body of a response; raises `StreamInterrupted` when it is nothing that can be read."""
        self._packed = Decompressor(headers)
        kind, charset = media_type(headers.get("content-type", ""))
        self._body = _Body(_kind_of(kind), TextDecoder(charset), self._events)

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that are whole by now; `chunk` as it came, compressed or not."""
        assert self._body is not None  # noqa: S101
        for piece in self._packed.feed(chunk):
            for event in self._body.feed(piece):
                yield self._seen(event)

    def end(self) -> Iterator[Event]:
        """What is left; raises `StreamInterrupted` when the body ended too early."""
        assert self._body is not None  # noqa: S101
        for event in self._body.end():
            yield self._seen(event)
        self._packed.end()
        if (self.last_id or self._expects_end) and not self.ended:
            raise StreamInterrupted(
                "CLI054", "the answer stopped before its end: this agent sends an end event, and none came"
            )

    def _seen(self, event: Event) -> Event:
        found = _RESUMABLE.fullmatch(event.id) if isinstance(event.data, dict) and event.library == "" else None
        is_same = self._next == 0 or (found is not None and self.last_id.startswith(found[1]))
        follows = found is not None and int(found[2]) == self._next and is_same
        # other ids than these, such as times, promise nothing: an agent that is asked for the rest would begin again
        self._next = self._next + 1 if follows else -1
        self.last_id = event.id if follows else ""
        return event


class _Body:
    """Text of one media type."""

    def __init__(self, kind: str, decoder: TextDecoder, events: EventReader) -> None:
        self._kind = kind
        self._decoder = decoder
        self._events = events
        self._stream = EventStream()
        self._lines = Lines(MAX_EVENT_CHARACTERS)
        self._document: list[str] = []
        self._size = 0
        self._head: str | None = ""
        """What came until the kind is known; `None` afterwards."""

    def feed(self, chunk: bytes) -> Iterator[Event]:
        yield from self._known(self._decoder.decode(chunk), ended=False)

    def _known(self, text: str, *, ended: bool) -> Iterator[Event]:
        if self._head is not None:
            self._head += text
            few = len(self._head) < _HEAD_WITHIN  # blanks without end are no beginning
            if not ended and few and len(self._head.lstrip()) < _needed(self._kind):
                return
            text, self._head = self._head, None
            self._kind = _really(self._kind, text)
        if text:
            yield from self._feed(text)

    def _feed(self, text: str) -> Iterator[Event]:
        match self._kind:
            case "events":
                for sent in self._stream.feed(text):
                    yield self._of(sent)
            case "lines":
                for line in self._lines.feed(text):
                    yield from self._of_line(line)
            case "text":
                yield Event(text, text)
            case _:
                self._document.append(text)
                self._size += len(text)
                if self._size > _MOST_DOCUMENT_CHARACTERS:
                    raise StreamInterrupted(
                        "CLI053",
                        f"the answer is one document of more than {_MOST_DOCUMENT_CHARACTERS // 1024**2} MB, which is"
                        " this client's limit: let the agent yield its answer in pieces",
                    )

    def end(self) -> Iterator[Event]:
        yield from self._known(self._decoder.decode(b"", final=True), ended=True)
        match self._kind:
            case "events":
                for sent in self._stream.end():
                    if sent.is_field:
                        _check_whole(sent.data, cut=sent.cut)
                    yield self._of(sent)
            case "lines":
                rest = self._lines.end()
                if rest is not None:
                    _check_whole(rest.strip(_AROUND_A_LINE))
                    yield from self._of_line(rest)
            case "document":
                document = "".join(self._document).strip()
                if document:
                    yield from self._of_document(document)
        if self._decoder.is_cut:
            raise StreamInterrupted(
                "CLI054", "the answer stopped inside a character: it was cut, or is not in the charset that it names"
            )

    def _of(self, sent: SentEvent) -> Event:
        if not sent.is_field:
            return Event(sent.data, id=sent.id, readable=False)
        return self._events.read(sent.data, name=sent.name, id=sent.id)

    def _of_line(self, line: str) -> Iterator[Event]:
        line = line.strip(_AROUND_A_LINE)
        if line:
            yield self._events.read(line)

    def _of_document(self, document: str) -> Iterator[Event]:
        for part in _documents(document):
            if part[0] in '{["':
                _check_whole(part)
            yield self._events.read(part)


def _documents(text: str) -> list[str]:
    """The JSON texts that stand one after the other, in lines or not; the text itself where it is something else."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(_is_json(line) for line in lines):
        return lines
    found: list[str] = []
    end = 0
    while end < len(text) and text[end] in "{[":
        try:
            start, (_, end) = end, JSON.raw_decode(text, end)
        except (ValueError, RecursionError):
            break
        found.append(text[start:end])
        end = len(text) - len(text[end:].lstrip())
    return [*found, text[end:]] if text[end:] else found


def _kind_of(media_type: str) -> str:
    """Which kind of body a media type says it is."""
    if media_type == "text/event-stream":
        return "events"
    if media_type in _JSON_LINES:
        return "lines"
    if media_type == "application/json" or media_type.endswith("+json"):
        return "json"
    if media_type in ("text/plain", "text/markdown"):
        return "text"
    return "sniffed" if media_type in _SNIFFED else f"other {media_type}"


def _needed(kind: str) -> int:
    """How many characters must be there before it is known what they are, however the network cut them."""
    if kind == "other text/html":
        return _TITLE_WITHIN
    return len("event:") if kind in _MAY_BE_EVENTS else 0


def _really(kind: str, text: str) -> str:
    """The kind of body that its beginning shows, where its header says nothing or something that cannot be read."""
    begin = text[:_HEAD_WITHIN].lstrip()  # the same however the network cut it
    if kind in _MAY_BE_EVENTS and begin.startswith(("data:", "event:", "id:", ": ", ":\n")):
        return "events"
    if kind == "json":
        return "document"
    if kind == "sniffed":
        return "document" if begin[:1] in ("{", "[", '"') else "text"
    if kind.startswith("other "):
        title = title_of(text)
        raise StreamInterrupted(
            "CLI047",
            f"the answer is {kind.removeprefix('other ')[:100]}, which is none of an agent's"
            f"{f': {title}' if title else ''}; let the agent answer with text/event-stream or application/json",
        )
    return kind


def _check_whole(text: str, *, cut: bool = False) -> None:
    """Refuses JSON that ends too early, and a `cut` line of which nobody knows whether more was to come."""
    is_container = text[:1] in ("{", "[", '"')
    if (is_container and not _is_json(text)) or (cut and not is_container and text != "[DONE]"):
        raise StreamInterrupted(
            "CLI054", "the answer stopped inside an event: the connection ended before its last line"
        )


def _is_json(text: str) -> bool:
    try:
        JSON.decode(text)
    except RecursionError:
        return True  # whole or not is not known; it is told as unreadable
    except ValueError:
        return False
    return True
