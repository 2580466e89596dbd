"""Statements of IAM policies: what they name, with IAM's wildcards, and whether their conditions hold locally."""

import re
from collections.abc import Mapping
from typing import Any


def names(
    statement: Mapping[str, Any], key: str, value: str, *, missing: bool = False, ignore_case: bool = False
) -> bool:
    """Whether a statement's `key` (Action, Resource), or the opposite of its `NotKey`, names a value.

    Args:
        statement: One statement of a policy.
        key: Action or Resource.
        value: The action, or the ARN.
        missing: What it is where the statement has neither.
        ignore_case: Actions have no case.
    """
    if f"Not{key}" in statement:
        return not _any_matches(statement[f"Not{key}"], value, ignore_case=ignore_case)
    if key not in statement:
        return missing
    return _any_matches(statement[key], value, ignore_case=ignore_case)


def _any_matches(patterns: Any, value: str, *, ignore_case: bool) -> bool:
    listed = patterns if isinstance(patterns, list) else [patterns]
    return any(matches(str(pattern), value, ignore_case=ignore_case) for pattern in listed)


def matches(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """Whether a pattern of a policy means a value: `*` is any text, `?` any character, and nothing else is special."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def is_met(condition: Any, *, otherwise: bool) -> bool:
    """Whether a condition holds for a call in the local run, which counts as inside the VPC and as encrypted.

    Args:
        condition: A statement's Condition.
        otherwise: What it is where the local run does not know.
    """
    results = []
    for operator, tests in condition.items() if isinstance(condition, dict) else ():
        for key, value in tests.items() if isinstance(tests, dict) else ():
            match key.lower():
                case "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip":
                    results.append("Not" not in operator)
                case "aws:securetransport":
                    results.append(str(value).lower() == "true")
                case _:
                    return otherwise
    return all(results)
