"""Functions and methods: their parameters, the struct that their keywords become, and their bodies."""

import ast
from collections.abc import Iterable

from ..docs import Docstring, Text, comment
from ..reader.syntax import decorator_names, names_in
from ..reader.types import NONE, Declaration, Parameter, Signature
from . import tree as ts
from .context import Context
from .declarations import Field, Function, Interface
from .declarations import Parameter as Written
from .expressions import Expressions
from .known import Known
from .sentences import speaks
from .statements import Statements, ends
from .variables import Variables, check_all_have_values, check_all_read

Body = tuple[ts.Statement, ...]


class Functions:
    """Translates functions."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.expressions = Expressions(context)
        self.statements = Statements(context, self.expressions)

    def function(self, node: ast.FunctionDef, doc: tuple[str, ...]) -> Function:
        """A function of a module."""
        symbol = self.context.scope[node.name]
        assert symbol.signature is not None
        parameters, body = self.body(node, symbol.signature, method=False)
        returns = self.context.result_type(symbol.signature.returns)
        return Function("export function", symbol.ts, parameters, returns, body, doc)

    def body(self, node: ast.FunctionDef, signature: Signature, *, method: bool) -> tuple[tuple[Written, ...], Body]:
        """The parameters and the statements of a function."""
        context = self.context
        with context.inner():
            context.known, context.variables, context.returns = Known(), Variables(), signature.returns
            context.returns_words = speaks(node.name)
            named = {name.id for name in names_in(node)}
            arguments = node.args.args[1:] if method else node.args.args
            parameters, lines = [], []
            for argument, parameter in zip(arguments, signature.positional, strict=True):
                name = context.bind(ast.Name(argument.arg), parameter.type)
                parameters.append(self._parameter(name.text, parameter))
                lines += [] if argument.arg in named else [_unused(name)]
            if signature.options:
                bundle, unpacked = self._unpacked(node, signature.options, named)
                parameters.append(bundle)
                lines += unpacked
            context.variables.place(context.module, node.body, context.scope)
            statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
            written = self.statements.block(statements)
            check_all_read(context.module, node)
            check_all_have_values(context.module, node)
            is_abstract = "abstractmethod" in decorator_names(node)
            if signature.returns != NONE and not ends(statements) and not is_abstract:
                context.module.refuse(node, f"{node.name} may end without a return", "write return None")
            hoisted = sorted(context.variables.hoisted.items())
        return tuple(parameters), (*lines, *(declared for _, declared in hoisted if declared), *written)

    def _parameter(self, name: str, parameter: Parameter) -> Written:
        if parameter.required:
            return Written(name, self.context.type_node(parameter.type))
        return Written(name, self.context.type_node(parameter.type.sure()), optional=True)

    def _unpacked(self, node: ast.FunctionDef, options: str, named: set[str]) -> tuple[Written, list[ts.Statement]]:
        """The parameter that holds the keywords, and the statements that take them out of it."""
        fields = list(self.context.fields(options).values())
        bundle = "props" if node.name == "__init__" else "options"
        while any(bundle in (f.name, f.ts) for f in fields) or bundle in named:
            bundle += "_"
        default = None if any(f.required for f in fields) else ts.Object()
        type_ = ts.TypeName(self.context.world.get(options).ts)
        lines: list[ts.Statement] = []
        for field in fields:
            name = self.context.bind(ast.Name(field.name), field.type)
            if field.name in named:
                lines.append(ts.Declare("const", name.text, None, ts.Member(ts.Name(bundle), field.ts)))
        return Written(bundle, type_, default=default), lines or [_unused(ts.Name(bundle))]

    def options(self, node: ast.FunctionDef, owner: str, signature: Signature, doc: Docstring) -> list[Interface]:
        """The struct that holds a function's keywords, if it has any."""
        if signature.options is None:
            return []
        made = self.context.world.get(signature.options)
        name = self.context.annotations.ts_name(node, node.name)
        of = f"`{owner}`" if node.name in ("__init__", owner) else f"`{owner}.{name}`"
        return [self.struct(made, doc.parameters, comment(f"What {of} takes."))]

    def struct(
        self, made: Declaration, described: dict[str, Text], doc: tuple[str, ...], extends: Iterable[str] = ()
    ) -> Interface:
        """A struct, with what its fields are and what leaving one out means."""
        fields = []
        for member in made.members.values():
            text = described.get(member.name, Text())
            default = "" if member.required else f"@default {text.default or '- none'}"
            type_ = self.context.type_node(member.type.sure())
            written = comment(text.text, default)
            fields.append(Field("readonly", member.ts, type_, optional=not member.required, doc=written))
        return Interface(made.ts, tuple(extends), tuple(fields), doc)


def _unused(name: ts.Name) -> ts.Statement:
    """The compiler takes no parameter that nothing reads."""
    return ts.Do(ts.Unary("void", name))
