"""What an answer yields: text, and five kinds of notice beside it. `AnswerError` is how an answer fails in public."""

import json
import logging
from collections.abc import AsyncIterable, Awaitable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from enum import Enum, StrEnum
from typing import Any, NoReturn, TypeAlias


class ToolState(StrEnum):
    """How far a tool is."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tool:
    """A notice that a tool runs; its input and its result stay with the agent.

    Example::

        Tool("weather", id="t1", state=ToolState.FINISHED)
    """

    name: str
    """What the tool is called. Some frameworks do not repeat it when the tool ends: then it may be empty."""
    id: str
    """Tells this run of the tool from others; the same when it starts and when it ends."""
    state: ToolState = ToolState.STARTED
    """How far it is."""


@dataclass(frozen=True, slots=True)
class Thinking:
    """What the model thinks aloud; callers may hide it."""

    text: str
    """A piece of it."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the answer rests on."""

    title: str
    """What a reader sees."""
    url: str | None = None
    """Where it stands. ``None``: nowhere that callers can reach."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of this answer, once, at its end."""

    input_tokens: int
    """What the model read."""
    output_tokens: int
    """What it wrote."""


@dataclass(frozen=True, slots=True)
class Data:
    """Anything else that callers should have, as JSON."""

    name: str
    """What kind of thing it is."""
    value: Any
    """Texts, numbers, booleans, lists, dicts and None; not NaN, which JSON does not have."""


AnswerEvent: TypeAlias = str | Thinking | Source | Tool | Usage | Data
"""What an answer may yield."""


class AnswerError(Exception):
    """The one exception whose text callers see.

    Example::

        raise AnswerError("out_of_stock", "this item is sold out: ask for another")
    """

    def __init__(self, code: str, message: str) -> None:
        """
        :param code: What programs tell errors apart by, such as ``model_busy``.
        :param message: One sentence for a person, without anything that callers must not know.
        """
        super().__init__(message)
        self.code = code
        self.message = message


AGENT_FAILED = "agent_failed", "the answer could not be completed: ask again"
"""What callers see of any other exception: nothing of it."""

_HOLDS = {
    Thinking: "a text",
    Source: "a text as title, and as url a text or None",
    Tool: "texts as name and id, and as state ToolState.STARTED, FINISHED or FAILED",
    Usage: "whole numbers",
    Data: "a text as name, and JSON",
}

_log = logging.getLogger("streaming_agent")


def _refuse(value: object) -> NoReturn:
    raise TypeError(f"JSON has no {type(value).__name__}: write {_as_json(value)}")


encode_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_refuse).encode


def check_event(event: object) -> None:
    """Refuses what an answer cannot yield; raises `TypeError` with the line to write."""
    match event:
        case str():
            return
        case Thinking(text=str()) | Source(title=str(), url=str() | None) | Data(name=str()):
            return
        case Tool(name=str(), id=str(), state=state) if state in list(ToolState):
            return
        case Usage(input_tokens=int(), output_tokens=int()):
            return
        case Thinking() | Source() | Data() | Tool() | Usage():
            # never the value: this sentence is logged, and the event was for somebody else
            kinds = ", ".join(f"{f.name}: {type(getattr(event, f.name)).__name__}" for f in fields(event))
            raise TypeError(f"{type(event).__name__} holds {_HOLDS[type(event)]}, got {kinds}")
        case Mapping():
            write = 'yield the text itself, or Data("name", value) for anything else'
        case None:
            write = "leave the yield out"
        case BaseException():
            write = "raise it"
        case type():
            write = "yield an object of it"
        case bytes() | bytearray():
            write = "yield value.decode()"
        case Awaitable():
            write = "yield await value"
        case _ if is_dataclass(event) or hasattr(event, "model_dump"):
            write = f'yield Data("name", {_as_json(event)})'
        case Iterable() | AsyncIterable():
            write = "yield each of its events by itself"
        case _:
            write = f'yield str(value) for its text, or Data("name", {_as_json(event)})'
    raise TypeError(f"an answer yields str, Thinking, Source, Tool, Usage or Data, got {type(event).__name__}: {write}")


def _as_json(value: object) -> str:
    """The expression that makes of such a value what JSON knows."""
    if is_dataclass(value):
        return "asdict(value)"
    if hasattr(value, "model_dump"):
        return 'value.model_dump(mode="json")'
    match value:
        case bool() | int() | float():
            return "value"
        case Enum():
            return "value.value"
        case bytes() | bytearray():
            return "value.decode()"
        case date() | time():
            return "value.isoformat()"
        case Set() | Iterator():
            return "list(value)"
        case Mapping():
            return "dict(value)"
    # numpy's scalars and arrays, and what is like them
    return "value.tolist()" if hasattr(value, "tolist") else "str(value)"


def sendable_error(error: AnswerError, log_suffix: str) -> AnswerError:
    """The error, or `AGENT_FAILED` in place of one that no protocol can send; the log says why."""
    try:
        told = error.code, error.message
        if all(isinstance(text, str) for text in told):
            "".join(told).encode()
            return error
        kinds = ", ".join(type(text).__name__ for text in told)
        raise TypeError(f'AnswerError holds two texts, got {kinds}: write AnswerError("sold_out", "it is sold out")')
    except (AttributeError, TypeError, UnicodeEncodeError):
        _log.exception("an AnswerError cannot be told %s", log_suffix)
        return AnswerError(*AGENT_FAILED)
