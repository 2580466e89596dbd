"""What a module imports: at its top, for annotations only, or inside a function when it is called."""

import ast
from collections.abc import Iterator
from typing import Literal

from .package import PYTHON_ONLY, Import, Module, Package, Symbol
from .types import Type

# What the subset itself needs of Python; these leave no trace in TypeScript.
LANGUAGE = {"typing", "enum", "dataclasses", "abc", "collections.abc", "jsii", "re"}
OF_JSII = {"implements"}
"""What is understood of the jsii module, which in Node is another one."""
DECORATORS = {"checked_arguments"}

When = Literal["load", "types", "call"]
"""When Python runs an import: as the module loads, never (`if TYPE_CHECKING:`), or in a function's body."""
Statement = ast.Import | ast.ImportFrom


def imports(tree: ast.Module) -> Iterator[tuple[Statement, When]]:
    """Every import of a module that has its place in the subset. TypeScript has them all at the top."""
    for node in tree.body:
        if isinstance(node, Statement):
            yield node, "load"
        elif isinstance(node, ast.If) and is_type_checking(node.test):
            for inner in node.body:
                if isinstance(inner, Statement):
                    yield inner, "types"
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for within in ast.walk(function):
                if isinstance(within, Statement):
                    yield within, "call"


def is_type_checking(node: ast.expr) -> bool:
    """Whether this is `typing.TYPE_CHECKING`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="typing"), attr=name):
            return name.lstrip("_") == "TYPE_CHECKING"
    return False


def annotations_are_text(tree: ast.Module) -> bool:
    """Whether `from __future__ import annotations` keeps Python from evaluating them."""
    return any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in tree.body)


def bound(node: Statement) -> list[str]:
    """The names that an import binds."""
    return [alias.asname or alias.name for alias in node.names]


def own_source(package: Package, module: Module, node: ast.ImportFrom) -> str:
    """The dotted name of the module of this package that a relative import names; refused if there is none."""
    shown = "." * node.level + (node.module or "")
    if node.level > len(module.folder) + 1:
        module.refuse(node, f"import of {shown}, outside the package", "import construct modules only")
    folder = module.folder[: len(module.folder) + 1 - node.level]
    name = ".".join([*folder, *([node.module] if node.module else [])])
    if name in package.modules or name in package.python_only:
        return name
    inside = [m for m in package.modules if m.startswith(f"{name}." if name else "")]
    if inside:
        module.refuse(node, f"import of the folder {shown}", "import from one of its modules, name by name")
    module.refuse(node, f"import of {shown}", "import construct modules only")


class Imports:
    """Reads the imports of one module into its scope. What comes from the package itself is bound by declarations.py,
    when it is known what it is."""

    def __init__(self, package: Package, module: Module) -> None:
        self.package, self.world, self.module = package, package.world, module
        self.origins: dict[str, tuple[str, str]] = {}
        self.loaded: set[str] = set()

    def read(self) -> None:
        """Fill the module's scope with what comes from the CDK; learn which modules of the package it needs."""
        for node, when in imports(self.module.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._import(node, alias, when)
            elif node.level:
                self._import_own(node, when)
            else:
                for alias in node.names:
                    self._import_from(node, alias, when)
        self.module.lazy = set(self.origins) - self.loaded

    def _import(self, node: ast.Import, alias: ast.alias, when: When) -> None:
        if alias.name in self.world.modules:
            if "." in alias.name and not alias.asname:
                self.module.refuse(node, f"import {alias.name} without a name", f"import {alias.name} as …")
            known = alias.asname or alias.name
            self._bind(node, known, "*", self.world.packages[alias.name], Type("module", alias.name), when)
        elif not self.module.twin:
            self._language(node, alias.name, when)

    def _import_from(self, node: ast.ImportFrom, alias: ast.alias, when: When) -> None:
        source, known = node.module or "", alias.asname or alias.name
        if f"{source}.{alias.name}" in self.world.modules:
            named = f"{source}.{alias.name}"
            self._bind(node, known, alias.name, self.world.packages[source], Type("module", named), when)
        elif source in self.world.modules:
            fqn = f"{self.world.modules[source]}.{alias.name}"
            if self.world.find(fqn) is None:
                self.module.refuse(node, f"{source} has no {alias.name}", "check the name")
            self._bind(node, known, alias.name, self.world.packages[source], Type("class", fqn), when)
        elif source == "jsii" and alias.name not in OF_JSII and not self.module.twin:
            self.module.refuse(node, f"import of {alias.name} from jsii", f"import {' and '.join(OF_JSII)} only")
        elif (source, alias.name) != ("__future__", "annotations") and not self.module.twin:
            self._language(node, source, when)

    def _language(self, node: Statement, name: str, when: When) -> None:
        if name not in LANGUAGE:
            self.module.refuse(node, f"import of {name}", "import aws_cdk, constructs and construct modules only")
        if when == "call":
            self.module.refuse(node, f"import of {name} inside a function", "import it at the top")

    def _import_own(self, node: ast.ImportFrom, when: When) -> None:
        source = own_source(self.package, self.module, node)
        if source in PYTHON_ONLY:
            for alias in node.names:
                if alias.name not in DECORATORS or alias.asname:
                    self.module.refuse(
                        node,
                        f"import of {alias.name} from {source}, which is Python only",
                        f"import {' and '.join(sorted(DECORATORS))} only, under its own name",
                    )
            self.module.dropped |= set(bound(node))
            return
        if when != "types":
            self.module.needs.add(source)
        for alias in node.names:
            self._remember(node, alias.asname or alias.name, (source, alias.name), when)

    def _bind(self, node: Statement, name: str, ts: str, source: str, type_: Type, when: When) -> None:
        self._remember(node, name, (type_.name, ""), when)
        if name not in self.module.scope:
            self.module.scope[name] = Symbol(name, type_)
            self.module.imports.append(Import(source, ts, name))

    def _remember(self, node: Statement, name: str, origin: tuple[str, str], when: When) -> None:
        """One name is one thing in the whole module, as all imports are at the top in TypeScript."""
        if self.origins.setdefault(name, origin) != origin or name in self._declared():
            self.module.refuse(node, f"{name} is something else in this module as well", "import it as another name")
        if when == "load":
            self.loaded.add(name)

    def _declared(self) -> set[str]:
        return {n.name for n in self.module.tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef)}
