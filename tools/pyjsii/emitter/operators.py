"""Truth, decided by static types, and the operators."""

import ast
import re

from ..reader.types import ANY, BOOL, FLOAT, INT, NONE, NUMBER, STR, Type
from .expressions import Code, Expressions, is_none, is_path

COMPARISONS = {ast.Eq: "===", ast.NotEq: "!==", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


class Operators(Expressions):
    """Conditions, what they tell of None, choices, arithmetic, comparisons."""

    # -- truth
    def condition(self, node: ast.expr) -> str:
        """Python's truth of an expression, decided by its static type."""
        if isinstance(node, ast.BoolOp):
            sure, parts = set(self.sure), []
            for value in node.values:
                text = self.condition(value)
                parts.append(f"({text})" if isinstance(value, ast.BoolOp | ast.IfExp) else text)
                self.sure |= self.facts(value, isinstance(node.op, ast.And))
            self.sure = sure
            return (" && " if isinstance(node.op, ast.And) else " || ").join(parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            text = self.condition(node.operand)
            return f"!{text}" if re.fullmatch(r"[\w.]+(\([^()]*\))?", text) else f"!({text})"
        code = self.expression(node)
        if code.type.kind in ("list", "map"):
            known = f"{code.operand} !== undefined && " if code.type.optional else ""
            return f"{known}{self.prelude('filled')}({code.text})"
        if code.type.kind in ("str", "bool") or code.type.numeric:
            return code.operand
        if code.type.kind == "instance" and code.type.optional:
            return f"{code.operand} !== undefined"
        self.module.refuse(
            node,
            f"the truth of {ast.unparse(node)} is not decided by its type, {code.type}",
            "compare it: is None, == or len()",
        )

    def facts(self, node: ast.expr, outcome: bool) -> set[str]:
        """What is not None when a condition comes out as `outcome`."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.facts(node.operand, not outcome)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) == outcome:
            return {fact for value in node.values for fact in self.facts(value, outcome)}
        if isinstance(node, ast.Compare) and is_none(node.comparators[0]) and is_path(node.left):
            return {ast.unparse(node.left)} if isinstance(node.ops[0], ast.IsNot) == outcome else set()
        return {ast.unparse(node)} if outcome and is_path(node) else set()

    def _on_ifexp(self, node: ast.IfExp, want: Type | None) -> Code:
        test, sure = self.condition(node.test), set(self.sure)
        self.sure = sure | self.facts(node.test, True)
        then = self.expression(node.body, want)
        self.sure = sure | self.facts(node.test, False)
        other = self.expression(node.orelse, want)
        self.sure = sure
        test = f"({test})" if isinstance(node.test, ast.IfExp) else test
        return Code(f"{test} ? {then.operand} : {other.operand}", self.join(node, then, other, want), atom=False)

    def join(self, node: ast.expr, one: Code, other: Code, want: Type | None) -> Type:
        """The type of a value that comes from one of two places."""
        if NONE in (one.type, other.type):
            return (other if one.type == NONE else one).type.maybe()
        optional = one.type.optional or other.type.optional
        if one.type.sure() == other.type.sure():
            return one.type.maybe(optional)
        if one.type.numeric and other.type.numeric:
            return (
                NUMBER.maybe(optional) if FLOAT.kind not in (one.type.kind, other.type.kind) else FLOAT.maybe(optional)
            )
        kinds = {one.type.kind, other.type.kind}
        if want is not None and kinds != {"str", "bool"}:
            return want.maybe(optional)
        if kinds in ({"instance"}, {"list"}, {"map"}):
            return one.type.maybe(optional)
        self.module.refuse(node, f"{ast.unparse(node)} is {one.type} or {other.type}", "let both be of one type")

    def _on_boolop(self, node: ast.BoolOp, want: Type | None) -> Code:
        if isinstance(node.op, ast.And) or len(node.values) > 2:
            return self._bool(node)
        first, second = self.expression(node.values[0], want), self.expression(node.values[1], want)
        if first.type == BOOL and second.type == BOOL:
            return self._bool(node)
        if first.type.sure() != second.type.sure():
            second = self.expression(node.values[1], want or first.type.sure())
        given = Code(first.text, first.type.sure(), first.atom)
        type_ = self.join(node, given, second, want)
        if first.type.kind in ("list", "map"):
            empty = isinstance(node.values[1], ast.List | ast.Dict | ast.Tuple) and second.text in ("[]", "{}")
            if empty:
                return Code(f"{first.operand} ?? {second.operand}", type_, atom=False)
            if not is_path(node.values[0]):
                self.module.refuse(node, f"{ast.unparse(node.values[0])} would be asked twice", "give it a name first")
            test = self.condition(node.values[0])
            return Code(f"{test} ? {first.operand} : {second.operand}", type_, atom=False)
        if first.type.kind in ("str", "bool") or first.type.numeric:
            return Code(f"{first.operand} || {second.operand}", type_, atom=False)
        if first.type.kind == "instance" and first.type.optional:
            return Code(f"{first.operand} ?? {second.operand}", type_, atom=False)
        self.condition(node.values[0])  # refuses, and says why
        raise AssertionError(ast.unparse(node))

    def _bool(self, node: ast.BoolOp) -> Code:
        for value in node.values:
            sure = set(self.sure)
            self.sure |= {f for v in node.values for f in self.facts(v, isinstance(node.op, ast.And))}
            if self.expression(value).type.sure() != BOOL:
                self.module.refuse(
                    value,
                    f"{ast.unparse(node)} gives one of its operands, not a bool",
                    "compare each operand, or use if",
                )
            self.sure = sure
        return Code(self.condition(node), BOOL, atom=False)

    # -- operators
    def _on_unaryop(self, node: ast.UnaryOp, want: Type | None) -> Code:
        if isinstance(node.op, ast.Not):
            return Code(self.condition(node), BOOL)
        code = self.expression(node.operand)
        if not isinstance(node.op, ast.USub) or not code.type.numeric:
            self.module.refuse(node, f"{ast.unparse(node)} on {code.type}", "use - on a number")
        return Code(f"-{code.operand}", code.type, atom=False)

    def _on_binop(self, node: ast.BinOp, want: Type | None) -> Code:
        left, right = self.expression(node.left, want), self.expression(node.right, want)
        operator, optional = type(node.op), left.type.optional or right.type.optional
        if left.type.numeric and right.type.numeric and not optional:
            kinds = {left.type.kind, right.type.kind}
            type_ = FLOAT if "float" in kinds else INT if kinds == {"int"} else NUMBER
            if operator in ARITHMETIC:
                return Code(f"{left.operand} {ARITHMETIC[operator]} {right.operand}", type_, atom=False)
            if operator in (ast.FloorDiv, ast.Mod) and kinds == {"int"}:
                name = "floorDivide" if operator is ast.FloorDiv else "modulo"
                return Code(f"{self.prelude(name)}({left.text}, {right.text})", INT)
            if operator is ast.Div:
                return Code(f"{self.prelude('divide')}({left.text}, {right.text})", FLOAT)
        if operator is ast.Add and not optional and left.type == right.type == STR:
            return Code(f"{left.operand} + {right.operand}", STR, atom=False)
        if operator is ast.Add and not optional and left.type.kind == right.type.kind == "list":
            return Code(f"[...{left.operand}, ...{right.operand}]", left.type)
        self.module.refuse(node, f"{ast.unparse(node)} on {left.type} and {right.type}", "see SUBSET.md, Operators")

    def _on_compare(self, node: ast.Compare, want: Type | None) -> Code:
        operands = [node.left, *node.comparators]
        if len(node.ops) > 1 and not all(is_path(o) or isinstance(o, ast.Constant) for o in operands[1:-1]):
            self.module.refuse(node, f"the middle of {ast.unparse(node)} would be asked twice", "give it a name first")
        parts = [self._compare(node, a, op, b) for a, op, b in zip(operands, node.ops, operands[1:], strict=False)]
        return Code(" && ".join(parts), BOOL, atom=False)

    def _compare(self, node: ast.Compare, a: ast.expr, op: ast.cmpop, b: ast.expr) -> str:
        if isinstance(op, ast.In | ast.NotIn):
            return ("" if isinstance(op, ast.In) else "!") + self._contains(node, a, b)
        left = self.expression(a)
        if isinstance(op, ast.Is | ast.IsNot):
            if not is_none(b) and not self._is_enum(left.type):
                self.module.refuse(node, f"{ast.unparse(node)} compares identity", "use is with None or an enum only")
            op = ast.Eq() if isinstance(op, ast.Is) else ast.NotEq()
        right = self.expression(b)
        kinds = [self._comparable(t) for t in (left.type, right.type)]
        equality = isinstance(op, ast.Eq | ast.NotEq)
        if not (equality and "none" in kinds) and (None in kinds or kinds[0] != kinds[1]):
            self.module.refuse(
                node,
                f"{ast.unparse(node)} compares {left.type} with {right.type}",
                "compare two str, two numbers, two bool or two values of one enum",
            )
        if not equality and (left.type.optional or right.type.optional or kinds[0] != "number"):
            self.module.refuse(node, f"{ast.unparse(node)} orders {left.type} and {right.type}", "order numbers only")
        return f"{left.operand} {COMPARISONS[type(op)]} {right.operand}"

    def _is_enum(self, type_: Type) -> bool:
        return type_.kind == "instance" and self.world.get(type_.name).shape == "enum"

    def _comparable(self, type_: Type) -> str | None:
        if type_.numeric:
            return "number"
        if type_.kind in ("str", "bool", "none"):
            return type_.kind
        return type_.name if self._is_enum(type_) else None

    def _contains(self, node: ast.Compare, a: ast.expr, b: ast.expr) -> str:
        left, right = self.expression(a), self.expression(b)
        if right.type.kind == "str" and left.type == STR and not right.type.optional:
            return f"{right.operand}.includes({left.text})"
        if right.type.kind == "map" and left.type == STR and not right.type.optional:
            return f"{self.prelude('has')}({right.text}, {left.text})"
        if right.type.kind == "list" and not right.type.optional and self._comparable(left.type) is not None:
            item = right.type.item or ANY
            if self._comparable(left.type) == self._comparable(item):
                return f"{self.prelude('contains')}({right.text}, {left.text})"
        self.module.refuse(
            node,
            f"{ast.unparse(node)} looks for {left.type} in {right.type}",
            "look for a str in a str, a key in a dict, or a plain value in a list of such",
        )
