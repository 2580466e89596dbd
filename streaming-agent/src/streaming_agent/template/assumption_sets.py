"""The sets of assumptions that templates leave open: each combination of what conditions and allowed values admit."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .assumptions import OTHER, Assumptions
from .plain_values import as_text
from .stacks import ResourceBody, StackTemplate
from .view import View

if TYPE_CHECKING:
    from .template_set import TemplateSet

SET_LIMIT = 16
_VALUES_LIMIT = 6

Axis = tuple[str, str, str]  # "parameter" or "expression", stack, name


def assumption_sets(templates: "TemplateSet", matters: Callable[[ResourceBody], bool]) -> list[Assumptions]:
    """Every combination of the choices that the resources that matter depend on.

    At most `SET_LIMIT`: beyond that, a first set and those that differ from it in one choice.
    """
    axes: dict[Axis, list[Any]] = {}
    view = View(templates)
    for stack in templates.stacks:
        conditions: dict[str, None] = {}
        named: dict[str, None] = {}
        for body in stack.resources.values():
            if matters(body):
                if body.condition:
                    conditions[body.condition] = None
                _collect(body.properties, conditions, named)
        for name in conditions:
            _axes_of_condition(stack, view, name, axes, set())
        for name in named:
            _axis_of_allowed_values(stack, view, name, axes)
    return list(_combined(axes))


def _collect(raw: Any, conditions: dict[str, None], named: dict[str, None]) -> None:
    """The conditions of `Fn::If` and the names of `Ref` anywhere in a value."""
    pending = [raw]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "Fn::If" and isinstance(inner, list) and inner and isinstance(inner[0], str):
                    conditions[inner[0]] = None
                elif key == "Ref" and isinstance(inner, str):
                    named[inner] = None
                if isinstance(inner, (dict, list)):
                    pending.append(inner)
        elif isinstance(value, list):
            pending.extend(item for item in value if isinstance(item, (dict, list)))


def _axes_of_condition(
    stack: StackTemplate, view: View, name: str, axes: dict[Axis, list[Any]], seen: set[str]
) -> None:
    if name in seen:
        return
    seen.add(name)
    if name not in stack.conditions:
        _add(axes, ("expression", stack.name, f"condition {name}"), [True, False])
        return
    pending = [stack.conditions[name]]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            if isinstance(value.get("Condition"), str):
                _axes_of_condition(stack, view, value["Condition"], axes, seen)
            elif isinstance(value.get("Fn::Equals"), list) and len(value["Fn::Equals"]) == 2:
                _axes_of_comparison(stack, view, value["Fn::Equals"], axes)
            else:
                pending.extend(value.values())


def _axes_of_comparison(stack: StackTemplate, view: View, operands: list[Any], axes: dict[Axis, list[Any]]) -> None:
    for operand, other in (operands, operands[::-1]):
        parameter = operand.get("Ref") if isinstance(operand, dict) else None
        if isinstance(parameter, str) and _is_free(stack, view, parameter) and not isinstance(other, (dict, list)):
            _axis_of_comparison(stack, parameter, as_text(other), axes)
            return
    one, other = (view.evaluation(stack).value(operand) for operand in operands)
    open_parts = any(isinstance(value, str) and view.symbols.of(value) for value in (one, other))
    if one != other and open_parts:
        expression = json.dumps({"Fn::Equals": operands}, sort_keys=True, default=str)
        _add(axes, ("expression", stack.name, expression), [False, True])


def _axis_of_comparison(stack: StackTemplate, parameter: str, literal: str, axes: dict[Axis, list[Any]]) -> None:
    declared = stack.parameters[parameter]
    allowed = declared.get("AllowedValues") if isinstance(declared, Mapping) else None
    default = declared.get("Default") if isinstance(declared, Mapping) else None
    first = [as_text(default)] if default is not None else []
    if isinstance(allowed, list) and allowed:
        values = [*first, *(as_text(value) for value in allowed[:_VALUES_LIMIT]), literal]
        values = [value for value in values if value in {as_text(one) for one in allowed}] or [literal]
    else:
        values = [*first, literal, OTHER]
    _add(axes, ("parameter", stack.name, parameter), values)


def _axis_of_allowed_values(stack: StackTemplate, view: View, name: str, axes: dict[Axis, list[Any]]) -> None:
    declared = stack.parameters.get(name)
    if not isinstance(declared, Mapping) or "Default" in declared or not _is_free(stack, view, name):
        return
    allowed = declared.get("AllowedValues")
    if isinstance(allowed, list) and 0 < len(allowed) <= _VALUES_LIMIT:
        _add(axes, ("parameter", stack.name, name), [as_text(value) for value in allowed])


def _is_free(stack: StackTemplate, view: View, name: str) -> bool:
    """Whether nobody has said yet what value this parameter has."""
    if name not in stack.parameters or (name in view.templates.parameters and stack.parent is None):
        return False
    return not (stack.parent is not None and name in stack.parent_arguments)


def _add(axes: dict[Axis, list[Any]], axis: Axis, values: list[Any]) -> None:
    known = axes.setdefault(axis, [])
    others = [value for value in values if value not in known and value != OTHER]
    known[:] = [value for value in known if value != OTHER] + others + ([OTHER] if OTHER in (*known, *values) else [])


def _combined(axes: dict[Axis, list[Any]]) -> Iterator[Assumptions]:
    count = 1
    for values in axes.values():
        count *= len(values)
        if count > SET_LIMIT:
            break
    if count <= SET_LIMIT:
        for choice in itertools.product(*axes.values()):
            yield _assumptions(dict(zip(axes, choice, strict=True)))
        return
    first = {axis: values[0] for axis, values in axes.items()}
    yield _assumptions(first)
    varied = ((axis, value) for axis, values in axes.items() for value in values[1:])
    for axis, value in itertools.islice(varied, SET_LIMIT * 2):
        yield _assumptions({**first, axis: value})


def _assumptions(choice: Mapping[Axis, Any]) -> Assumptions:
    return Assumptions(
        parameters={(stack, name): value for (kind, stack, name), value in choice.items() if kind == "parameter"},
        expressions={(stack, name): value for (kind, stack, name), value in choice.items() if kind == "expression"},
    )
