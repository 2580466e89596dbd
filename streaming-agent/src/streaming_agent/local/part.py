"""A part of a template's value, with its place: what has another shape than documented is refused with its path."""

from typing import Any, Self

from ..template import Refusal
from ..template.plain_values import as_flag, as_text, kind_of


class Part:
    """A value below a resource's property, resolved.

    Example:
        >>> Part({"Limit": "many"}, "Acl.Rules.0").number("Limit")
        Traceback (most recent call last):
        ...
        streaming_agent.errors.Refusal: Acl.Rules.0.Limit: expected a number, got a text ('many') (SAL016)
    """

    def __init__(self, value: Any, place: str) -> None:
        self.value = value
        self.place = place

    def has(self, name: str) -> bool:
        """Whether the mapping has such an entry."""
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def part(self, name: str) -> Self:
        """An entry of the mapping; one of nothing when it is not there."""
        if self.value is not None and not isinstance(self.value, dict):
            raise self.wrong("a mapping")
        return type(self)((self.value or {}).get(name), f"{self.place}.{name}")

    def text(self, name: str, default: str | None = None) -> str:
        """An entry that is a text; a number or truth value is one too, as in CloudFormation."""
        return self.part(name).as_text(default)

    def as_text(self, default: str | None = None) -> str:
        """The value itself, if it is a text."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, (str, int, float)):
            return as_text(self.value)
        raise self.wrong("a text")

    def number(self, name: str, default: float | None = None) -> float:
        """An entry that is a number, or a text that is one."""
        return self.part(name).as_number(default)

    def as_number(self, default: float | None = None) -> float:
        """The value itself, if it is a number."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, (int, float, str)) and not isinstance(self.value, bool):
            try:
                number = float(self.value)
            except (ValueError, OverflowError):
                number = float("nan")
            if -1e15 < number < 1e15:
                return number
        raise self.wrong("a number")

    def as_flag(self, default: bool = False) -> bool:
        """The value itself, if it is true or false, as such or as text."""
        flag = default if self.value is None else as_flag(self.value)
        if flag is None:
            raise self.wrong("true or false")
        return flag

    def names(self) -> list[str]:
        """The keys of the mapping; none of nothing."""
        if self.value is None:
            return []
        if not isinstance(self.value, dict):
            raise self.wrong("a mapping")
        return [str(name) for name in self.value]

    def texts_by_name(self) -> dict[str, str]:
        """The entries of a mapping of texts; none of nothing."""
        return {name: self.text(name) for name in self.names()}

    def items(self) -> list[Self]:
        """The items of the list; none of nothing."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [type(self)(item, f"{self.place}.{index}") for index, item in enumerate(self.value)]

    def texts(self) -> list[str]:
        """The items of a list of texts."""
        items = self.items()
        for item in items:
            if not isinstance(item.value, str):
                raise item.wrong("a text")
        return [item.value for item in items]

    def only(self) -> tuple[str, Self]:
        """The one entry of a mapping that has a single one: the kind of a statement, and what it says."""
        if not isinstance(self.value, dict) or len(self.value) != 1:
            raise self.wrong("a mapping with one entry")
        ((name, inner),) = self.value.items()
        return name, type(self)(inner, f"{self.place}.{name}")

    def wrong(self, expected: str) -> Refusal:
        """The refusal of this part."""
        found = kind_of(self.value)
        if isinstance(self.value, (str, int, float)) and not isinstance(self.value, bool):
            found = f"{found} ({self.value!r:.60})"
        return Refusal("SAL016", f"{self.place}: expected {expected}, got {found}")
