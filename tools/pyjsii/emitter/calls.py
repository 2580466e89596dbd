"""Calls: of what is declared here, in the package or in the CDK; the others go to files of their own."""

import ast
from typing import TYPE_CHECKING

from ..reader.syntax import dotted, is_super, is_super_init, names_in
from ..reader.types import BOOL, Type
from . import tree as ts
from .arguments import Arguments
from .builtins import FUNCTIONS, BuiltIns
from .context import Context, Value
from .matches import FUNCTIONS as MATCHES
from .matches import Matches
from .methods import Methods
from .sentences import SENTENCE_METHODS, translated

if TYPE_CHECKING:
    from .expressions import Expressions


class Calls:
    """Translates calls."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions
        self.arguments = Arguments(context, expressions)
        self.builtins = BuiltIns(context, expressions)
        self.methods = Methods(context, expressions)
        self.matches = Matches(context, expressions)

    def call(self, node: ast.Call, want: Type | None) -> Value:
        """Translate a call."""
        name = dotted(node.func)
        if name in ("typing.cast", "cast"):
            return self._cast(node)
        if name == "isinstance":
            return self._is_instance(node)
        if name in MATCHES:
            self.context.module.refuse(node, f"the result of {name}", f"write {name}(…) is None, or is not None")
        if name in FUNCTIONS and name not in self.context.scope:
            return self.builtins.call(node, name)
        if is_super_init(node.func):
            self.context.module.refuse(
                node, "super().__init__ as a value or in a branch", "call it as a statement of __init__"
            )
        if isinstance(node.func, ast.Attribute):
            if is_super(node.func.value):
                self.context.module.refuse(
                    node, f"{ast.unparse(node.func)}, a base class's method", "give that method a name of its own"
                )
            owner = self.expressions.translate(node.func.value)
            if owner.type.kind in ("str", "list", "map"):
                return self.methods.call(node, node.func, owner)
        return self._declared(node)

    def _declared(self, node: ast.Call) -> Value:
        module, used = self.context.module, set(self.context.used)
        function = self.expressions.translate(node.func)
        if function.type.kind == "class":
            fqn = function.type.name
            made = self.context.world.get(fqn)
            if made.shape == "struct":
                self.context.used = used  # an object literal does not name its type
                return Value(self.arguments.struct(node, fqn, made.ts), Type("instance", fqn))
            if made.abstract or made.shape in ("enum", "interface"):
                module.refuse(node, f"{made.ts} cannot be made", "call one of its factories or subclasses")
            arguments = self.arguments.bound(node, self.context.world.init(fqn), made.ts)
            if made.shape == "error":
                arguments = tuple(translated(argument, self.context.words) for argument in arguments)
            self.context.acts()
            return Value(ts.Call(function.node, arguments, new=True), Type("instance", fqn))
        if function.signature is None:
            module.refuse(node, f"{ast.unparse(node.func)} is not something to call", "see SUBSET.md, Classes")
        arguments = self.arguments.bound(node, function.signature, ast.unparse(node.func))
        if isinstance(node.func, ast.Attribute) and node.func.attr in SENTENCE_METHODS:
            arguments = (*arguments[:-1], translated(arguments[-1], self.context.words))
        elif isinstance(node.func, ast.Name):
            places = function.signature.positional
            arguments = tuple(
                self.context.words.option(argument) if i < len(places) and places[i].said else argument
                for i, argument in enumerate(arguments)
            )
        self.context.acts()
        return Value(ts.Call(function.node, arguments), function.signature.returns)

    def _is_instance(self, node: ast.Call) -> Value:
        if len(node.args) != 2 or node.keywords:
            self.context.module.refuse(node, f"{ast.unparse(node)}", "call isinstance with two positional arguments")
        value, kind = (self.expressions.translate(argument) for argument in node.args)
        if kind.type.kind != "class" or not self.context.world.get(kind.type.name).own:
            self.context.module.refuse(
                node,
                f"isinstance of {ast.unparse(node.args[1])}: through jsii an object may be of "
                "another class than in Python",
                "ask for a class of this package only",
            )
        return Value(ts.Binary("instanceof", value.node, kind.node), BOOL)

    def _cast(self, node: ast.Call) -> Value:
        for name in names_in(node.args[0]):
            self.context.check_imported(name)
        type_, value = self.context.annotations.read(node.args[0]), self.expressions.translate(node.args[1])
        return Value(ts.As(value.node, self.context.type_node(type_)), type_)
