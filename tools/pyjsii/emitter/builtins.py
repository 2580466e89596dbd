"""Python's built-in functions, on the types where JavaScript can do the same."""

import ast
from typing import TYPE_CHECKING

from ..reader.syntax import dotted
from ..reader.types import BOOL, INT, NUMBER, STR, list_of
from . import tree as ts
from .context import Context, Value
from .order import Weight

if TYPE_CHECKING:
    from .expressions import Expressions

FUNCTIONS = ("len", "str", "int", "min", "max", "abs", "sorted", "list", "dict", "tuple", "range", "any", "all")


class BuiltIns:
    """Translates calls of built-in functions."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    def call(self, node: ast.Call, name: str) -> Value:
        """Translate a call of one of FUNCTIONS."""
        module = self.context.module
        if node.keywords or not node.args:
            module.refuse(node, f"{ast.unparse(node)}", f"call {name} with positional arguments only")
        if name in ("any", "all"):
            return self._quantifier(node, name)
        if name not in ("sorted", "len") and any(_is_set(argument) for argument in node.args):
            module.refuse(node, f"{name}() of a set, which has no order", f"write {name}(sorted(…))")
        values = [self._distinct(argument) or self.expressions.translate(argument) for argument in node.args]
        found = None
        if not any(value.type.optional for value in values):
            found = self._of_one(name, values[0]) if len(values) == 1 else self._of_many(name, values)
        if found is None:
            of = ", ".join(str(value.type) for value in values)
            module.refuse(node, f"{name}() of {of}", "see SUBSET.md, Built-in functions")
        return found

    def _of_one(self, name: str, value: Value) -> Value | None:
        type_, node = value.type, value.node
        match name, type_.kind:
            case "len", "list":
                self.context.may(Weight.READS)
                return Value(ts.Member(node, "length"), INT)
            case "len", "str" | "map":
                return Value(self.context.prelude("size", node), INT)
            case "str", "str" | "int" | "number":
                return Value(ts.call(ts.Name("String"), node), STR)
            case "int", "int":
                return Value(node, INT)
            case "int", "float" | "number":
                return Value(self.context.prelude("whole", node), INT)
            case "abs", "int" | "float" | "number":
                return Value(ts.method(ts.Name("Math"), "abs", node), type_)
            case "sorted", "map":
                keys = ts.method(ts.Name("Object"), "keys", node)
                return Value(self.context.prelude("sorted", keys), list_of(STR))
            case "sorted", "list" if type_ == list_of(STR):
                return Value(self.context.prelude("sorted", node), list_of(STR))
            case "list" | "tuple", "list":
                return Value(ts.Array((ts.Spread(node),)), type_)
            case "dict", "map":
                return Value(ts.Object((ts.Spread(node),)), type_)
            case "range", "int":
                return Value(self.context.prelude("range", node), list_of(INT))
        return None

    def _of_many(self, name: str, values: list[Value]) -> Value | None:
        kinds = {value.type.kind for value in values}
        nodes = [value.node for value in values]
        if name in ("min", "max") and kinds <= {"int", "number"}:
            return Value(ts.method(ts.Name("Math"), name, *nodes), INT if kinds == {"int"} else NUMBER)
        if name == "range" and len(values) == 2 and kinds == {"int"}:
            return Value(self.context.prelude("range", *nodes), list_of(INT))
        return None

    def _distinct(self, node: ast.expr) -> Value | None:
        """A set, which may only be sorted or counted: nothing else about it is in order."""
        match node:
            case ast.SetComp(elt=element, generators=generators):
                inner: ast.expr = ast.copy_location(ast.ListComp(element, generators), node)
            case ast.Call(func=function, args=[inner]) if dotted(function) == "set":
                pass
            case _:
                return None
        value = self.expressions.translate(inner)
        if value.type != list_of(STR):
            self.context.module.refuse(node, f"a set of {value.type.item}", "make a set of str")
        return Value(self.context.prelude("distinct", value.node), value.type)

    def _quantifier(self, node: ast.Call, name: str) -> Value:
        generator = node.args[0]
        if not isinstance(generator, ast.GeneratorExp) or len(node.args) > 1:
            self.context.module.refuse(node, f"{ast.unparse(node)}", f"write {name}(condition for x in xs)")
        each = self.expressions.collections.comprehension(
            generator, lambda: Value(self.expressions.conditions.translate(generator.elt), BOOL)
        )
        return Value(each.quantified(name == "all"), BOOL)


def _is_set(node: ast.expr) -> bool:
    return isinstance(node, ast.SetComp) or (isinstance(node, ast.Call) and dotted(node.func) == "set")
