"""Values that templates write in several ways, a number as text among them, as what is meant."""

import math
from typing import Any

_KINDS: dict[type, str] = {
    dict: "a mapping",
    list: "a list",
    str: "a text",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}


def as_number(value: Any) -> float | None:
    """A number, given as such or as text."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_flag(value: Any) -> bool | None:
    """A truth value, given as such or as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return None


def as_text(value: Any) -> str:
    """A plain value as CloudFormation writes it into a text: a truth value is `true` or `false`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def kind_of(value: Any) -> str:
    """What a value is, in words for a message."""
    return _KINDS.get(type(value), "a value")


def mappings_in(value: Any) -> list[dict[str, Any]]:
    """The mappings in a mapping (as OpenAPI writes responses) or in a list (as CloudFormation does)."""
    inner = value.values() if isinstance(value, dict) else as_list(value)
    return [one for one in inner if isinstance(one, dict)]


def as_list(value: Any) -> list[Any]:
    """A list; an empty one for any other value."""
    return value if isinstance(value, list) else []


def as_mapping(value: Any) -> dict[str, Any]:
    """A mapping; an empty one for any other value."""
    return value if isinstance(value, dict) else {}
