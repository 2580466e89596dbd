"""What a mapping template is made of, once parsed; and `NotModelled`, for what it may ask that is not done here."""

from dataclasses import dataclass
from typing import Any


class NotModelled(Exception):
    """The template asks for something that the local run does not do; the message names it."""


@dataclass(frozen=True)
class Reference:
    """`$name`, with what follows it: `.property`, `.method(arguments)`, `[index]`."""

    name: str
    steps: tuple[tuple[str, Any], ...]  # ("get", name), ("call", (name, arguments)), ("index", expression)
    source: str
    quiet: bool = False


@dataclass(frozen=True)
class Operation:
    """An operator and its operands."""

    operator: str
    operands: tuple[Any, ...]


@dataclass(frozen=True)
class Interpolated:
    """A text in double quotes, whose references are filled in."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Assignment:
    """`#set($target = value)`."""

    target: Reference
    value: Any


@dataclass(frozen=True)
class Choice:
    """`#if … #elseif … #else … #end`: pairs of a condition (`None` for else) and what follows from it."""

    branches: tuple[tuple[Any, tuple[Any, ...]], ...]


@dataclass(frozen=True)
class Loop:
    """`#foreach($name in items) … #end`."""

    name: str
    items: Any
    body: tuple[Any, ...]
