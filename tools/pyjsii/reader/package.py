"""First reading of the package: which modules there are, what they import, what they declare and make public."""

import ast
from dataclasses import dataclass, field
from pathlib import Path

from ..refusal import Source
from .assemblies import Assemblies
from .names import file_stem
from .types import Declaration, Shape, Signature, Type

# What the subset itself needs of Python; these leave no trace in TypeScript.
LANGUAGE = {"typing", "enum", "dataclasses", "abc", "collections.abc", "jsii", "re"}
EXCEPTIONS = {"Exception", "ValueError", "TypeError", "RuntimeError"}


@dataclass
class Import:
    """`name` of the TypeScript module `source`, known here as `alias`."""

    source: str
    name: str
    alias: str


@dataclass
class Symbol:
    """A name of a module: how TypeScript writes it and what it is."""

    ts: str
    type: Type
    signature: Signature | None = None


class Module(Source):
    """One source file."""

    def __init__(self, path: Path, package: str, twin: Path | None) -> None:
        super().__init__(path.name)
        self.path, self.name, self.package, self.twin = path, path.stem, package, twin
        try:
            self.tree = ast.parse(path.read_text(), path.name)
        except SyntaxError as error:
            self.refuse(error.lineno or 1, f"this is not Python ({error.msg})", "mend the syntax")
        self.scope: dict[str, Symbol] = {}
        self.imports: list[Import] = []
        self.needs: set[str] = set()

    def fqn(self, name: str) -> str:
        """The full name of something declared here."""
        return f"{self.package}.{self.name}.{name}"


@dataclass
class Package:
    """The modules of a package, with everything they declare."""

    name: str
    world: Assemblies
    modules: dict[str, Module] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    """Public name -> its module."""

    @property
    def ordered(self) -> list[Module]:
        """The modules, each after those it imports."""
        done: dict[str, Module] = {}

        def visit(module: Module, above: tuple[str, ...]) -> None:
            if module.name in above:
                module.refuse(1, f"{' imports '.join([*above, module.name])}", "break the circle of imports")
            for needed in sorted(module.needs):
                visit(self.modules[needed], (*above, module.name))
            done.setdefault(module.name, module)

        for module in self.modules.values():
            visit(module, ())
        return list(done.values())


def read(source: Path, world: Assemblies, twins: Path | None = None) -> Package:
    """Read every module at the top of a package. One that has a twin in TypeScript is only declared."""
    package = Package(source.name, world)
    for path in sorted(source.glob("*.py")):
        if path.name != "__init__.py":
            twin = twins / f"{file_stem(path.stem)}.ts" if twins else None
            package.modules[path.stem] = Module(path, package.name, twin if twin and twin.exists() else None)
    init = source / "__init__.py"
    if init.exists():
        for node in ast.walk(ast.parse(init.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module in package.modules:
                package.public |= {alias.asname or alias.name: node.module for alias in node.names}
    for module in package.modules.values():
        Names(package, module).read()
    return package


class Names:
    """The names a module imports and gives to its classes."""

    def __init__(self, package: Package, module: Module) -> None:
        self.package, self.world, self.module = package, package.world, module

    def read(self) -> None:
        """Fill the module's scope."""
        for node in self.module.tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._import(node, alias)
            elif isinstance(node, ast.ImportFrom) and node.level:
                self._import_own(node)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self._import_from(node, alias)
            elif isinstance(node, ast.ClassDef):
                self._class(node)

    def _import(self, node: ast.Import, alias: ast.alias) -> None:
        if alias.name in self.world.modules:
            if "." in alias.name and not alias.asname:
                self.module.refuse(node, f"import {alias.name} without a name", f"import {alias.name} as …")
            self._bind(alias.asname or alias.name, "*", self.world.packages[alias.name], Type("module", alias.name))
        elif alias.name not in LANGUAGE and not self.module.twin:
            self._outside(node, alias.name)

    def _import_from(self, node: ast.ImportFrom, alias: ast.alias) -> None:
        source, known = node.module or "", alias.asname or alias.name
        if f"{source}.{alias.name}" in self.world.modules:
            self._bind(known, alias.name, self.world.packages[source], Type("module", f"{source}.{alias.name}"))
        elif source in self.world.modules:
            fqn = f"{self.world.modules[source]}.{alias.name}"
            if self.world.find(fqn) is None:
                self.module.refuse(node, f"{source} has no {alias.name}", "check the name")
            self._bind(known, alias.name, self.world.packages[source], Type("class", fqn))
        elif source not in LANGUAGE and not self.module.twin:
            self._outside(node, source)

    def _import_own(self, node: ast.ImportFrom) -> None:
        if node.module not in self.package.modules:
            self.module.refuse(node, f"import of .{node.module or ''}", "import construct modules only")
        self.module.needs.add(node.module)

    def _outside(self, node: ast.AST, name: str) -> None:
        self.module.refuse(node, f"import of {name}", "import aws_cdk, constructs and construct modules only")

    def _bind(self, name: str, ts: str, source: str, type_: Type) -> None:
        self.module.scope[name] = Symbol(name, type_)
        self.module.imports.append(Import(source, ts, name))

    def _class(self, node: ast.ClassDef) -> None:
        fqn = self.module.fqn(node.name)
        if self.world.find(fqn):
            self.module.refuse(node, f"{node.name} is declared twice", "rename one")
        shape = self._shape(node)
        self.world.add(fqn, Declaration(fqn, node.name, shape, own=True))
        self.module.scope[node.name] = Symbol(node.name, Type("class", fqn))

    def _shape(self, node: ast.ClassDef) -> Shape:
        for decorator in node.decorator_list:
            if "dataclass" in ast.unparse(decorator):
                keywords = {ast.unparse(k) for k in getattr(decorator, "keywords", ())}
                if keywords != {"frozen=True", "kw_only=True"}:
                    self.module.refuse(
                        node,
                        f"{node.name} is a dataclass that can change or takes positions",
                        "write @dataclasses.dataclass(frozen=True, kw_only=True)",
                    )
                return "struct"
        bases = [ast.unparse(base).split(".")[-1] for base in node.bases]
        if "Enum" in bases:
            return "enum"
        return "error" if EXCEPTIONS & set(bases) else "class"
