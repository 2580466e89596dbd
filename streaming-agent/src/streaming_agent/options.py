"""Checks StreamingAgent's arguments when the module is imported."""

import inspect
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import is_dataclass
from typing import cast, is_typeddict

from .errors import AgentMistake
from .events import AnswerError

_ORIGIN = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?P<port>:[0-9]{1,5})?(?=[/?#]|$)"
)
_OWN_PORTS = {("https", ":443"), ("http", ":80")}


def expect(fits: bool, name: str, given: object, write: str) -> None:
    """Raises `AgentMistake` where an argument does not fit."""
    if not fits:
        raise AgentMistake("SAA011", f"{name} cannot be {given!r}: write {name}={write}")


def is_count(given: object) -> bool:
    """Whether this is a number of things, at least one."""
    return isinstance(given, int) and not isinstance(given, bool) and given > 0


def check_origins(given: object) -> None:
    """Refuses what no browser sends as its origin: a path, a slash at the end, capitals, the scheme's own port."""
    if given is None:
        return
    listed = isinstance(given, Sequence | Set) and not isinstance(given, str)
    expect(listed, "origins", given, f'["{_meant(given)}"]')
    for origin in cast(Sequence[object], given):
        expect(origin == "*" or origin == _meant(origin), "origins", origin, f'["{_meant(origin)}"]')


def _meant(origin: object) -> str:
    """What to write for it; an example where no origin can be read."""
    return (as_browsers_send(origin) if isinstance(origin, str) else None) or "https://example.com"


def as_browsers_send(origin: str) -> str | None:
    """The origin as a browser sends it (RFC 6454); ``None`` where none can be read."""
    found = _ORIGIN.match(origin.strip().lower())
    if found is None:
        return None
    scheme, host, port = found["scheme"] or "https", found["host"], found["port"] or ""
    return f"{scheme}://{host}{'' if (scheme, port) in _OWN_PORTS else port}"


def check_hook(name: str, hook: object) -> None:
    """Refuses what cannot be called without arguments, and what would not run when it is called."""
    write = f"write @app.{name} above a function without parameters, async or not"
    if not callable(hook):
        raise AgentMistake("SAA012", f"{name} takes a function, got {hook!r}: {write}")
    shown = getattr(hook, "__name__", type(hook).__name__)
    if inspect.isgeneratorfunction(hook) or inspect.isasyncgenfunction(hook):
        raise AgentMistake("SAA012", f"{name} would not run {shown}, which yields: {write}")
    try:
        signature = inspect.signature(hook)
    except (TypeError, ValueError):  # some of those that are written in C have none
        return
    try:
        signature.bind()
    except TypeError:
        raise AgentMistake("SAA012", f"{name} calls {shown} with nothing, got {shown}{signature}: {write}") from None


def is_error_map(errors: object) -> bool:
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
