"""The function that answers: what it takes, and how it wants to be called."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast, get_origin

from .context import Context
from .errors import AgentMistake
from .events import AnswerEvent

Answers: TypeAlias = AsyncIterator[AnswerEvent] | Iterator[AnswerEvent] | Awaitable[Any] | AnswerEvent | None
AnswerFunction: TypeAlias = Callable[..., Answers]
"""Takes the prompt, or the prompt and a `Context`."""

_CONTEXT_NAMES = frozenset({"context", "ctx"})
# What a prompt is never called: `self` of a method that its class decorates, and the payload of other libraries.
_NO_PROMPT = frozenset({"self", "payload", "event", *_CONTEXT_NAMES})


@dataclass(frozen=True, slots=True)
class Function:
    """The agent's function, and how it wants to be called."""

    call: AnswerFunction
    context: int | str | None
    """Where the context goes: the second position (1), a keyword, or nowhere."""
    is_async: bool
    """Whether calling it blocks nothing."""

    def bound(self, prompt: str, context: Context) -> Callable[[], Any]:
        """The call with its arguments."""
        if self.context is None:
            return partial(self.call, prompt)
        if isinstance(self.context, str):
            return partial(self.call, prompt, **{self.context: context})
        return partial(self.call, prompt, context)


def read_function(function: object) -> Function:
    """Looks at what answers; raises `AgentMistake` for what cannot."""
    if not callable(function):
        raise AgentMistake(
            "SAA001",
            f"an answer is a function, got {type(function).__name__}: "
            "write async def answer(prompt, context), or from_strands(make) around a function that makes the agent",
        )
    try:
        signature = _signature(function)
    except (TypeError, ValueError):
        signature = inspect.Signature([inspect.Parameter("prompt", inspect.Parameter.POSITIONAL_ONLY)])
    parameters = list(signature.parameters.values())
    positional = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    context = _context_parameter(parameters, positional)
    left = [p for p in parameters if p is not context and p not in positional[:1] and _is_required(p)]
    if (not positional and not takes_any) or left or (positional and not _is_prompt(positional[0])):
        shown = getattr(function, "__name__", type(function).__name__)
        raise AgentMistake(
            "SAA002",
            f"an answer takes the prompt, which is a text, and the context, got {shown}{signature}: "
            "write async def answer(prompt, context); context.payload is the whole payload",
        )
    called = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    place: int | str | None = 1 if takes_any and context is None else None
    if context is not None:
        place = 1 if context in positional[1:2] else context.name
    return Function(
        cast(AnswerFunction, function),
        place,
        inspect.isasyncgenfunction(called) or inspect.iscoroutinefunction(called),
    )


def _context_parameter(
    parameters: list[inspect.Parameter], positional: list[inspect.Parameter]
) -> inspect.Parameter | None:
    """The parameter that is called so or annotated so; else the second, where it has no default of its own."""
    for parameter in parameters:
        can_be_named = parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}
        if parameter in positional[:1] or not (can_be_named or parameter in positional[1:2]):
            continue
        if parameter.name in _CONTEXT_NAMES or parameter.annotation in (Context, Context.__name__):
            return parameter
    return next((p for p in positional[1:2] if _is_required(p)), None)


def _is_prompt(parameter: inspect.Parameter) -> bool:
    """Whether it may be a text, as far as can be seen."""
    annotation = parameter.annotation
    kind = get_origin(annotation) or annotation
    takes_text = not isinstance(kind, type) or kind is parameter.empty or issubclass(str, kind) or issubclass(kind, str)
    return parameter.name not in _NO_PROMPT and takes_text


def _is_required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in {
        parameter.VAR_POSITIONAL,
        parameter.VAR_KEYWORD,
    }


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function, eval_str=True)
    except Exception:  # an annotation may name what is imported for type checkers only
        return inspect.signature(function)
