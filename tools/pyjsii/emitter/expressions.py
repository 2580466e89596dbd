"""Expressions: names, members and texts here, the other kinds in files of their own. What none takes is refused."""

import ast
import json
from collections.abc import Callable
from typing import Any

from ..reader.names import suggestion
from ..reader.syntax import dotted, is_path
from ..reader.types import BOOL, FLOAT, INT, NONE, STR, Member, Type
from . import tree as ts
from .calls import Calls
from .collections import Collections
from .conditions import Conditions
from .context import Context, Value
from .operators import Operators
from .order import Weight

Translate = Callable[[Any, Type | None], Value]


class Expressions:
    """Translates expressions: asks the part that knows the kind of node."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.conditions = Conditions(context, self)
        self.collections = Collections(context, self)
        operators, calls = Operators(context, self), Calls(context, self)
        self.calls = calls
        self._kinds: dict[type[ast.expr], Translate] = {
            ast.Attribute: self._attribute,
            ast.BinOp: operators.arithmetic,
            ast.BoolOp: operators.either,
            ast.Call: calls.call,
            ast.Compare: operators.comparison,
            ast.Constant: self._constant,
            ast.Dict: self.collections.dictionary,
            ast.DictComp: self.collections.dictionary_of,
            ast.GeneratorExp: self.collections.generator,
            ast.IfExp: operators.choice,
            ast.JoinedStr: self._formatted,
            ast.List: self.collections.sequence,
            ast.ListComp: self.collections.list_of_each,
            ast.Name: self._name,
            ast.Subscript: self.collections.subscript,
            ast.Tuple: self.collections.sequence,
            ast.UnaryOp: operators.unary,
        }

    def translate(self, node: ast.expr, want: Type | None = None) -> Value:
        """Translate one expression; `want` is the type of the place it goes to, where that is known."""
        kind = self._kinds.get(type(node))
        if kind is None:
            self.context.module.refuse(node, f"{ast.unparse(node)} is outside the subset", "see SUBSET.md, Expressions")
        value, weight = self.context.weigh(lambda: kind(node, want))
        known = is_path(node) and dotted(node) in self.context.known.sure
        return Value(value.node, value.type.sure() if known else value.type, value.signature, weight)

    def _constant(self, node: ast.Constant, want: Type | None) -> Value:
        match node.value:
            case None:
                return Value(ts.UNDEFINED, NONE)
            case bool() as truth:
                return Value(ts.Literal(str(truth).lower()), BOOL)
            case int() as number if abs(number) < 2**53:
                return Value(ts.Literal(str(number)), INT)
            case float() as number:
                return Value(ts.Literal(json.dumps(number)), FLOAT)
            case str() as text:
                return Value(ts.Text(text), STR)
        self.context.module.refuse(
            node, f"the constant {node.value!r}", "write a str, bool, float, None, or an int below 2**53"
        )

    def _name(self, node: ast.Name, want: Type | None) -> Value:
        symbol = self.context.scope.get(node.id)
        if symbol is None:
            self.context.module.refuse(
                node, f"{node.id} is not known here", "define it, or see SUBSET.md, Built-in functions"
            )
        self.context.check_imported(node)
        self.context.used.add(symbol.ts)
        return Value(ts.Name(symbol.ts), symbol.type, symbol.signature)

    # -- members
    def _attribute(self, node: ast.Attribute, want: Type | None) -> Value:
        owner = self.translate(node.value)
        found = self.context.annotations.resolve(node) if owner.type.kind in ("module", "class") else None
        if found is not None:
            return Value(ts.Member(owner.node, node.attr), found)
        if self.context.is_enum(owner.type):
            return self._enum_value(node, owner)
        member = self.member(node, owner.type)
        if not self.context.is_fixed(owner.type, node.attr) and self.context.world.get(owner.type.name).own:
            self.context.may(Weight.READS)
        return Value(ts.Member(owner.node, member.ts), member.type, member.signature)

    def member(self, node: ast.Attribute, owner: Type) -> Member:
        """The member that an attribute names; static ones on classes, others on instances."""
        if owner.kind not in ("class", "instance"):
            self.context.module.refuse(
                node, f"{ast.unparse(node.value)} is {owner}, whose members are not known", "typing.cast it to its type"
            )
        near = self.context.world.members(owner.name)
        member = near.get(node.attr)
        if member is None or member.static != (owner.kind == "class"):
            name = owner.name.rpartition(".")[2]
            self.context.module.refuse(node, f"{name} has no {node.attr}", suggestion(node.attr, list(near)))
        return member

    def _enum_value(self, node: ast.Attribute, owner: Value) -> Value:
        if node.attr not in ("value", "name") or not self.context.world.get(owner.type.name).own:
            self.context.module.refuse(node, f"{ast.unparse(node)} on an enum", "use .value of an enum of this package")
        return Value(ts.As(owner.node, ts.TypeName("string")), STR)

    # -- texts
    def _formatted(self, node: ast.JoinedStr, want: Type | None) -> Value:
        parts: list[str | ts.Expression] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._placed(node, part))
            elif isinstance(part, ast.Constant):
                parts.append(str(part.value))
        return Value(ts.Template(tuple(parts)), STR)

    def _placed(self, node: ast.JoinedStr, part: ast.FormattedValue) -> ts.Expression:
        value = self.translate(part.value)
        match part.format_spec:
            case ast.JoinedStr(values=[ast.Constant(value="g")]) if value.type.numeric:
                whole = value.type.kind == "int" and not isinstance(value.node, ts.Literal)
                shown = ts.Binary("+", value.node, ts.Literal("0")) if whole else value.node  # 0 * -1 is -0
                return self.context.prelude("general", shown)
        code = ast.unparse(part.value)
        if part.format_spec is not None or part.conversion != -1:
            self.context.module.refuse(node, f"formatting in {{{code}…}}", "put a plain str or int there")
        if value.type.kind not in ("str", "int", "number") or value.type.optional:
            self.context.module.refuse(
                node,
                f"{{{code}}} is {value.type}",
                "put a str or an int there, or write a float as {…:g}: the languages write others differently",
            )
        return value.node
