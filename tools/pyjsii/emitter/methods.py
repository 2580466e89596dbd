"""Methods of strings, lists and dicts, those that JavaScript can do as Python does."""

import ast
from typing import TYPE_CHECKING

from ..reader.types import ANY, BOOL, NONE, STR, Type, list_of
from . import tree as ts
from .context import Context, Value
from .order import Weight, apart

if TYPE_CHECKING:
    from .expressions import Expressions

OF_STRINGS = {
    "startswith": ("startsWith", 1, BOOL),
    "endswith": ("endsWith", 1, BOOL),
    "lower": ("toLowerCase", 0, STR),
    "upper": ("toUpperCase", 0, STR),
}
OF_PRELUDE = {"strip": ("strip", 0), "removeprefix": ("removePrefix", 1), "removesuffix": ("removeSuffix", 1)}


class Methods:
    """Translates calls of methods of plain values."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    def call(self, node: ast.Call, function: ast.Attribute, owner: Value) -> Value:
        """Translate `owner.method(…)`."""
        module, name, kind = self.context.module, function.attr, owner.type.kind
        if owner.type.optional:
            module.refuse(node, f"{ast.unparse(function.value)} may be None here", "check it first")
        if kind == "str" and name == "join":
            return self._join(node, owner)
        found = self._split_at_most(node, name, owner) if node.keywords else self._plain(node, name, owner)
        if found is None:
            module.refuse(node, f"{ast.unparse(node)} on {owner.type}", "see SUBSET.md, Methods")
        if found.type == NONE:
            self.context.may(Weight.ACTS)
            if self.context.statement is not node:
                module.refuse(node, f"{ast.unparse(node)}, which gives nothing, as a value", "make it a statement")
        return found

    def _plain(self, node: ast.Call, name: str, owner: Value) -> Value | None:
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            return None
        item = owner.type.item or ANY
        want = item if name in ("append", "get") else owner.type
        values = [
            self.expressions.translate(argument, want if i == (name == "get") else None)
            for i, argument in enumerate(node.args)
        ]
        if owner.type.kind == "list":
            return self._of_list(name, owner, values)
        if owner.type.kind == "map":
            return self._of_map(name, owner, values, item)
        return self._of_string(name, owner, values) if all(v.type == STR for v in values) else None

    def _join(self, node: ast.Call, owner: Value) -> Value:
        argument = node.args[0] if len(node.args) == 1 else node
        if isinstance(argument, ast.GeneratorExp):
            argument = ast.copy_location(ast.ListComp(argument.elt, argument.generators), argument)
        values = self.expressions.translate(argument, list_of(STR))
        if values.type != list_of(STR):
            self.context.module.refuse(node, f"join of {values.type}", "join a list of str")
        if apart(owner.weight, values.weight):
            self.context.module.refuse(
                node, f"{ast.unparse(node)} asks for the separator first, JavaScript last", "give it a name first"
            )
        return Value(ts.method(values.node, "join", owner.node), STR)

    def _split_at_most(self, node: ast.Call, name: str, owner: Value) -> Value | None:
        match node:
            case ast.Call(args=[separator], keywords=[ast.keyword(arg="maxsplit", value=most)]):
                if owner.type == STR and name == "split":
                    by, times = self.expressions.translate(separator), self.expressions.translate(most)
                    self.context.need(separator, by, "str")
                    self.context.need(most, times, "int")
                    return Value(self.context.prelude("split", owner.node, by.node, times.node), list_of(STR))
        return None

    def _of_string(self, name: str, owner: Value, values: list[Value]) -> Value | None:
        nodes = [value.node for value in values]
        if name in OF_STRINGS and len(nodes) == OF_STRINGS[name][1]:
            other, _, type_ = OF_STRINGS[name]
            return Value(ts.method(owner.node, other, *nodes), type_)
        if name in OF_PRELUDE and len(nodes) == OF_PRELUDE[name][1]:
            return Value(self.context.prelude(OF_PRELUDE[name][0], owner.node, *nodes), STR)
        match name, nodes:
            case "replace", [old, new]:
                if values[1].weight is Weight.PLAIN and _is_filled(old):  # as a function, for $& means something
                    return Value(ts.method(owner.node, "replaceAll", old, ts.Arrow(None, new)), STR)
                return Value(self.context.prelude("replace", owner.node, old, new), STR)
            case "split", [ts.Text(value=separator)] if separator:
                return Value(ts.method(owner.node, "split", *nodes), list_of(STR))
        return None

    def _of_list(self, name: str, owner: Value, values: list[Value]) -> Value | None:
        match name, values:
            case "append", [value]:
                return Value(ts.method(owner.node, "push", value.node), NONE)
            case "extend", [value] if value.type.kind == "list" and not value.type.optional:
                return Value(ts.method(owner.node, "push", ts.Spread(value.node)), NONE)
        return None

    def _of_map(self, name: str, owner: Value, values: list[Value], item: Type) -> Value | None:
        match name, values:
            case "get", [key] if key.type == STR:
                return Value(self.context.prelude("get", owner.node, key.node), item.maybe())
            case "get", [key, other] if key.type == STR:
                found = self.context.prelude("get", owner.node, key.node, other.node)
                return Value(found, item if other.type != NONE else item.maybe())
            case "update", [other] if other.type.kind == "map" and not other.type.optional:
                return Value(ts.method(ts.Name("Object"), "assign", owner.node, other.node), NONE)
        return None


def _is_filled(node: ts.Expression) -> bool:
    """Whether a text is certainly not empty."""
    if isinstance(node, ts.Template):
        return any(isinstance(part, str) and part for part in node.parts)
    return isinstance(node, ts.Text) and node.value != ""
