"""Server-sent events as the HTML standard reads them, however they were cut; and what it drops is told."""

import pytest
from streaming_agent.client.call_errors import StreamInterrupted
from streaming_agent.client.event_stream import MAX_EVENT_CHARACTERS, EventStream, SentEvent
from streaming_agent.client.lines import Lines

STREAMS = [
    ("data: a\n\n", [SentEvent("a")]),
    ("data:a\r\n\r\ndata: b\r\rdata: c\n\n", [SentEvent("a"), SentEvent("b"), SentEvent("c")]),
    ("\ufeffdata: a\n\n", [SentEvent("a")]),
    ("data: a\ndata: b\n\n", [SentEvent("a\nb")]),
    ("data\ndata\n\n", [SentEvent("\n")]),
    (": comment\n\nevent: x\nid: 7\ndata: a\n\ndata: b\n\n", [SentEvent("a", "x", "7"), SentEvent("b", "", "7")]),
    ("event: x\n\ndata: a\n\n", [SentEvent("a")]),
    ("id: a\0b\ndata: a\n\n", [SentEvent("a")]),
    ("retry: 5\nretry\ndata: a\n\n", [SentEvent("a")]),
    ("unknown: field\ndata: a\n\n", [SentEvent("unknown: field", is_field=False), SentEvent("a")]),
    ("data: a\nb c\n\n", [SentEvent("b c", is_field=False), SentEvent("a")]),
    ("data: a\n\nb c", [SentEvent("a"), SentEvent("b c", is_field=False)]),
    ("event: Error\n\ndata: a\n\n", [SentEvent("", "Error"), SentEvent("a")]),
    ("data: a\n\n\ufeffdata: b\n\n", [SentEvent("a"), SentEvent("b")]),
    ("data: a\u2028b\x85c\n\n", [SentEvent("a\u2028b\x85c")]),
    ("data: a\n", [SentEvent("a")]),
    ("data: a", [SentEvent("a", cut=True)]),
    ("data: a\n\nda", [SentEvent("a"), SentEvent("", cut=True)]),
    ("data: a\n\n: comm", [SentEvent("a")]),
    ("data: a\r\n\r", [SentEvent("a")]),
    ("", []),
]


def read(pieces: list[str]) -> list[SentEvent]:
    stream = EventStream()
    found = [event for piece in pieces for event in stream.feed(piece)]
    return [*found, *stream.end()]


@pytest.mark.parametrize(("sent", "expected"), STREAMS)
def test_a_stream_is_read_however_it_is_cut(sent: str, expected: list[SentEvent]) -> None:
    for size in (1, 2, 3, 5, 1000):
        assert read([sent[start : start + size] for start in range(0, len(sent), size)]) == expected


@pytest.mark.parametrize("piece", ["x" * 10_000, "data: " + "x" * 1000 + "\n"])
def test_an_endless_event_is_refused(piece: str) -> None:
    with pytest.raises(StreamInterrupted, match="CLI053"):
        read([piece] * (MAX_EVENT_CHARACTERS // len(piece) * 2))


def test_lines_that_wait_are_joined_once() -> None:
    lines = Lines(1000)
    assert [line for character in "abc\ndef" for line in lines.feed(character)] == ["abc"]
    assert lines.end() == "def"
    assert lines.end() is None
