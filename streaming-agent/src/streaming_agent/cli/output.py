"""Output that no text can take over: control characters are shown, not obeyed, in any locale (CWE-150)."""

import codecs
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from ..errors import CodedError, Refusal
from ..printable import printable

_HIGH = re.compile("[\ud800-\udbff]")
_AS_JSON = "streaming_agent.as_json"


def _as_json(problem: UnicodeError) -> tuple[str, int]:
    """What a locale has no character for, as the escape that JSON reads too: `--json` is JSON everywhere."""
    assert isinstance(problem, UnicodeEncodeError)  # noqa: S101
    units = problem.object[problem.start : problem.end].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), problem.end


codecs.register_error(_AS_JSON, _as_json)


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
        self.flush()

    def flush(self) -> None:
        """Hands on what was written."""
        with self._told():
            self._stream.flush()

    def _put(self, text: str) -> None:
        if text:
            encoding = getattr(self._stream, "encoding", None) or "utf-8"
            with self._told():
                self._stream.write(printable(text).encode(encoding, _AS_JSON).decode(encoding))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A full disk is told in one sentence, a reader that is gone ends the command; what is left goes nowhere."""
        try:
            yield
        except OSError as problem:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            if isinstance(problem, BrokenPipeError):
                raise
            raise Refusal("SAL108", f"the output cannot be written: {problem.strerror or problem}") from problem

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def print_error(error: CodedError) -> None:
    """An error as every verb tells it: the sentence, and below it the page that explains the code."""
    print(f"streaming-agent: {error}\n  {error.docs_url}", file=sys.stderr)


def finish_output() -> None:
    """Writes what still waits, while there is somebody to tell when that fails."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, PrintableStream):
            stream.finish()


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
