"""Output that no text can take over: control characters are shown, not obeyed, in any locale (CWE-150)."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

# C0 without newline and tab, delete, C1, and the characters that turn the direction of what follows (UAX #9)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HIGH, _LOW = re.compile("[\ud800-\udbff]"), re.compile("[\udc00-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def printable(text: str) -> str:
    """The text with each control character as its escape, such as `\\u001b`, which JSON reads too."""
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _CONTROLS.sub(lambda control: f"\\u{ord(control[0]):04x}", text)
    return _LOW.sub("\ufffd", _HIGH.sub("\ufffd", text))


class PrintableStream:
    """A text stream that writes `printable` text only. What may go on in the next piece waits for it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting = ""

    def write(self, text: str) -> int:
        """Writes the text, but for a half character or a carriage return at its end."""
        whole = (self._waiting + text).replace("\r\n", "\n")
        self._waiting = whole[-1:] if whole[-1:] == "\r" or _HIGH.match(whole[-1:]) else ""
        self._put(whole[: len(whole) - len(self._waiting)])
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Writes each."""
        for line in lines:
            self.write(line)

    def finish(self) -> None:
        """Writes what still waits."""
        waiting, self._waiting = self._waiting, ""
        self._put(waiting)
        self._stream.flush()

    def _put(self, text: str) -> None:
        if text:
            encoding = getattr(self._stream, "encoding", None) or "utf-8"
            self._stream.write(printable(text).encode(encoding, "backslashreplace").decode(encoding))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def printable_output() -> Iterator[None]:
    """Everything that is printed within, by whichever part, is printable."""
    streams = sys.stdout, sys.stderr
    wrapped = [PrintableStream(stream) if stream is not None else None for stream in streams]
    sys.stdout, sys.stderr = (cast("TextIO", stream) for stream in wrapped)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        for stream in wrapped:
            if stream is not None:
                stream.finish()
