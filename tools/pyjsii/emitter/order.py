"""When two expressions may change places: JavaScript evaluates some in another order than Python does."""

import ast
from collections.abc import Sequence
from enum import IntEnum

from ..reader.syntax import dotted

_LOOKING = ("len", "str", "int", "min", "max", "abs", "sorted", "any", "all", "isinstance", "typing.cast", "cast")


class Weight(IntEnum):
    """What evaluating an expression may do, or depend on."""

    PLAIN = 0
    """Names, texts, and what is made of them."""
    READS = 1
    """Looks into an object, a list or a dict."""
    RAISES = 2
    """May find nothing there, or divide by zero."""
    ACTS = 3
    """Calls something, which may change what the others read."""


def may_act(call: ast.Call) -> bool:
    """Whether a call may change something: all but those of functions that only look."""
    return dotted(call.func) not in _LOOKING


def apart(one: Weight, other: Weight) -> bool:
    """Whether it makes a difference which of the two is evaluated first."""
    first, second = sorted((one, other))
    return first >= Weight.RAISES or (first >= Weight.READS and second is Weight.ACTS)


def swapped(written: Sequence[str], emitted: Sequence[str], weights: dict[str, Weight]) -> tuple[str, str] | None:
    """Two names that change places so that it makes a difference."""
    place = {name: i for i, name in enumerate(emitted)}
    for i, one in enumerate(written):
        for other in written[i + 1 :]:
            if place[one] > place[other] and apart(weights[one], weights[other]):
                return one, other
    return None
