"""Operators: choices, arithmetic and comparisons, allowed where both languages give the same."""

import ast
from typing import TYPE_CHECKING

from ..reader.syntax import is_none, is_path
from ..reader.types import ANY, BOOL, FLOAT, INT, NONE, NUMBER, STR, Type
from . import tree as ts
from .context import Context, Value
from .order import apart

if TYPE_CHECKING:
    from .expressions import Expressions

COMPARISONS = {ast.Eq: "===", ast.NotEq: "!==", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
WHOLE = {ast.FloorDiv: "floorDivide", ast.Mod: "modulo"}


class Operators:
    """Translates what combines one or more values into one."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    # -- choices
    def choice(self, node: ast.IfExp, want: Type | None) -> Value:
        """`a if c else b`."""
        conditions = self.expressions.conditions
        test, before = conditions.translate(node.test), self.context.known
        self.context.known = before.told(conditions.facts(node.test, True))
        then, after = self.expressions.translate(node.body, want), self.context.known
        self.context.known = before.told(conditions.facts(node.test, False))
        other = self.expressions.translate(node.orelse, want)
        self.context.known = before.meet(after, self.context.known)
        return Value(ts.Conditional(test, then.node, other.node), self._join(node, then.type, other.type, want))

    def either(self, node: ast.BoolOp, want: Type | None) -> Value:
        """`value or default`; with more operands, or `and`, all must be truths."""
        if isinstance(node.op, ast.And) or len(node.values) > 2:
            return self._truths(node)
        one, other = node.values
        first, second = self.expressions.translate(one, want), self.expressions.translate(other, want)
        if first.type == BOOL and second.type == BOOL:
            return self._truths(node)
        if first.type.sure() != second.type.sure():
            second = self.expressions.translate(other, want or first.type.sure())
        type_ = self._join(node, first.type.sure(), second.type, want)
        if first.type.kind in ("list", "map"):
            if not is_path(one):
                self.context.module.refuse(node, f"{ast.unparse(one)} would be asked twice", "give it a name first")
            test = self.expressions.conditions.truth(one, first)
            return Value(ts.Conditional(test, first.node, second.node), type_)
        if first.type.kind == "instance" and first.type.optional:
            return Value(ts.Binary("??", first.node, second.node), type_)
        test = self.expressions.conditions.truth(one, first)  # refuses what has none, and says why
        return Value(ts.Binary("||", test, second.node), type_)

    def _join(self, node: ast.expr, one: Type, other: Type, want: Type | None) -> Type:
        """The type of a value that comes from one of two places."""
        if NONE in (one, other):
            return (other if one == NONE else one).maybe()
        optional = one.optional or other.optional
        if one.sure() == other.sure():
            return one.maybe(optional)
        kinds = {one.kind, other.kind}
        if one.numeric and other.numeric:
            return (FLOAT if "float" in kinds else NUMBER).maybe(optional)
        if want is not None and kinds != {"str", "bool"}:
            return want.maybe(optional)
        if kinds in ({"instance"}, {"list"}, {"map"}):
            return one.maybe(optional)
        self.context.module.refuse(node, f"{ast.unparse(node)} is {one} or {other}", "let both be of one type")

    def _truths(self, node: ast.BoolOp) -> Value:
        for value in node.values:
            known = self.context.known
            for other in node.values:
                facts = self.expressions.conditions.facts(other, isinstance(node.op, ast.And))
                self.context.known = self.context.known.told(facts)
            if self.expressions.translate(value).type.sure() != BOOL:
                self.context.module.refuse(
                    value,
                    f"{ast.unparse(node)} gives one of its operands, not a bool",
                    "compare each operand, or use if",
                )
            self.context.known = known
        return Value(self.expressions.conditions.translate(node), BOOL)

    # -- arithmetic
    def unary(self, node: ast.UnaryOp, want: Type | None) -> Value:
        """`not a`, `-a`."""
        if isinstance(node.op, ast.Not):
            return Value(self.expressions.conditions.translate(node), BOOL)
        value = self.expressions.translate(node.operand)
        if not isinstance(node.op, ast.USub) or not value.type.numeric:
            self.context.module.refuse(node, f"{ast.unparse(node)} on {value.type}", "use - on a number")
        if value.type.kind == "float" or (isinstance(value.node, ts.Literal) and value.node.text != "0"):
            return Value(ts.Unary("-", value.node), value.type)
        return Value(ts.Binary("-", ts.Literal("0"), value.node), value.type)  # a whole number is never -0

    def arithmetic(self, node: ast.BinOp, want: Type | None) -> Value:
        """`a + b` and its like, on numbers, texts and lists."""
        left, right = self.expressions.translate(node.left, want), self.expressions.translate(node.right, want)
        operator, kinds = type(node.op), {str(left.type.kind), str(right.type.kind)}
        if not left.type.optional and not right.type.optional:
            if left.type.numeric and right.type.numeric:
                found = self._numbers(operator, kinds, left.node, right.node)
                if found is not None:
                    return found
            if operator is ast.Add and kinds == {"str"}:
                return Value(ts.Binary("+", left.node, right.node), STR)
            if operator is ast.Add and kinds == {"list"}:
                return Value(ts.Array((ts.Spread(left.node), ts.Spread(right.node))), left.type)
        self.context.module.refuse(
            node, f"{ast.unparse(node)} on {left.type} and {right.type}", "see SUBSET.md, Operators"
        )

    def _numbers(
        self, operator: type[ast.operator], kinds: set[str], left: ts.Expression, right: ts.Expression
    ) -> Value | None:
        type_ = FLOAT if "float" in kinds else INT if kinds == {"int"} else NUMBER
        if operator in ARITHMETIC:
            return Value(ts.Binary(ARITHMETIC[operator], left, right), type_)
        if operator in WHOLE and type_ == INT:
            return Value(self.context.prelude(WHOLE[operator], left, right), INT)
        if operator is ast.Div:
            return Value(self.context.prelude("divide", left, right), FLOAT)
        return None

    # -- comparisons
    def comparison(self, node: ast.Compare, want: Type | None) -> Value:
        """`a < b`, `a is None`, `a in b`, chained or not; a match of a pattern is compared with None."""
        match = self.expressions.calls.matches.compared(node)
        if match is not None:
            return match
        operands = [node.left, *node.comparators]
        if len(node.ops) > 1 and not all(is_path(o) or isinstance(o, ast.Constant) for o in operands[1:-1]):
            self.context.module.refuse(
                node, f"the middle of {ast.unparse(node)} would be asked twice", "give it a name first"
            )
        joined = self._compare(node, node.left, node.ops[0], node.comparators[0])
        for i, op in enumerate(node.ops[1:], 1):
            joined = ts.Binary("&&", joined, self._compare(node, operands[i], op, operands[i + 1]))
        return Value(joined, BOOL)

    def _compare(self, node: ast.Compare, a: ast.expr, op: ast.cmpop, b: ast.expr) -> ts.Expression:
        if isinstance(op, ast.In | ast.NotIn):
            found = self._contains(node, a, b)
            return found if isinstance(op, ast.In) else ts.Unary("!", found)
        left = self.expressions.translate(a)
        if isinstance(op, ast.Is | ast.IsNot):
            if not is_none(b) and not self.context.is_enum(left.type):
                self.context.module.refuse(
                    node, f"{ast.unparse(node)} compares identity", "use is with None or an enum only"
                )
            op = ast.Eq() if isinstance(op, ast.Is) else ast.NotEq()
        right = self.expressions.translate(b)
        kinds = [self._comparable(t) for t in (left.type, right.type)]
        equality = isinstance(op, ast.Eq | ast.NotEq)
        if not (equality and "none" in kinds) and (None in kinds or kinds[0] != kinds[1]):
            self.context.module.refuse(
                node,
                f"{ast.unparse(node)} compares {left.type} with {right.type}",
                "compare two str, two numbers, two bool or two values of one enum",
            )
        if not equality and (left.type.optional or right.type.optional or kinds[0] != "number"):
            self.context.module.refuse(
                node, f"{ast.unparse(node)} orders {left.type} and {right.type}", "order numbers only"
            )
        return ts.Binary(COMPARISONS[type(op)], left.node, right.node)

    def _comparable(self, type_: Type) -> str | None:
        if type_.numeric:
            return "number"
        if type_.kind in ("str", "bool", "none"):
            return type_.kind
        return type_.name if self.context.is_enum(type_) else None

    def _contains(self, node: ast.Compare, a: ast.expr, b: ast.expr) -> ts.Expression:
        left, right = self.expressions.translate(a), self.expressions.translate(b)
        kind = "" if right.type.optional else right.type.kind
        if apart(left.weight, right.weight):
            self.context.module.refuse(
                node,
                f"{ast.unparse(node)} asks {ast.unparse(a)} first, JavaScript {ast.unparse(b)}",
                "give one of them a name first",
            )
        if kind == "str" and left.type == STR:
            return ts.method(right.node, "includes", left.node)
        if kind == "map" and left.type == STR:
            return self.context.prelude("has", right.node, left.node)
        sought = self._comparable(left.type)
        if kind == "list" and sought not in (None, "none") and sought == self._comparable(right.type.item or ANY):
            return self.context.prelude("contains", right.node, left.node)
        self.context.module.refuse(
            node,
            f"{ast.unparse(node)} looks for {left.type} in {right.type}",
            "look for a str in a str, a key in a dict, or a plain value in a list of such",
        )
