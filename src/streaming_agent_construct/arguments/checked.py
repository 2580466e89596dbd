"""Every public call of a class compares what it was given with its signature before anything else happens."""

import functools
import inspect
import os
import typing
from collections.abc import Callable
from enum import Enum
from types import FunctionType
from typing import Any

from .kinds import fits, instead, takes

Refuse = Callable[[str, str], Exception]


def check_arguments(class_: type, refuse: Refuse) -> None:
    """Lets each public method, factory and constructor of the class refuse an argument that isn't what it takes.

    ``refuse`` makes the error of a code and a sentence.
    """
    if issubclass(class_, (Enum, Exception)):
        return
    for name, member in list(vars(class_).items()):
        function = member.__func__ if isinstance(member, staticmethod) else member
        if not isinstance(function, FunctionType) or (name.startswith("_") and name != "__init__"):
            continue
        where = class_.__name__ if name == "__init__" else f"{class_.__name__}.{name}"
        checked = _checked(function, where, refuse)
        setattr(class_, name, staticmethod(checked) if isinstance(member, staticmethod) else checked)


def _checked(function: FunctionType, where: str, refuse: Refuse) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @functools.cache
    def expected() -> dict[str, Any]:
        return typing.get_type_hints(function)

    @functools.wraps(function)
    def call(*positional: Any, **named: Any) -> Any:
        try:
            given = signature.bind(*positional, **named).arguments
        except TypeError:
            return function(*positional, **named)  # Python says what is missing or unknown
        for name, value in given.items():
            kind = expected().get(name, object)
            if not fits(value, kind) and not (name == "path" and isinstance(value, os.PathLike)):
                raise refuse(
                    "SAC144", f"{name} of {where} takes {takes(kind)}, got {_shown(value)}: {instead(kind, value)}"
                )
        return function(*positional, **named)

    return call


def _shown(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} of type {type(value).__name__}"
