"""Statements of IAM policies: what they name, with IAM's wildcards, and whether they allow a call of the local run."""

import re
from collections.abc import Iterable, Mapping
from typing import Any


def is_allowed(
    statements: Iterable[Mapping[str, Any]], action: str, resource: str, *, without_resource: bool = False
) -> bool:
    """Whether some statement allows an action on a resource and none denies it.

    A statement with a condition that the local run does not know is taken to hold when it denies, and not to when it
    allows.

    Args:
        statements: Those of the policy that are for the caller.
        action: Such as `execute-api:Invoke`.
        resource: Its ARN.
        without_resource: Whether a statement that names no resource is for this one, as in a resource's own policy.
    """
    effects = set()
    for statement in statements:
        effect, condition = statement.get("Effect"), statement.get("Condition")
        if not _names(statement, "Action", action, ignore_case=True):
            continue
        if not _names(statement, "Resource", resource, missing=without_resource):
            continue
        if not condition or _is_met(condition, otherwise=effect == "Deny"):
            effects.add(effect)
    return "Allow" in effects and "Deny" not in effects


def _names(
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


def _is_met(condition: Any, *, otherwise: bool) -> bool:
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
