"""First reading of a package: its modules, their imports and classes, and the names that `__init__.py` makes public."""

import ast
from collections.abc import Iterable
from pathlib import Path

from ..refusal import Source
from .assemblies import Assemblies
from .imports import Imports, is_type_checking, own_source
from .package import Module, Package, Symbol, find
from .syntax import assigned, dotted, first_line, is_dataclass, last_name
from .types import Declaration, Shape, Type

EXCEPTIONS = {"Exception", "ValueError", "TypeError", "RuntimeError"}
FOR_NAMES = {"__future__", "typing", "importlib"}
"""What the package's `__init__.py` may import beside its own modules: in Python it may load them late."""
WITH_CAPITALS = ast.parse("[name for name in dir() if name[0].isupper()]", mode="eval").body
"""The one computed `__all__` that is understood: every class that `__init__.py` imports."""


def read(source: Path, world: Assemblies, twins: Path | None = None) -> Package:
    """Read every module of a package. One that has a twin in TypeScript is only declared."""
    package = find(source, world, twins)
    for module in package.modules.values():
        Imports(package, module).read()
        Classes(package, module).read()
    if (source / "__init__.py").exists():
        package.public = _public(package, source / "__init__.py")
    return package


def _public(package: Package, path: Path) -> dict[str, str]:
    """The names of `__all__` (or, without one, every name that is imported), each with the module it comes from."""
    init = Module(path, package.name, "__init__", None)
    _check_holds_names_only(init)
    homes: dict[str, str] = {}
    for node in ast.walk(init.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            home = own_source(package, init, node)
            for alias in node.names:
                if alias.asname not in (None, alias.name):
                    init.refuse(node, f"{alias.name} made public as {alias.asname}", "make it public as what it is")
                homes[alias.name] = home
    listed = [node for node in init.tree.body if any(dotted(target) == "__all__" for target in assigned(node))]
    if not listed:
        return homes
    public: dict[str, str] = {}
    for name in _names(init, listed[-1], homes):
        if name not in homes:
            init.refuse(listed[-1], f"{name} in __all__ is imported from nowhere", "import it under TYPE_CHECKING")
        public[name] = homes[name]
    return public


def _check_holds_names_only(init: Module) -> None:
    """Nothing of the package's `__init__.py` is translated but the names that it makes public."""
    for node in ast.walk(init.tree):
        sources = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            sources = [node.module or ""]
        for source in sources:
            if source not in FOR_NAMES:
                init.refuse(node, f"import of {source}", "import construct modules only")
    for statement in init.tree.body:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                continue
            case ast.If(test=test) if is_type_checking(test):
                continue
            case ast.FunctionDef(name="__getattr__" | "__dir__"):
                continue
        if not any(dotted(target) == "__all__" for target in assigned(statement)):
            init.refuse(
                statement,
                f"`{first_line(statement)}` in the package's __init__.py",
                "keep its docstring, the imports of public names and __all__ only",
            )


def _names(init: Source, node: ast.stmt, imported: Iterable[str]) -> list[str]:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.List | ast.Tuple):
        names = [item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if len(names) == len(value.elts):
            return names
    if value is not None and ast.dump(value) == ast.dump(WITH_CAPITALS):
        return [name for name in imported if name[0].isupper()]
    init.refuse(node, "__all__ is not a list of names", f"write the public names out, or {ast.unparse(WITH_CAPITALS)}")


class Classes:
    """The names that a module gives to its classes, and what kind of class each is."""

    def __init__(self, package: Package, module: Module) -> None:
        self.world, self.module = package.world, module

    def read(self) -> None:
        """Declare them, without their members."""
        for node in self.module.tree.body:
            if isinstance(node, ast.ClassDef):
                self._class(node)

    def _class(self, node: ast.ClassDef) -> None:
        fqn = self.module.fqn(node.name)
        if self.world.find(fqn):
            self.module.refuse(node, f"{node.name} is declared twice", "rename one")
        shape = self._shape(node)
        self.world.add(fqn, Declaration(fqn, node.name, shape, own=True))
        self.module.scope[node.name] = Symbol(node.name, Type("class", fqn))

    def _shape(self, node: ast.ClassDef) -> Shape:
        for decorator in node.decorator_list:
            if is_dataclass(decorator):
                keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
                given = {k.arg: k.value.value for k in keywords if isinstance(k.value, ast.Constant)}
                if given != {"frozen": True, "kw_only": True}:
                    self.module.refuse(
                        node,
                        f"{node.name} is a dataclass that can change or takes positions",
                        "write @dataclasses.dataclass(frozen=True, kw_only=True)",
                    )
                return "struct"
        bases = [last_name(base) for base in node.bases]
        if "Enum" in bases:
            return "enum"
        return "error" if EXCEPTIONS & set(bases) else "class"
