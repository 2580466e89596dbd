"""Second reading: a module's classes, structs, enums, functions and constants as TypeScript."""

import ast
from collections.abc import Callable

from .. import docs
from ..docs import Docstring, comment
from ..reader.imports import is_type_checking
from ..reader.package import Module, Package, Symbol
from ..reader.syntax import first_line, last_name
from ..reader.types import Signature, Type
from . import tree as ts
from .classes import Classes
from .context import Context
from .declarations import Item
from .files import file_text
from .functions import Functions

Examples = Callable[[Package, Module, Docstring, int], str]


class Writer:
    """Writes one module."""

    def __init__(self, package: Package, module: Module, example: Examples | None = None) -> None:
        self.package, self.module, self.example = package, module, example
        self.context = Context(package, module)
        self.functions = Functions(self.context)
        self.classes = Classes(self.context, self.functions, self.documents)

    def write(self) -> str:
        """The module in TypeScript."""
        items = [item for node in self.module.tree.body for item in self._top(node)]
        return file_text(self.module.file, self.context.import_lines(), items)

    def _top(self, node: ast.stmt) -> list[Item]:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                return []
            case ast.If(test=test) if is_type_checking(test):
                return self._for_annotations(node)
            case ast.ClassDef():
                return self.classes.translate(node)
            case ast.FunctionDef():
                doc, signature = docs.read(ast.get_docstring(node)), self.context.scope[node.name].signature
                written = self.functions.function(node, self.documents(doc, node))
                return [*self.functions.options(node, node.name, signature or Signature(), doc), written]
            case ast.Assign(targets=[ast.Name() as target], value=value):
                return [self._constant(target, value, None)]
            case ast.AnnAssign(target=ast.Name() as target, annotation=annotation, value=ast.expr() as value):
                self.context.annotations.check_loaded(annotation)
                plain = last_name(annotation) == "Final"
                return [self._constant(target, value, None if plain else self.context.annotations.read(annotation))]
        self.module.refuse(
            node, f"`{first_line(node)}` at the top of a module", "declare classes, functions and constants there"
        )

    def _for_annotations(self, node: ast.If) -> list[Item]:
        for inner in [*node.body, *node.orelse]:
            if inner in node.orelse or not isinstance(inner, ast.Import | ast.ImportFrom):
                self.module.refuse(
                    inner, f"`{first_line(inner)}` under TYPE_CHECKING, or else", "keep imports only there"
                )
        return []

    def _constant(self, target: ast.Name, value: ast.expr, wanted: Type | None) -> ts.Declare:
        found = self.functions.expressions.translate(value, wanted)
        type_ = wanted or found.type
        name = self.context.annotations.ts_name(target, target.id)
        self.context.scope[target.id] = self.module.scope[target.id] = Symbol(name, type_)
        shown = self.context.type_node(type_) if type_.kind in ("list", "map") else None
        return ts.Declare("export const", name, shown, found.node)

    def documents(
        self, doc: Docstring, node: ast.FunctionDef | ast.ClassDef, tag: str = "", signature: Signature | None = None
    ) -> tuple[str, ...]:
        """The comment of a class, function or method."""
        tags = [tag]
        for parameter in signature.positional if signature else ():
            text = doc.parameters.get(parameter.name)
            tags.append(f"@param {parameter.ts} {text.text}" if text else "")
        tags.append(f"@returns {doc.returns}" if doc.returns else "")
        if doc.example and self.example:
            tags.append("@example\n" + self.example(self.package, self.module, doc, node.body[0].lineno))
        return comment(doc.body, *tags)
