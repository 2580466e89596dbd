"""Whether a condition's expression holds; what the template leaves open, the assumptions decide."""

import json
from typing import TYPE_CHECKING, Any

from .plain_values import as_text

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .view import View


def holds(view: "View", evaluation: "Evaluation", argument: Any) -> bool:
    """The truth of a condition's expression."""
    if isinstance(argument, bool):
        return argument
    if isinstance(argument, str):
        return argument.lower() == "true"
    if isinstance(argument, dict) and len(argument) == 1:
        ((name, inner),) = argument.items()
        if name == "Condition" and isinstance(inner, str):
            return evaluation.condition(inner)
        if isinstance(inner, list):
            if name == "Fn::Not" and len(inner) == 1:
                return not holds(view, evaluation, inner[0])
            if name == "Fn::And":
                return all(holds(view, evaluation, one) for one in inner)
            if name == "Fn::Or":
                return any(holds(view, evaluation, one) for one in inner)
            if name == "Fn::Equals" and len(inner) == 2:
                return _equal(view, evaluation, inner)
    elif isinstance(argument, list) and len(argument) == 2:
        return _equal(view, evaluation, argument)
    return view.chosen(evaluation.stack, json.dumps(argument, sort_keys=True, default=str))


def _equal(view: "View", evaluation: "Evaluation", operands: list[Any]) -> bool:
    one, other = (evaluation.value(operand) for operand in operands)
    if _plain(one) == _plain(other):
        return True
    if view.symbols.unknown([one, other]) is None and not any(
        isinstance(value, str) and view.symbols.of(value) for value in (one, other)
    ):
        return False
    named = [operand["Ref"] for operand in operands if isinstance(operand, dict) and "Ref" in operand]
    if any(isinstance(name, str) and view.is_open(evaluation.stack, name) for name in named):
        return False
    expression = json.dumps({"Fn::Equals": operands}, sort_keys=True, default=str)
    return view.chosen(evaluation.stack, expression)


def _plain(value: Any) -> Any:
    return as_text(value) if isinstance(value, (int, float)) else value
