"""Keeps what `make` returns for each conversation, and lets one question at a time into it."""

import functools
import inspect
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, Generic, TypeAlias, TypeVar

from ..context import Context
from ..errors import AgentMistake
from ..events import AnswerError, Data, ToolState

T = TypeVar("T")
Key: TypeAlias = tuple[str | None, str | None, str]
Make: TypeAlias = Callable[[Context], Any | Awaitable[Any]]
BUSY = "conversation_busy", "this conversation is still being answered: wait, or start another one"
WAITS = "approval_needed", "this agent waits for an approval, which cannot be given here: ask for something else"
"""A run that stops half-way for a person: nothing of it is an answer."""
TOO_MANY_STEPS = "too_many_steps", "the answer took too many steps: ask for less at once"
MODEL_BUSY = "model_busy", "the model has too much to do: ask again in a minute"


def check_make(name: str, make: object, streams: str) -> None:
    """Refuses an agent in the place of the function that makes it: it would be made at import, and shared by all.

    :param name: The adaptor.
    :param make: What it was given.
    :param streams: The method that the framework's agents have.
    """
    is_agent = hasattr(make, streams) and not isinstance(make, functools.partial)
    if is_agent or not callable(make):
        what = make.__name__ if isinstance(make, type) else f"{type(make).__name__} object"
        raise AgentMistake(
            "SAA008",
            f"{name} takes a function that makes the agent, got the {what}: one made at import is shared by all "
            f"sessions and conversations, so write {name}(lambda context: ...) around the line that makes it",
        )
    parameters = _parameters(make)
    if parameters is not None and not parameters:
        raise AgentMistake(
            "SAA009",
            f"{name} calls its function with the context, got one without parameters: write lambda context: ...",
        )


def _parameters(make: Callable[..., Any]) -> list[inspect.Parameter] | None:
    try:
        return list(inspect.signature(make).parameters.values())
    except (TypeError, ValueError):
        return None


class Conversations(Generic[T]):
    """At most so many; of those that nobody uses the one that was used longest ago goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, T] = OrderedDict()
        self._busy: set[Key] = set()

    @asynccontextmanager
    async def of(self, context: Context, make: Callable[[], Awaitable[T]]) -> AsyncIterator[T]:
        """The conversation, for as long as one question is answered; raises `AnswerError` while another one is.

        Without a session nobody says whose conversation it is, and where the caller's program keeps the turns itself
        nothing is remembered here: then it is a new one each time.
        """
        if context.session_id is None or context.history is not None:
            yield await make()
            return
        key = (context.session_id, context.user_id, context.conversation_id)
        if key in self._busy:
            raise AnswerError(*BUSY)
        self._busy.add(key)
        try:
            if key not in self._kept:
                self._kept[key] = await make()
            self._kept.move_to_end(key)
            self._drop()
            yield self._kept[key]
        finally:
            self._busy.discard(key)

    def holds(self, shares: Callable[[T], bool]) -> bool:
        """Whether another conversation has something that `shares` recognises."""
        return any(shares(kept) for kept in self._kept.values())

    def _drop(self) -> None:
        for key in [key for key in self._kept if key not in self._busy][: max(len(self._kept) - self._most, 0)]:
            del self._kept[key]


async def made(name: str, make: Make, context: Context, write: str, *has: str) -> Any:
    """What `make` returns, awaited where it is a coroutine.

    :param name: The adaptor.
    :param write: What the function returns.
    :param has: What the framework's agents have one of, and other objects do not.
    """
    result = make(context)
    agent = await result if inspect.isawaitable(result) else result
    if not any(hasattr(agent, one) for one in has):
        raise AgentMistake(
            "SAA013", f"the function that {name} was given returned {type(agent).__name__}: return {write}"
        )
    return agent


def structured(output: Any) -> Data:
    """An output that is no text, as callers get it: pydantic makes JSON of whatever it has checked."""
    return Data("output", import_module("pydantic_core").to_jsonable_python(output))


def tool_state(status: str) -> ToolState:
    """What became of a tool, in the words that Strands and LangChain share."""
    return ToolState.FINISHED if status == "success" else ToolState.FAILED
