"""Values that templates write in several ways, a number as text among them, as what is meant."""

import math
from typing import Any


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


def as_list(value: Any) -> list[Any]:
    """A list; an empty one for any other value."""
    return value if isinstance(value, list) else []


def as_mapping(value: Any) -> dict[str, Any]:
    """A mapping; an empty one for any other value."""
    return value if isinstance(value, dict) else {}
