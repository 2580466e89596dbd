"""`re.fullmatch(pattern, text) is None` and its like: a match is only asked whether there is one."""

import ast
from typing import TYPE_CHECKING

from ..reader.syntax import assigned, dotted, is_none
from ..reader.types import BOOL
from . import tree as ts
from .context import Context, Value
from .patterns import javascript

if TYPE_CHECKING:
    from .expressions import Expressions

FUNCTIONS = ("re.fullmatch", "re.search", "re.match")


class Matches:
    """Translates matches of literal patterns."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    def compared(self, node: ast.Compare) -> Value | None:
        """A match that is compared with None; nothing if this is another comparison."""
        call, op = node.left, node.ops[0]
        if not isinstance(call, ast.Call) or not isinstance(op, ast.Is | ast.IsNot) or not is_none(node.comparators[0]):
            return None
        if dotted(call.func) not in FUNCTIONS:
            return None
        test = self._test(call, dotted(call.func).rpartition(".")[2])
        return Value(test if isinstance(op, ast.IsNot) else ts.Unary("!", test), BOOL)

    def _test(self, call: ast.Call, function: str) -> ts.Expression:
        pattern = self._constant(call.args[0]) if len(call.args) == 2 and not call.keywords else None
        if pattern is None:
            self.context.module.refuse(call, f"{ast.unparse(call)}", "match a literal pattern, without flags")
        body, wrong = javascript(pattern, function)
        if wrong:
            self.context.module.refuse(call, f"{wrong} in the pattern {pattern}", "see SUBSET.md, Regular expressions")
        text = self.expressions.translate(call.args[1])
        self.context.need(call.args[1], text, "str")
        return ts.method(ts.Literal(f"/{body}/u"), "test", text.node)

    def _constant(self, node: ast.expr) -> str | None:
        """The text of a literal, or of a constant of this module."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        for statement in self.context.module.tree.body if isinstance(node, ast.Name) else ():
            here = any(dotted(target) == dotted(node) for target in assigned(statement))
            if here and isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                return self._constant(statement.value)
        return None
