"""Runs mapping templates: what API Gateway's Velocity templates make of one request (APIGW `mapping templates`).

What is not modelled is named, never guessed: a template that asks for it costs its own route and no other.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..request_context import Context
from .methods import LIST, MAPPING, TEXT, UTIL, shown
from .objects import ContextObject, Input
from .parser import parsed
from .tree import Assignment, Choice, Interpolated, Loop, NotModelled, Operation, Reference

_MAX_STEPS = 20_000
_MAX_OUTPUT = 1_000_000
_LARGEST = 2**63
_MAX_LOOP = 1000  # APIGW `limits`: iterations of a #foreach


class MappingTemplate:
    """A template, parsed once.

    Raises:
        NotModelled: The template asks for something that the local run does not do.
    """

    def __init__(self, text: str) -> None:
        with _not_too_deep():
            self._parts = parsed(text)

    def rendered(self, context: Context, overrides: dict[str, Any] | None = None) -> str:
        """What it makes of a request; `overrides` takes `$context.responseOverride`; raises `NotModelled`."""
        with _not_too_deep():
            return _Run(context, overrides if overrides is not None else {}).text(self._parts)


@contextmanager
def _not_too_deep() -> Iterator[None]:
    try:
        yield
    except RecursionError as problem:
        raise NotModelled("a template or a value nested this deep") from problem


class _Run:
    def __init__(self, context: Context, overrides: dict[str, Any]) -> None:
        self._variables: dict[str, Any] = {
            "input": Input(context),
            "context": ContextObject(context, overrides),
            "stageVariables": dict(context.stage_variables),
            "util": UTIL,
        }
        self._steps = 0
        self._length = 0

    def text(self, parts: tuple[Any, ...]) -> str:
        """The output of these parts."""
        output: list[str] = []
        for part in parts:
            self._count()
            piece = self._rendered(part)
            self._length += len(piece)
            if self._length > _MAX_OUTPUT:
                raise NotModelled("an output of more than a megabyte")
            output.append(piece)
        return "".join(output)

    def _rendered(self, part: Any) -> str:
        match part:
            case str():
                return part
            case Reference():
                value = self.value(part)
                if value is None:
                    return "" if part.quiet else part.source
                return shown(value)
            case Assignment(target, value):
                self._assign(target, self.value(value))
                return ""
            case Choice(branches):
                for condition, body in branches:
                    if condition is None or _is_true(self.value(condition)):
                        return self.text(body)
                return ""
            case Loop(name, items, body):
                return self._looped(name, self.value(items), body)
        raise NotModelled(type(part).__name__)

    def _looped(self, name: str, items: Any, body: tuple[Any, ...]) -> str:
        items = list(items.values()) if isinstance(items, dict) else items
        output = []
        for index, item in enumerate(items if isinstance(items, list) else []):
            if index >= _MAX_LOOP:
                raise NotModelled(f"a #foreach over more than {_MAX_LOOP} items")
            self._variables[name] = item
            self._variables["velocityCount"] = index + 1
            self._variables["foreach"] = {"count": index + 1, "index": index, "hasNext": index + 1 < len(items)}
            output.append(self.text(body))
        return "".join(output)

    def value(self, expression: Any) -> Any:
        """What an expression is."""
        self._count()
        match expression:
            case Reference():
                return self._referred(expression)
            case Interpolated(parts):
                return self.text(parts)
            case Operation("&&", (left, right)):
                return _is_true(self.value(left)) and _is_true(self.value(right))
            case Operation("||", (left, right)):
                return _is_true(self.value(left)) or _is_true(self.value(right))
            case Operation("!", (operand,)):
                return not _is_true(self.value(operand))
            case Operation("list", items):
                return [self.value(item) for item in items]
            case Operation("map", pairs):
                return {shown(self.value(key)): self.value(item) for key, item in pairs}
            case Operation(operator, (left, right)):
                return _combined(operator, self.value(left), self.value(right))
            case _:
                return expression

    def _referred(self, reference: Reference) -> Any:
        if reference.name not in self._variables:
            if reference.steps and reference.name not in ("foreach",):
                return None
            return self._variables.get(reference.name)
        found = self._variables[reference.name]
        for kind, step in reference.steps:
            self._count()
            match kind:
                case "get":
                    found = _property(found, step)
                case "index":
                    found = _item(found, self.value(step))
                case _:
                    name, arguments = step
                    found = _called(found, name, [self.value(argument) for argument in arguments])
            if found is None:
                return None
        return found

    def _assign(self, target: Reference, value: Any) -> None:
        names = tuple(step for kind, step in target.steps if kind == "get")
        if len(names) != len(target.steps):
            raise NotModelled(f"#set of {target.source}")
        if not names:
            self._variables[target.name] = value
            return
        holder = self._variables.get(target.name)
        if isinstance(holder, ContextObject):
            holder.put(names, value)
        elif isinstance(holder, dict) and len(names) == 1:
            holder[names[0]] = value
        else:
            raise NotModelled(f"#set of {target.source}")

    def _count(self) -> None:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise NotModelled("a template that runs this long")


def _property(found: Any, name: str) -> Any:
    if isinstance(found, ContextObject):
        return found.get(name)
    if isinstance(found, dict):
        return found.get(name)
    if isinstance(found, Input) and name == "body":
        return found.body
    raise NotModelled(f"the property {name}")


def _item(found: Any, index: Any) -> Any:
    if isinstance(found, list) and isinstance(index, int):
        return found[index] if -len(found) <= index < len(found) else None
    if isinstance(found, dict) and not isinstance(index, (dict, list)):
        return found.get(index)
    raise NotModelled("an index into something that is no list")


def _called(found: Any, name: str, arguments: list[Any]) -> Any:
    if isinstance(found, Input) and name in ("params", "path", "json"):
        return _of_input(found, name, arguments)
    if found is UTIL:
        methods: Mapping[str, Callable[..., Any]] = UTIL
        found_arguments = arguments
    else:
        kinds = ((str, TEXT), (list, LIST), (dict, MAPPING))
        methods = next((table for kind, table in kinds if isinstance(found, kind)), {})
        found_arguments = [found, *arguments]
    if name not in methods:
        raise NotModelled(f"the method {name}")
    try:
        return methods[name](*found_arguments)
    except (TypeError, ValueError, RecursionError) as problem:
        raise NotModelled(f"the method {name} with these arguments") from problem


def _of_input(found: Input, name: str, arguments: list[Any]) -> Any:
    texts = [argument for argument in arguments if isinstance(argument, str)]
    if len(texts) != len(arguments) or len(texts) > 1 or (name != "params" and not texts):
        raise NotModelled(f"$input.{name} with these arguments")
    match name:
        case "params":
            return found.params(*texts)
        case "path":
            return found.path(texts[0])
        case _:
            return found.json(texts[0])


def _combined(operator: str, left: Any, right: Any) -> Any:
    match operator:
        case "==":
            return left == right or (left is not None and right is not None and shown(left) == shown(right))
        case "!=":
            return not _combined("==", left, right)
        case "+" if isinstance(left, str) or isinstance(right, str):
            return shown(left) + shown(right)
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        return None
    operations: dict[str, Callable[[Any, Any], Any]] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": _quotient,
        "%": lambda a, b: None if b == 0 else a % b,
    }
    result = operations[operator](left, right)
    if not isinstance(result, bool) and isinstance(result, int) and abs(result) > _LARGEST:
        raise NotModelled("a number this large")
    return result


def _quotient(dividend: float, divisor: float) -> float | None:
    if divisor == 0:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor if (dividend < 0) == (divisor < 0) else -(-dividend // divisor)
    return dividend / divisor


def _is_true(value: Any) -> bool:
    return value is not None and value is not False
