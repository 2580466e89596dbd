"""A small tree of TypeScript: what the emitter builds and `printer.py` writes."""

from __future__ import annotations

from dataclasses import dataclass

# -- expressions


@dataclass(frozen=True)
class Name:
    """An identifier, `this` or `super`."""

    text: str


@dataclass(frozen=True)
class Literal:
    """A number, a truth, `undefined` or a regular expression, as it is written."""

    text: str


@dataclass(frozen=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True)
class Template:
    """A template string: texts and the expressions between them."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True)
class Member:
    """`owner.name`."""

    owner: Expression
    name: str


@dataclass(frozen=True)
class Element:
    """`owner[key]`, as the target of an assignment."""

    owner: Expression
    key: Expression


@dataclass(frozen=True)
class Call:
    """`function(…)`, or `new function(…)`."""

    function: Expression
    arguments: tuple[Expression, ...] = ()
    new: bool = False


@dataclass(frozen=True)
class Array:
    """`[…]`; as a pattern, the names of a pair."""

    items: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Property:
    """`key: value` in an object; a computed key is an expression of its own."""

    key: Expression
    value: Expression
    computed: bool = False


@dataclass(frozen=True)
class Object:
    """`{ … }`."""

    entries: tuple[Property | Spread, ...] = ()


@dataclass(frozen=True)
class Spread:
    """`...value`, in an array, an object or a call."""

    value: Expression


@dataclass(frozen=True)
class Arrow:
    """`(pattern) => body`; without a pattern it takes nothing."""

    pattern: Expression | None
    body: Expression


@dataclass(frozen=True)
class Unary:
    """`!x`, `-x` or `void x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True)
class Binary:
    """Two operands and what stands between them."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Conditional:
    """`test ? then : other`."""

    test: Expression
    then: Expression
    other: Expression


@dataclass(frozen=True)
class As:
    """`value as type`."""

    value: Expression
    type: TypeNode


Expression = (
    Name
    | Literal
    | Text
    | Template
    | Member
    | Element
    | Call
    | Array
    | Object
    | Spread
    | Arrow
    | Unary
    | Binary
    | Conditional
    | As
)

UNDEFINED = Literal("undefined")


def call(function: Expression, *arguments: Expression) -> Call:
    """A call, its arguments written one by one."""
    return Call(function, arguments)


def method(owner: Expression, name: str, *arguments: Expression) -> Call:
    """`owner.name(…)`."""
    return Call(Member(owner, name), arguments)


def is_not_undefined(value: Expression) -> Expression:
    """`value !== undefined`."""
    return Binary("!==", value, UNDEFINED)


# -- types


@dataclass(frozen=True)
class TypeName:
    """A type with a name, dotted or not."""

    text: str


@dataclass(frozen=True)
class ArrayType:
    """`item[]`."""

    item: TypeNode


@dataclass(frozen=True)
class MapType:
    """`{ [key: string]: item }`."""

    item: TypeNode


@dataclass(frozen=True)
class Maybe:
    """`type | undefined`."""

    type: TypeNode


TypeNode = TypeName | ArrayType | MapType | Maybe

# -- statements


@dataclass(frozen=True)
class Do:
    """An expression as a statement."""

    value: Expression


@dataclass(frozen=True)
class Leave:
    """`return`, `throw`, `break` or `continue`, with a value or none."""

    word: str
    value: Expression | None = None


@dataclass(frozen=True)
class Assign:
    """`target = value;`."""

    target: Expression
    value: Expression


@dataclass(frozen=True)
class Declare:
    """`const name: type = value;`, or with `let`, `declare const` or `export const`."""

    keyword: str
    name: str
    type: TypeNode | None = None
    value: Expression | None = None


@dataclass(frozen=True)
class If:
    """`if (…) { … } else { … }`."""

    test: Expression
    then: tuple[Statement, ...]
    other: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class For:
    """`for (const pattern of source) { … }`."""

    pattern: Expression
    source: Expression
    body: tuple[Statement, ...]


Statement = Do | Leave | Assign | Declare | If | For
