"""The `Example::` of a docstring, as the TypeScript example that jsii carries into every language."""

import ast

from .docs import Docstring
from .emitter import tree as ts
from .emitter.context import Context
from .emitter.files import import_line
from .emitter.functions import Functions
from .emitter.printer import statements
from .reader.imports import Imports
from .reader.names import file_stem
from .reader.package import Import, Module, Package, Symbol
from .reader.syntax import names_in
from .reader.types import Type
from .refusal import Source

# What an example may use without saying where it comes from.
GIVEN = {"app": ("App", "aws-cdk-lib.App"), "stack": ("Stack", "aws-cdk-lib.Stack")}


def translate(package: Package, home: Module, doc: Docstring, line: int) -> str:
    """The example of a docstring that starts at this line of a module."""
    snippet = Snippet(doc, home, line + doc.example_line)
    Imports(package, snippet).read()
    for name, module in package.public.items():
        snippet.know(name, Type("class", package.modules[module].fqn(name)), file_stem(package.name), name)
    for imported in home.imports:  # what the module itself calls the CDK's modules
        if not imported.source.startswith("."):
            snippet.know(imported.alias, home.scope[imported.alias].type, imported.source, imported.name)
    return Example(package, snippet).text()


class Snippet(Module):
    """The Python of one example, in the file that it stands in."""

    def __init__(self, doc: Docstring, home: Module, line: int) -> None:
        Source.__init__(self, home.file, line)
        self.name, self.package, self.path, self.twin = home.name, home.package, home.path, None
        self.tree = ast.parse(doc.example)
        self.scope, self.imports, self.needs, self.lazy, self.dropped = {}, [], set(), set(), set()

    def know(self, name: str, type_: Type, source: str, exported: str) -> None:
        """Let the example use a name that it does not import."""
        if name not in self.scope:
            self.scope[name] = Symbol(name, type_)
            self.imports.append(Import(source, exported, name))


class Example:
    """Writes one example: its imports, the declarations of what it takes for granted, its statements."""

    def __init__(self, package: Package, snippet: Snippet) -> None:
        self.module, self.context = snippet, Context(package, snippet)
        self.functions = Functions(self.context)

    def text(self) -> str:
        """The example in TypeScript."""
        body = [n for n in self.module.tree.body if not isinstance(n, ast.Import | ast.ImportFrom)]
        named = {name.id for name in names_in(self.module.tree)}
        stored = {name.id for node in body for name in names_in(node, ast.Store)}
        written: list[ts.Statement] = []
        for name, (shown, fqn) in GIVEN.items():
            if name in named and name not in stored:
                self._know_given(shown, fqn)
                written.append(self._declare(name, Type("instance", fqn)))
        self.context.variables.place(self.module, body, self.context.scope)
        for node in body:
            written += self._statement(node)
        return "\n".join([*map(import_line, self.context.import_lines()), "", *statements(tuple(written))])

    def _know_given(self, name: str, fqn: str) -> None:
        if name not in self.module.scope:
            self.module.scope[name] = self.context.scope[name] = Symbol(name, Type("class", fqn))
            self.context.imports[name] = Import("aws-cdk-lib", name, name)

    def _declare(self, name: str, type_: Type) -> ts.Declare:
        return ts.Declare("declare const", self.context.bind(ast.Name(name), type_).text, self.context.type_node(type_))

    def _statement(self, node: ast.stmt) -> list[ts.Statement]:
        if isinstance(node, ast.AnnAssign) and node.value is None and isinstance(node.target, ast.Name):
            return [self._declare(node.target.id, self.context.annotations.read(node.annotation))]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            found = self.functions.expressions.translate(node.value)
            if self.context.world.is_struct(found.type):  # without a name, an object literal says nothing of its type
                shown = found.type.name.rpartition(".")[2]
                name = f"{shown[0].lower()}{shown[1:]}"
                return [ts.Declare("const", name, self.context.type_node(found.type), found.node)]
        return self.functions.statements.statement(node)
