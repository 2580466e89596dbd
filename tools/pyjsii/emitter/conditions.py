"""Truth, decided by static types, and what a condition tells of None."""

import ast
from typing import TYPE_CHECKING

from ..reader.syntax import dotted, is_none, is_path
from . import tree as ts
from .context import Context, Value
from .order import may_act

if TYPE_CHECKING:
    from .expressions import Expressions


class Conditions:
    """Translates expressions of which only the truth is asked."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    def translate(self, node: ast.expr) -> ts.Expression:
        """Python's truth of an expression."""
        if isinstance(node, ast.BoolOp):
            return self._operands(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ts.Unary("!", self.translate(node.operand))
        return self.truth(node, self.expressions.translate(node))

    def truth(self, node: ast.expr, value: Value) -> ts.Expression:
        """The truth of a value that is translated already."""
        type_ = value.type
        if type_.kind in ("list", "map"):
            if type_.optional and not is_path(node):
                self.context.module.refuse(node, f"{ast.unparse(node)} would be asked twice", "give it a name first")
            filled = self.context.prelude("filled", value.node)
            return ts.Binary("&&", ts.is_not_undefined(value.node), filled) if type_.optional else filled
        if type_.kind in ("str", "bool", "int", "number"):
            return value.node
        if type_.kind == "instance" and type_.optional:
            return ts.is_not_undefined(value.node)
        self.context.module.refuse(
            node,
            f"the truth of {ast.unparse(node)} is not decided by its type, {type_}",
            "compare it: is None, == or len()",
        )

    def _operands(self, node: ast.BoolOp) -> ts.Expression:
        """Each operand is translated with what those before it tell."""
        operator = "&&" if isinstance(node.op, ast.And) else "||"
        joined, ways = None, []
        for value in node.values:
            part = self.translate(value)
            joined = ts.Binary(operator, joined, part) if joined is not None else part
            ways.append(self.context.known)
            self.context.known = self.context.known.told(self.facts(value, isinstance(node.op, ast.And)))
        self.context.known = ways[0].meet(*ways)
        assert joined is not None
        return joined

    def facts(self, node: ast.expr, outcome: bool) -> set[str]:
        """The paths that are not None when a condition comes out as `outcome`."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.facts(operand, not outcome)
            case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) == outcome:
                return self._of_all(values, outcome)
            case ast.Compare(left=left, ops=[op, *more], comparators=[other, *_]) if is_none(other) and is_path(left):
                if more and not outcome:  # any of the others may be what is not so
                    return set()
                return {dotted(left)} if isinstance(op, ast.IsNot | ast.NotEq) == outcome else set()
        return {dotted(node)} if outcome and is_path(node) else set()

    def _of_all(self, values: list[ast.expr], outcome: bool) -> set[str]:
        """What all operands tell; what a call in one may change, those before it have not told."""
        found: set[str] = set()
        for value in values:
            if any(isinstance(node, ast.Call) and may_act(node) for node in ast.walk(value)):
                found = {path for path in found if "." not in path or self.context.is_steady(path)}
            found |= self.facts(value, outcome)
        return found
