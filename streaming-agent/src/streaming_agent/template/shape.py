"""JSON of another shape than its reader expects: said in one sentence instead of a traceback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .refusal import Refusal

_WORDS = {
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "a truth value",
    type(None): "nothing",
}


@contextmanager
def shaped(code: str, must: Callable[[], str]) -> Iterator[None]:
    """Refuses with `must()`, followed by what was found, where the code within meets a value of another kind.

    A misspelt attribute of a class of ours is our own mistake and passes through as it is.
    """
    try:
        yield
    except Refusal:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        if isinstance(problem, AttributeError) and type(problem.obj) not in (*_WORDS, dict):
            raise
        raise Refusal(code, f"{must()}, got {_found(problem)}") from problem


def _found(problem: Exception) -> str:
    if isinstance(problem, KeyError):
        return f"no {problem.args[0]}"
    if isinstance(problem, AttributeError):
        return f"{_WORDS.get(type(problem.obj), 'a value')} in the place of another kind of value"
    return f"a value of another kind ({problem})"
