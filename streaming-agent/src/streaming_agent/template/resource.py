"""A resource of a template, whose properties are evaluated as they are asked for."""

from typing import TYPE_CHECKING, Any

from .line_numbers import Step
from .plain_values import as_flag, as_number, as_text
from .stacks import ResourceBody, StackTemplate
from .symbols import Reference, Unknown

if TYPE_CHECKING:
    from .view import View


class TemplateResource:
    """A resource whose properties are evaluated as they are asked for."""

    def __init__(self, view: "View", stack: StackTemplate, body: ResourceBody) -> None:
        self.view = view
        self.stack = stack
        self.body = body
        self.logical_id = body.logical_id
        self.type = body.type
        self._cache: dict[tuple[Step, ...], Any] = {}

    def __repr__(self) -> str:
        return f"<{self.type} {self.stack.name}/{self.logical_id}>"

    @property
    def identity(self) -> str:
        """The text that `Ref` of this resource is."""
        return self.view.symbols.text(Reference(self.stack.name, self.logical_id))

    @property
    def exists(self) -> bool:
        """Whether its condition holds under these assumptions."""
        condition = self.body.condition
        return condition is None or self.view.evaluation(self.stack).condition(condition)

    @property
    def construct_path(self) -> str | None:
        """The CDK's path of the construct, where the template or its assembly says it."""
        path = self.body.metadata.get("aws:cdk:path")
        return path if isinstance(path, str) else self.stack.construct_paths.get(self.logical_id)

    def attribute(self, name: str) -> str:
        """The text that `Fn::GetAtt` of this resource is."""
        return self.view.symbols.text(Reference(self.stack.name, self.logical_id, name))

    def get(self, *path: Step) -> Any:
        """A property, evaluated; `None` when it is not there, a symbol when it is not known."""
        if path not in self._cache:
            self._cache[path] = self.view.read(self.stack, self.body.properties, path)
        return self._cache[path]

    def has(self, *path: Step) -> bool:
        """Whether a property is there, whatever its value."""
        return self.get(*path) is not None

    def text(self, *path: Step) -> str | None:
        """A property that is a text or number, as text; `None` when it is not there or a list or mapping."""
        value = self.get(*path)
        return as_text(value) if isinstance(value, (str, int, float)) else None

    def number(self, *path: Step) -> float | None:
        """A property that is a number, as such or as text; `None` when it is not there or is not known."""
        return as_number(self.get(*path))

    def flag(self, *path: Step) -> bool | None:
        """A property that is true or false; `None` when it is not there or is not known."""
        return as_flag(self.get(*path))

    def items(self, *path: Step) -> list[Any]:
        """A property that is a list; an empty one when it is not there or is not known."""
        value = self.get(*path)
        return value if isinstance(value, list) else []

    def mapping(self, *path: Step) -> dict[str, Any]:
        """A property that is a mapping; an empty one when it is not there or is not known."""
        value = self.get(*path)
        return value if isinstance(value, dict) else {}

    def unknown(self, *path: Step) -> Unknown | None:
        """Why a property, or a part of it, is not known; `None` when it is known, a missing one too."""
        return self.view.symbols.unknown(self.get(*path))

    def opaque(self, *path: Step) -> Unknown | None:
        """Why a property as a whole is not known; `None` when at least its outermost structure is."""
        value = self.get(*path)
        symbol = self.view.symbols.only(value)
        return symbol if isinstance(symbol, Unknown) else None

    def line(self, *path: Step) -> int:
        """The line of a property, or of the deepest part above it that is written down."""
        return self.stack.line(("Resources", self.logical_id, "Properties", *path))

    def defaults_in(self, *path: Step) -> tuple[str, ...]:
        """The parameters whose Default went into a property."""
        evaluation = self.view.evaluation(self.stack)
        evaluation.defaults_used.clear()
        self.view.read(self.stack, self.body.properties, path)
        return tuple(evaluation.defaults_used)
