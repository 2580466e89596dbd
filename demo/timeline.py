"""When each chunk of an answer came, as a row of marks on a line of time."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 48
MARKS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Chunk:
    """A piece of the answer's body as it came from the network."""

    seconds: float
    """After the question."""
    size_bytes: int


@dataclass(frozen=True)
class Arrivals:
    """The chunks of one answer."""

    chunks: Sequence[Chunk]

    @property
    def first(self) -> float:
        """Seconds until the first chunk."""
        return self.chunks[0].seconds

    @property
    def last(self) -> float:
        """Seconds until the last chunk."""
        return self.chunks[-1].seconds

    def __str__(self) -> str:
        number = "1 chunk" if len(self.chunks) == 1 else f"{len(self.chunks)} chunks"
        return f"first {self.first:5.2f} s   last {self.last:5.2f} s   {number:>10}"

    def row(self, until: float) -> str:
        """A mark for each step of time: the higher, the more of the answer came in it."""
        sizes = [0] * WIDTH
        for chunk in self.chunks:
            sizes[min(int(chunk.seconds / until * WIDTH), WIDTH - 1)] += chunk.size_bytes
        highest = len(MARKS) - 1
        return "".join(MARKS[-(-size * highest // max(sizes))] for size in sizes)
