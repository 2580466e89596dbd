"""The parts of a TypeScript file that stand at its top, or in a class."""

from __future__ import annotations

from dataclasses import dataclass

from .tree import Declare, Expression, Statement, TypeNode

Doc = tuple[str, ...]
"""The lines of a TSDoc comment."""


@dataclass(frozen=True)
class Import:
    """`import { names } from 'source';`, each name with what it is called here; `*` is the whole module."""

    source: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Export:
    """`export { names } from 'source';`."""

    source: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Parameter:
    """`name: type`, `name?: type` or `name: type = {}`."""

    name: str
    type: TypeNode
    optional: bool = False
    default: Expression | None = None


@dataclass(frozen=True)
class Field:
    """A property of a class or an interface. `how` is what stands before it: `public readonly`."""

    how: str
    name: str
    type: TypeNode
    optional: bool = False
    value: Expression | None = None
    doc: Doc = ()


@dataclass(frozen=True)
class Function:
    """A function, a method or a constructor. Without a body it is abstract; without a result it is a constructor."""

    how: str
    name: str
    parameters: tuple[Parameter, ...]
    returns: TypeNode | None
    body: tuple[Statement, ...] | None
    doc: Doc = ()


@dataclass(frozen=True)
class Interface:
    """A struct."""

    name: str
    extends: tuple[str, ...]
    fields: tuple[Field, ...]
    doc: Doc = ()


@dataclass(frozen=True)
class Enum:
    """An enum; a member's value is its name."""

    name: str
    members: tuple[tuple[str, Doc], ...]
    doc: Doc = ()


@dataclass(frozen=True)
class Class:
    """A class."""

    name: str
    abstract: bool
    extends: str
    implements: tuple[str, ...]
    fields: tuple[Field, ...]
    methods: tuple[Function | Field, ...]
    doc: Doc = ()


Item = Declare | Function | Interface | Enum | Class
