"""Makes inputs from known ones: cut, doubled, mixed and changed at random, from a seed that is printed."""

import random
from collections.abc import Sequence

_ODD = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\n\n", b":", b" ", b"data:", b"event: error\n",
    b"id: a.1\n",
    b"{", b"}", b"[", b"]", b'"', b"\\ud83c", b"null", b"NaN", b"1e999", b"-0", b"\xe2\x80\xae", b"\x1b[2J", b"9" * 400,
    b"[" * 2000, b'{"error":', b'{"text":', b'{"end":{}}',
)  # fmt: skip


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """One input."""
    made = bytearray(chance.choice(corpus))
    for _ in range(chance.randint(0, 6)):
        at = chance.randint(0, len(made))
        match chance.randint(0, 6):
            case 0:
                made[at:at] = chance.choice(_ODD)
            case 1:
                del made[at : at + chance.randint(1, 20)]
            case 2:
                made[at:at] = made[chance.randint(0, len(made)) :][: chance.randint(1, 60)]
            case 3:
                made[at : at + 1] = bytes([chance.randint(0, 255)])
            case 4:
                other = chance.choice(corpus)
                made[at:] = other[chance.randint(0, len(other)) :]
            case 5:
                del made[at:]
            case _:
                made[at:at] = chance.choice(_ODD) * chance.randint(1, 50)
    return bytes(made[:200_000])


def cut(chance: random.Random, content: bytes) -> list[bytes]:
    """The same bytes in pieces, as a network would hand them over."""
    if chance.random() < 0.2:
        return [content]
    pieces, start = [], 0
    while start < len(content):
        size = chance.choice((1, 2, 3, 7, 64, 4096))
        pieces.append(content[start : start + size])
        start += size
    return pieces
