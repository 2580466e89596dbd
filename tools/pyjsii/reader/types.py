"""What the translator knows of a value, and of the things that are declared: here and in the assemblies."""

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["str", "int", "float", "number", "bool", "any", "none", "list", "map", "instance", "class", "module"]
Shape = Literal["class", "struct", "interface", "enum", "error"]


@dataclass(frozen=True)
class Type:
    """A primitive, a list or map of `item`, an instance of `name`, or (class, module) the named thing itself."""

    kind: Kind
    name: str = ""
    item: "Type | None" = None
    optional: bool = False

    def maybe(self, optional: bool = True) -> "Type":
        """The same, or nothing."""
        return replace(self, optional=self.optional or optional)

    def sure(self) -> "Type":
        """The same, where it is known not to be None."""
        return replace(self, optional=False)

    @property
    def numeric(self) -> bool:
        """Whether arithmetic works on it. A `number` came through jsii: whole or not is not known."""
        return self.kind in ("int", "float", "number")

    def __str__(self) -> str:
        """As it would be written in Python."""
        inner = (f"[str, {self.item}]" if self.kind == "map" else f"[{self.item}]") if self.item else ""
        text = {"map": "dict", "any": "object"}.get(self.kind, self.name.split(".")[-1] or self.kind) + inner
        return text + (" | None" if self.optional else "")


STR, INT, FLOAT, NUMBER, BOOL = Type("str"), Type("int"), Type("float"), Type("number"), Type("bool")
ANY, NONE = Type("any"), Type("none", optional=True)


def list_of(item: Type) -> Type:
    """A list, tuple or sequence."""
    return Type("list", item=item)


def map_of(item: Type) -> Type:
    """A dict whose keys are strings."""
    return Type("map", item=item)


@dataclass(frozen=True)
class Parameter:
    """One positional parameter, or one field of a struct."""

    name: str
    ts: str
    type: Type
    required: bool = True
    variadic: bool = False
    said: bool = False
    """Whether it is the name of an option, which the function only puts into sentences."""


@dataclass(frozen=True)
class Signature:
    """How something is called. The fields of the struct `options` are given as keywords."""

    positional: tuple[Parameter, ...] = ()
    options: str | None = None
    returns: Type = NONE


@dataclass(frozen=True)
class Member:
    """A property, or a method if it has a signature."""

    name: str
    ts: str
    type: Type
    signature: Signature | None = None
    static: bool = False
    required: bool = True


@dataclass
class Declaration:
    """A class, struct, interface, enum or exception."""

    name: str
    ts: str
    shape: Shape
    bases: tuple[str, ...] = ()
    members: dict[str, Member] = field(default_factory=dict)
    init: Signature | None = None
    attributes: frozenset[str] = frozenset()
    """Those that a class of the package declares, and gives a value."""
    abstract: bool = False
    own: bool = False
