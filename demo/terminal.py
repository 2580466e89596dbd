"""What the demo prints: steps with the time each took, an answer as it grows, and colours where there are any."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
TICK_SECONDS = 1.0
COLUMNS = min(shutil.get_terminal_size().columns, 96) - 6


def styled(text: str, code: str) -> str:
    """The text in a style of the terminal's, if it has any."""
    return f"\033[{code}m{text}\033[0m" if COLOURS else text


def bold(text: str) -> str:
    """The text, heavier."""
    return styled(text, "1")


def dim(text: str) -> str:
    """The text, paler."""
    return styled(text, "2")


def green(text: str) -> str:
    """The text, green."""
    return styled(text, "32")


def say(text: str = "", end: str = "\n") -> None:
    """Prints at once."""
    print(text, end=end, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints what is being done, a dot for each second it lasts, and how long it took."""
    say(f"  {what} ", end="")
    started = time.monotonic()
    with Waiting():
        yield
    say(dim(f"{time.monotonic() - started:.1f} s"))


class Waiting:
    """Prints a dot each second until it is over."""

    def __init__(self) -> None:
        self.dots = 0
        self._over = Event()
        self._ticking = Thread(target=self._tick, daemon=True)

    def _tick(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            say(dim("."), end="")
            self.dots += 1

    def over(self) -> None:
        """Ends it; once is enough."""
        self._over.set()
        self._ticking.join()

    def __enter__(self) -> "Waiting":
        self._ticking.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.over()


class Answer:
    """Prints a text piece by piece under a hanging label, wrapped."""

    INDENT = 9

    def __init__(self, label: str, waiting: Waiting) -> None:
        say(f"  {bold(label):<{self.INDENT - 2 + len(bold(label)) - len(label)}}", end="")
        self._column = self.INDENT
        self._waiting: Waiting | None = waiting

    def add(self, piece: str) -> None:
        """Prints one more piece."""
        if self._waiting:
            self._waiting.over()
            if self._waiting.dots:
                self._new_line()
            self._waiting = None
        for number, line in enumerate(piece.split("\n")):
            if number or (line.startswith(" ") and self._column + len(line) > COLUMNS):
                self._new_line()
            text = line if self._column > self.INDENT else line.lstrip()
            say(text, end="")
            self._column += len(text)

    def _new_line(self) -> None:
        say("\n" + " " * self.INDENT, end="")
        self._column = self.INDENT
