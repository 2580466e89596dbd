"""Splits text that comes in pieces at \\n, \\r and \\r\\n only, in linear time and bounded memory."""

import re
from collections.abc import Iterator

from .call_errors import StreamInterrupted

_LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """The lines of one stream. A leading byte-order mark is skipped."""

    def __init__(self, longest: int) -> None:
        """:param longest: How many characters may wait for their line's end."""
        self._longest = longest
        self._waiting: list[str] = []
        self._size = 0
        self._after_return = False
        self._begun = False

    def feed(self, text: str) -> Iterator[str]:
        """The lines that are whole by now, without their ends."""
        if not text:
            return
        if not self._begun:
            self._begun = True
            text = text.removeprefix("\ufeff")
        if self._after_return and text.startswith("\n"):
            text = text[1:]  # the second half of \r\n
        self._after_return = text.endswith("\r")
        start = 0
        for end in _LINE_END.finditer(text):
            yield self._joined(text[start : end.start()])
            start = end.end()
        if start < len(text):
            self._waiting.append(text[start:])
            self._size += len(text) - start
            self.check(self._size)

    def end(self) -> str | None:
        """The line that never ended; `None` when there is none."""
        return self._joined("") if self._waiting else None

    def check(self, size: int) -> None:
        """Refuses what is larger than one event may be."""
        if size > self._longest:
            raise StreamInterrupted(
                "CLI053",
                f"one event has more than {self._longest // 1024**2} MB, which is this client's limit: let the agent"
                " send smaller events",
            )

    def _joined(self, last: str) -> str:
        line = "".join((*self._waiting, last)) if self._waiting else last
        self._waiting, self._size = [], 0
        return line
