"""The `Example::` of a docstring, as the TypeScript example that jsii carries into every language."""

import ast

from .docs import Docstring
from .emitter.statements import Locals
from .emitter.writer import Writer
from .reader.imports import Imports
from .reader.names import camel, file_stem
from .reader.package import Import, Module, Package, Symbol
from .reader.types import NONE, Type
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


class Example(Writer):
    """Writes one example: its imports, the declarations of what it takes for granted, its statements."""

    def text(self) -> str:
        """The example in TypeScript."""
        body = [n for n in self.module.tree.body if not isinstance(n, ast.Import | ast.ImportFrom)]
        named = {n.id for n in ast.walk(self.module.tree) if isinstance(n, ast.Name)}
        self.function, self.returns = Locals(), NONE
        lines = []
        for name, (shown, fqn) in GIVEN.items():
            if name in named and name not in assigned(body):
                self._know_given(shown, fqn)
                lines.append(self._declare(name, Type("instance", fqn)))
        self._place(body)
        for node in body:
            lines += self._line(node)
        return "\n".join([*self._imports(), "", *lines])

    def _know_given(self, name: str, fqn: str) -> None:
        if name not in self.module.scope:
            self.module.scope[name] = self.scope[name] = Symbol(name, Type("class", fqn))
            self.imports[name] = Import("aws-cdk-lib", name, name)

    def _declare(self, name: str, type_: Type) -> str:
        return f"declare const {self.bind(ast.Name(name), type_)}: {self.type_text(type_)};"

    def _line(self, node: ast.stmt) -> list[str]:
        if isinstance(node, ast.AnnAssign) and node.value is None and isinstance(node.target, ast.Name):
            return [self._declare(node.target.id, self.annotation(node.annotation))]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            code = self.expression(node.value)
            if self.world.is_struct(code.type):  # an object literal alone would be a block
                shown = code.type.name.split(".")[-1]
                return [f"const {camel(shown[0].lower() + shown[1:])}: {self.type_text(code.type)} = {code.text};"]
        return self.statement(node)


def assigned(body: list[ast.stmt]) -> set[str]:
    """The names that some statements give a value."""
    return {n.id for s in body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
