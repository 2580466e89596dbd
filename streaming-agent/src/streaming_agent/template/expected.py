"""Properties of a documented shape: what has another shape, or is not known, is refused with its path."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import Refusal
from .line_numbers import Step
from .plain_values import as_text, kind_of
from .symbols import SYMBOL, Symbol, Unknown

if TYPE_CHECKING:
    from .resource import TemplateResource

Known = Callable[[Symbol], str | None]


class Expected:
    """Reads a resource's properties for one who needs their values.

    Args:
        resource: Whose properties.
        known: What stands for a symbol (a reference, a pseudo parameter): its value, or `None` when it has none.

    Example:
        >>> from streaming_agent.template import Expected, TemplateSet
        >>> body = {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": ["chat"]}}}}
        >>> (api,) = TemplateSet.of({"Chat": body}).view().resources("AWS::ApiGateway::RestApi")
        >>> Expected(api).text("Name")
        Traceback (most recent call last):
        ...
        streaming_agent.errors.Refusal: Api.Name: expected a text, got a list (SAL016)
    """

    def __init__(self, resource: "TemplateResource", known: Known = lambda symbol: None) -> None:
        self._resource = resource
        self._known = known

    def text(self, *path: Step, default: str = "") -> str:
        """A text; a number or truth value is one too, as in CloudFormation."""
        value = self.value(*path)
        if value is None:
            return default
        if isinstance(value, (str, int, float)):
            return as_text(value)
        raise self._wrong(path, "a text", value)

    def number(self, *path: Step, default: float = 0) -> float:
        """A number, or a text that is one."""
        value = self.value(*path)
        if value is None:
            return default
        if not isinstance(value, bool):
            try:
                number = float(value)
            except (TypeError, ValueError, OverflowError):
                number = math.nan
            if math.isfinite(number):
                return number
        raise self._wrong(path, "a number", value)

    def flag(self, *path: Step, default: bool = False) -> bool:
        """True or false, as such or as text."""
        value = self.value(*path)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise self._wrong(path, "true or false", value)

    def items(self, *path: Step) -> list[Any]:
        """A list; an empty one when it is not there."""
        value = self.value(*path)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise self._wrong(path, "a list", value)

    def texts(self, *path: Step) -> list[str]:
        """A list of texts."""
        items = self.items(*path)
        for index, item in enumerate(items):
            if not isinstance(item, str):
                raise self._wrong((*path, index), "a text", item)
        return items

    def mapping(self, *path: Step) -> dict[str, Any]:
        """A mapping; an empty one when it is not there."""
        value = self.value(*path)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        raise self._wrong(path, "a mapping", value)

    def value(self, *path: Step) -> Any:
        """A value of any shape, every symbol in it replaced; `None` when it is not there."""
        value = self._resource.get(*path)
        if value is None:
            self._check_above(path)
        return self._replaced(value, path)

    def _check_above(self, path: tuple[Step, ...]) -> None:
        """What is not there may be there, below a list where a mapping belongs."""
        for length in range(1, len(path)):
            above = self._resource.get(*path[:length])
            if above is None:
                return
            if isinstance(path[length], str) and not isinstance(above, dict):
                raise self._wrong(path[:length], "a mapping", above)

    def wrong(self, expected: str, *path: Step) -> Refusal:
        """The refusal of a value that is of the right shape and still not what is taken there."""
        return self._wrong(path, expected, self.value(*path))

    def _replaced(self, value: Any, path: tuple[Step, ...]) -> Any:
        if isinstance(value, str):
            text = self._resource.view.symbols.replaced(value, self._known)
            if SYMBOL.search(text):
                raise self._not_known(text, path)
            return text
        if isinstance(value, list):
            return [self._replaced(item, (*path, index)) for index, item in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._replaced(item, (*path, key)) for key, item in value.items()}
        return value

    def _place(self, path: tuple[Step, ...]) -> str:
        return ".".join([self._resource.logical_id, *(str(step) for step in path)])

    def _wrong(self, path: tuple[Step, ...], expected: str, value: Any) -> Refusal:
        found = kind_of(value)
        shown = f"{found} ({value!r:.60})" if isinstance(value, (str, int, float)) else found
        return Refusal("SAL016", f"{self._place(path)}: expected {expected}, got {shown}")

    def _not_known(self, text: str, path: tuple[Step, ...]) -> Refusal:
        symbols = self._resource.view.symbols
        for symbol in symbols.of(text):
            if isinstance(symbol, Unknown):
                return Refusal("SAL006", f"{self._place(path)} is not known before deployment: {symbol.why}")
        return Refusal(
            "SAL006", f"{self._place(path)} is not known before deployment: it refers to {symbols.shown(text)}"
        )
