"""The package: its folders and modules, the order in which they build on each other, and what it makes public."""

import ast
import posixpath
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..refusal import Source
from .assemblies import Assemblies
from .names import file_stem
from .types import Signature, Type

PYTHON_ONLY = frozenset({"argument_types"})
"""Modules that are not translated: the check of arguments' types, which TypeScript and jsii make themselves."""
_TAKEN = frozenset({"index", "python"})


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
    """One source file. Its name is dotted: `auth.agent_auth` is `auth/agent_auth.py`."""

    def __init__(self, path: Path, package: str, name: str, twin: Path | None) -> None:
        super().__init__(f"{name.replace('.', '/')}.py")
        self.path, self.name, self.package, self.twin = path, name, package, twin
        self.tree = parse(self, path)
        self.scope: dict[str, Symbol] = {}
        self.imports: list[Import] = []
        self.needs: set[str] = set()
        """The modules that must be there before this one is loaded, or one of its functions called."""
        self.lazy: set[str] = set()
        """Names that are imported for annotations or inside functions only."""
        self.dropped: set[str] = set()
        """Names from modules that are Python only: decorators that leave no trace in TypeScript."""

    def fqn(self, name: str) -> str:
        """The full name of something declared here."""
        return f"{self.package}.{self.name}.{name}"

    @property
    def folder(self) -> tuple[str, ...]:
        """The folders, from the package down, that this module is in."""
        return tuple(self.name.split(".")[:-1])

    def ts_path(self, to: str) -> str:
        """How TypeScript imports another module of the package from here."""
        path = posixpath.relpath(file_stem(to), "/".join(self.folder) or ".")
        return path if path.startswith("..") else f"./{path}"


def parse(source: Source, path: Path) -> ast.Module:
    """The syntax tree of a file."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"), source.file)
    except SyntaxError as error:
        source.refuse(error.lineno or 1, f"this is not Python ({error.msg})", "fix the syntax")


@dataclass
class Package:
    """The modules of a package, with everything they declare."""

    name: str
    world: Assemblies
    modules: dict[str, Module] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    """Public name -> its module."""
    python_only: set[str] = field(default_factory=set)
    """Modules that are left out by name."""

    changing: set[str] = field(default_factory=set)
    """The attributes that some method gives another value."""

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

    def home_of(self, fqn: str) -> str:
        """The module that declares a class of this package."""
        return fqn.removeprefix(f"{self.name}.").rpartition(".")[0]


def find(source: Path, world: Assemblies, twins: Path | None = None) -> Package:
    """Every module of a package and of its folders; a folder without `__init__.py` holds data."""
    package = Package(source.name, world)
    for path in sorted(source.rglob("*.py")):
        inner = PurePosixPath(path.relative_to(source).as_posix())
        name = ".".join(inner.with_suffix("").parts)
        if _is_data(source, path):
            continue
        if path.name == "__init__.py":
            if len(inner.parts) > 1:
                _only_a_docstring(Source(str(inner)), path)
        elif name in PYTHON_ONLY:
            package.python_only.add(name)
        else:
            twin = twins / f"{file_stem(name)}.ts" if twins else None
            module = Module(path, package.name, name, twin if twin and twin.exists() else None)
            if name in _TAKEN:
                module.refuse(1, f"a module called {name}, as a file that is made", "rename it")
            package.modules[name] = module
    return package


def _is_data(source: Path, path: Path) -> bool:
    folders = [folder for folder in path.parents if source in folder.parents]
    return not all((folder / "__init__.py").exists() for folder in folders)


def _only_a_docstring(source: Source, path: Path) -> None:
    for node in parse(source, path).body:
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            source.refuse(
                node,
                f"`{ast.unparse(node).split(chr(10))[0]}` in the __init__.py of a folder",
                "keep its docstring only, and import from its modules",
            )
