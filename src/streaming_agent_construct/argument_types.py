"""The type check of arguments in Python; jsii has its own, so the translation to TypeScript leaves this module out."""

import ast
import dataclasses
import functools
import importlib.util
import inspect
import os
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import FunctionType
from typing import Any

from .errors import StreamingAgentError

_PLAIN = (str, bytes, int, float, list, tuple, dict, set)
_UNIONS = (typing.Union, types.UnionType)

_Class = typing.TypeVar("_Class", bound=type)


def checked_arguments(class_: _Class) -> _Class:
    """Lets each public method, factory and constructor of the class refuse an argument of another type.

    :raises StreamingAgentError: SAC144, from a call with an argument of another type.
    """
    for name, member in list(vars(class_).items()):
        function = member.__func__ if isinstance(member, staticmethod) else member
        if not isinstance(function, FunctionType) or (name.startswith("_") and name != "__init__"):
            continue
        where = class_.__name__ if name == "__init__" else f"{class_.__name__}.{name}"
        checked = _checked(function, where)
        setattr(class_, name, staticmethod(checked) if isinstance(member, staticmethod) else checked)
    return class_


def _checked(function: FunctionType, where: str) -> Callable[..., Any]:
    # Each annotation is evaluated when its argument is first given, not at import: until then, the modules of aws_cdk
    # that it names need not be loaded.
    signature = functools.cache(lambda: inspect.signature(function))
    hint = functools.cache(lambda name: _hint(function, name))

    @functools.wraps(function)
    def call(*positional: Any, **named: Any) -> Any:
        try:
            bound = signature().bind(*positional, **named)
        except TypeError:
            _check_positions(signature(), positional, where)
            return function(*positional, **named)  # Python says what is missing or unknown
        for name, value in list(bound.arguments.items()):
            if value is None and signature().parameters[name].default is None:
                continue
            if name == "scope" and _is_outside_stacks(value):
                raise StreamingAgentError(
                    "SAC144",
                    f"scope of {where} takes a stack, or what is in one, got {_kind(value)}: write Stack(app, 'Chat') "
                    "and give that",
                )
            kind = hint(name)
            converted = _with_structs(value, kind)
            if not _fits(converted, kind) and not (name == "path" and isinstance(value, os.PathLike)):
                raise StreamingAgentError(
                    "SAC144", f"{name} of {where} takes {_takes(kind)}, got {_shown(value)}: {_instead(kind, value)}"
                )
            endless = _endless_number(converted)
            if endless is not None:
                raise StreamingAgentError(
                    "SAC144",
                    f"{name} of {where} takes finite numbers only, got {_shown(endless)}: write a number such as 100",
                )
            bound.arguments[name] = converted
        return function(*bound.args, **bound.kwargs)

    return call


def _is_outside_stacks(value: object) -> bool:
    """Whether no stack holds it, as an app, a stage, or a construct right below one: only stacks hold resources."""
    if _is_of_the_cdk(value, "Stack") or not _is_of_the_cdk(value, "Construct", "constructs"):
        return False
    return not any(_is_of_the_cdk(one, "Stack") for one in typing.cast(Any, value).node.scopes)


def _is_of_the_cdk(value: object, name: str, module: str = "aws_cdk") -> bool:
    return any((base.__module__, base.__name__) == (module, name) for base in type(value).__mro__)


def _with_structs(value: object, kind: Any) -> object:
    """The value with a struct of the CDK in the place of each dict that makes one; our code reads their attributes."""
    kind = _without_none(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(value, (list, tuple)) and origin is not None and issubclass(origin, Sequence):
        converted = [_with_structs(one, arguments[0]) for one in value]
        return converted if any(new is not old for new, old in zip(converted, value, strict=True)) else value
    if not isinstance(value, Mapping) or not _is_struct(kind):
        return value
    try:
        return kind(**value)
    except Exception:  # a key that it does not have, or a value of another type: typeguard's error has several names
        return value


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "__jsii_struct_bases__")


def _endless_number(value: object) -> object:
    """The first number in the value that is not finite: jsii's kernel ends at one, and every later call with it."""
    if isinstance(value, (int, float)):
        return None if abs(value) <= sys.float_info.max else value
    if _is_struct(type(value)):
        value = vars(value).get("_values", {})
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return next((found for found in map(_endless_number, parts) if found is not None), None)


def _kind(value: object) -> str:
    return f"{'an' if type(value).__name__[:1] in 'AEIOU' else 'a'} {type(value).__name__}"


def _check_positions(signature: inspect.Signature, positional: tuple[Any, ...], where: str) -> None:
    kinds = [(one.name, one.kind) for one in signature.parameters.values()]
    by_position = sum(kind == inspect.Parameter.POSITIONAL_OR_KEYWORD for _, kind in kinds)
    by_name = [name for name, kind in kinds if kind == inspect.Parameter.KEYWORD_ONLY]
    if len(positional) > by_position and by_name:
        raise StreamingAgentError(
            "SAC144",
            f"{where} takes {by_name[0]} by its name, got {_shown(positional[by_position])} without one: write "
            f"{by_name[0]}=...",
        )


def _hint(function: FunctionType, name: str) -> Any:
    """The type that a parameter is annotated with."""
    annotation = function.__annotations__.get(name, object)
    holder = types.SimpleNamespace(__annotations__={name: annotation})
    module = sys.modules[function.__module__]
    late = _LateImports(module.__name__)
    return typing.get_type_hints(holder, dict(vars(module)), late)[name]


class _LateImports(dict[str, Any]):
    """The names that a module imports for its annotations only, each imported when it is asked for."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module

    def __missing__(self, name: str) -> Any:
        for origin, imported, known_as in _annotation_imports(self._module):
            if known_as == name:
                found = importlib.import_module(origin)
                return getattr(found, imported)
        raise KeyError(name)


@functools.cache
def _annotation_imports(module: str) -> list[tuple[str, str, str]]:
    """Module, name and alias of each import below a module's `if typing.TYPE_CHECKING`."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    package = module.rpartition(".")[0]
    return [
        (
            importlib.util.resolve_name(f"{'.' * one.level}{one.module or ''}", package),
            alias.name,
            alias.asname or alias.name,
        )
        for block in tree.body
        if isinstance(block, ast.If)
        for one in block.body
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    ]


def _shown(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} of type {type(value).__name__}"


def _fits(value: object, kind: Any) -> bool:
    """Whether an annotation takes the value. What only jsii could know is taken."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in (Any, object):
        return True
    if origin in _UNIONS:
        return any(_fits(value, one) for one in arguments)
    if kind in (None, types.NoneType):
        return value is None
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(_fits(one, arguments[1]) for one in value.values())
    if origin is not None and issubclass(origin, Sequence):
        return (
            isinstance(value, Sequence)
            and not isinstance(value, (str, bytes))
            and all(_fits(one, arguments[0]) for one in value)
        )
    if not isinstance(kind, type):
        return True
    return _is_instance(value, kind)


def _takes(kind: Any) -> str:
    """The annotation in words: `a Duration`, `a list of str`."""
    kind = _without_none(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"a dict of {_name(arguments[1])}"
    if origin is not None and isinstance(origin, type) and issubclass(origin, Sequence):
        return f"a list of {_name(arguments[0])}"
    name = "number" if kind in (int, float) else _name(kind)
    return f"{'an' if name[0] in 'AEIOaeio' else 'a'} {name}"


def _instead(kind: Any, value: object) -> str:
    """What to write in the place of the value."""
    kind = _without_none(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    name = _name(kind)
    if origin is not None and issubclass(origin, Sequence):
        if _fits(_with_structs(value, arguments[0]), arguments[0]):
            return f"write [{value!r}]" if isinstance(value, _PLAIN) else "put it into a list"
        if _is_struct(arguments[0]):
            elements = [_with_structs(one, arguments[0]) for one in value] if isinstance(value, (list, tuple)) else []
            wrong = next((one for one in elements if not _fits(one, arguments[0])), None)
            return f"each of its elements is {_takes(arguments[0])}, {_instead_of_struct(arguments[0], wrong)}"
        return f"each of its elements is {_takes(arguments[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"write {{'name': value}}, each value {_takes(arguments[1])}"
    if kind is str and isinstance(value, bool):
        # 'True' would be taken, and match no claim that is true: AgentCore compares texts and lists of texts alone
        return "write the text that is meant; what is true or false elsewhere, such as a boolean claim, equals no text"
    if kind is str:
        return f"write {str(value)!r}" if isinstance(value, (int, float)) else "write it as a str"
    if kind in (int, float):
        return "write it without quotes" if isinstance(value, str) else "write a number"
    if kind is bool:
        return "write True or False"
    if not isinstance(kind, type):
        return "see its documentation"
    if issubclass(kind, Enum):
        return f"write {_either([f'{name}.{member}' for member in kind.__members__])}"
    if dataclasses.is_dataclass(kind):
        return f"write {name}(...), with {', '.join(field.name for field in dataclasses.fields(kind))}"
    if _is_struct(kind):
        return _instead_of_struct(kind, value)
    if name == "Duration":
        return "write Duration.seconds(...) or Duration.minutes(...)"
    factories = [key for key, member in vars(kind).items() if isinstance(member, staticmethod) and key[0] != "_"]
    if factories and kind.__module__.startswith("streaming_agent_construct"):
        return f"write {_either([f'{name}.{factory}(...)' for factory in factories])}"
    return f"give the construct itself, such as {name[1:]}.from_...(...)" if _is_interface(kind) else f"make a {name}"


def _instead_of_struct(kind: type, value: object) -> str:
    """What to write in the place of a value, or of one element, that makes no struct of the CDK."""
    known = list(inspect.signature(kind).parameters)
    write = f"write {_name(kind)}(...), with {', '.join(known)}"
    unknown = [key for key in value if key not in known] if isinstance(value, Mapping) else []
    return f"it has no {unknown[0]!r}, so {write}" if unknown else write


def _is_instance(value: object, kind: type) -> bool:
    if kind in (int, float):
        # a number that only the deployment knows is a float to the CDK
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    of_the_cdk = kind.__module__.startswith(("aws_cdk", "constructs", "jsii")) and not issubclass(kind, Enum)
    if of_the_cdk and (_is_interface(kind) or type(value).__name__ == "InterfaceDynamicProxy"):
        return value is not None and not isinstance(value, _PLAIN)
    return isinstance(value, kind)


def _is_interface(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def _either(ways: list[str]) -> str:
    return " or ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)


def _without_none(kind: Any) -> Any:
    if typing.get_origin(kind) in _UNIONS:
        left = [one for one in typing.get_args(kind) if one is not types.NoneType]
        if len(left) == 1:
            return left[0]
    return kind


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))
