"""Assumptions: one choice for each parameter and condition that the templates leave open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .plain_values import as_text

OTHER = "\0other"  # a parameter's value that no condition names


@dataclass(frozen=True)
class Assumptions:
    """One choice for each parameter and condition that the templates leave open."""

    parameters: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (stack, parameter) -> value or OTHER
    expressions: Mapping[tuple[str, str], bool] = field(default_factory=dict)  # (stack, condition as JSON) -> truth

    def choices(self) -> dict[str, str]:
        """The choices in words, for a message."""
        words = {
            f"parameter {name}": "another value" if value == OTHER else value
            for (_, name), value in self.parameters.items()
        }
        for (_, expression), truth in self.expressions.items():
            words[_condition_words(expression)] = as_text(truth)
        return words


def _condition_words(expression: str) -> str:
    return expression if expression.startswith("condition ") else f"the condition {expression[:80]}"
