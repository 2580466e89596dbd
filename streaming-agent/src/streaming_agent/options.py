"""What StreamingAgent was given: refused when the module is imported, not when somebody asks."""

import inspect
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import is_typeddict

from .errors import AgentMistake
from .events import AnswerError


def expect(fits: bool, name: str, given: object, write: str) -> None:
    """Raises `AgentMistake` where an argument does not fit."""
    if not fits:
        raise AgentMistake("SAA011", f"{name} cannot be {given!r}: write {name}={write}")


def are_told(errors: object) -> bool:
    """Whether these are exceptions, and what callers are told of them."""
    return isinstance(errors, Mapping) and all(
        isinstance(kind, type) and issubclass(kind, BaseException) and isinstance(told, AnswerError)
        for kind, told in errors.items()
    )


def check_payload_option(payload: object) -> None:
    """Refuses classes that check nothing when they are called with a dict, and what is no function."""
    shown = getattr(payload, "__name__", repr(payload))
    if isinstance(payload, type) and "root" not in getattr(payload, "model_fields", {"root"}):
        expect(False, "payload", payload, f"{shown}.model_validate")
    if isinstance(payload, type) and (is_dataclass(payload) or is_typeddict(payload)):
        expect(False, "payload", payload, f"pydantic.TypeAdapter({shown}).validate_python")
    expect(
        payload is None or (callable(payload) and not inspect.iscoroutinefunction(payload)),
        "payload",
        payload,
        "a function that is not async, such as Order.model_validate",
    )
