"""Where code stands: the names in scope, what is known of them, and what the file must import for it."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from ..reader.annotations import Annotations
from ..reader.imports import imports, own_source
from ..reader.names import RESERVED, camel
from ..reader.package import Import, Module, Package, Symbol
from ..reader.types import NONE, Declaration, Parameter, Signature, Type
from . import tree as ts
from .declarations import Import as ImportLine
from .known import Known
from .order import Weight
from .sentences import Words, translated
from .variables import Variables

PRIMITIVES = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "none": "undefined"}
_RAISE = frozenset({"at", "item", "divide", "whole", "floorDivide", "modulo", "split"})
"""The functions of the prelude that may raise."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Value:
    """An expression of TypeScript, and what is known of its value; a function's has a signature."""

    node: ts.Expression
    type: Type
    signature: Signature | None = None
    weight: Weight = Weight.PLAIN


class Context:
    """The place in a module that is being translated."""

    def __init__(self, package: Package, module: Module) -> None:
        self.package, self.world, self.module = package, package.world, module
        self.annotations = Annotations(package, module)
        self._learn_constants()
        self.scope: dict[str, Symbol] = dict(module.scope)
        self.known = Known()
        self.weight = Weight.PLAIN
        """What the expression that is being translated may do, so far."""
        self.statement: ast.expr | None = None
        """The call that is a statement: its result is not used."""
        self.used: set[str] = set()
        """The names that the file uses, of those that it could import."""
        self.imports = {i.alias: i for i in module.imports}
        self.variables = Variables()
        self.returns: Type = NONE
        self.returns_words = False
        """Whether what is returned is a part of a sentence for users."""
        self.owner: Declaration | None = None
        """The class whose body this is."""
        self.constructing = False

    @cached_property
    def words(self) -> Words:
        """What sentences may speak of."""
        return Words.of(self.world)

    def _learn_constants(self) -> None:
        """The constants of other modules have types by now."""
        for node, _ in imports(self.module.tree):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            home = self.package.modules.get(own_source(self.package, self.module, node))
            for alias in node.names if home else ():
                known = alias.asname or alias.name
                if home and alias.name in home.scope:
                    self.module.scope[known] = replace(home.scope[alias.name], ts=self.module.scope[known].ts)

    @contextmanager
    def inner(self) -> Iterator[None]:
        """Names that hold inside only; what is lost inside of what was known is lost."""
        scope, known = self.scope, self.known
        self.scope = dict(self.scope)
        yield
        self.scope, self.known = scope, known.meet(self.known)

    def weigh(self, translate: Callable[[], _T]) -> tuple[_T, Weight]:
        """What is translated, and what evaluating it may do."""
        outer, self.weight = self.weight, Weight.PLAIN
        made, weight = translate(), self.weight
        self.weight = max(outer, weight)
        return made, weight

    def may(self, weight: Weight) -> None:
        """The expression that is being translated may do this."""
        self.weight = max(self.weight, weight)

    def acts(self) -> None:
        """Something is called, which may set any attribute: what was known of attributes is forgotten."""
        self.may(Weight.ACTS)
        self.known = self.known.without(lambda path: "." in path and not self.is_steady(path))

    def is_steady(self, path: str) -> bool:
        """Whether nothing on the path can change."""
        root, *names = path.split(".")
        type_ = self.scope[root].type if root in self.scope else NONE
        for name in names:
            if not self.is_fixed(type_, name):
                return False
            type_ = self.world.members(type_.name)[name].type
        return True

    def is_fixed(self, owner: Type, name: str) -> bool:
        """Whether a member never gets another value: a struct's, or an attribute that only an `__init__` sets."""
        if self.world.is_struct(owner):
            return True
        is_own = owner.kind == "instance" and name in self.world.attributes(owner.name)
        return is_own and name not in self.package.changing

    # -- names
    def bind(self, target: ast.expr, type_: Type) -> ts.Name:
        """Make a local name known; its TypeScript name."""
        if not isinstance(target, ast.Name):
            self.module.refuse(target, f"{ast.unparse(target)} as a target", "assign to one plain name")
        name = self._local(target.id)
        self.scope[target.id] = Symbol(name, type_)
        self.forget(target.id)
        return ts.Name(name)

    def _local(self, name: str) -> str:
        """The same name each time; never one that TypeScript reserves or that is taken."""
        known = self.variables.ts
        if name in known:
            return known[name]
        made = camel(name)
        taken = {symbol.ts for symbol in self.scope.values()} | set(known.values()) | {"py"}
        while made in RESERVED or made in taken:
            made += "_"
        known[name] = made
        return made

    def forget(self, path: str) -> None:
        """A path has a new value: nothing is known of it, or of what is below it."""
        self.known = self.known.forget(path)

    def check_imported(self, node: ast.Name) -> None:
        """Refuse a name that is imported elsewhere: for annotations, in another function, in a branch."""
        lazy = node.id in self.module.lazy and self.scope.get(node.id) is self.module.scope.get(node.id)
        if lazy and node.id not in self.known.imported:
            self.module.refuse(
                node, f"{node.id} is not imported here", "import it in this function before it is used, or at the top"
            )

    def prelude(self, name: str, *arguments: ts.Expression) -> ts.Expression:
        """A call of one of the functions that make JavaScript do what Python does (prelude.ts)."""
        self.used.add("py")
        self.may(Weight.RAISES if name in _RAISE else Weight.READS)
        return ts.method(ts.Name("py"), name, *arguments)

    def words_of(self, node: ast.expr, value: ts.Expression) -> ts.Expression:
        """A part of a sentence for users. A name alone may be a key, so it is refused."""
        made = translated(value, self.words)
        if isinstance(value, ts.Text) and value.value.isidentifier() and made != value:
            self.module.refuse(node, f"{value.value!r} is a name, not a part of a sentence", "write words around it")
        return made

    # -- types
    def type_node(self, type_: Type) -> ts.TypeNode:
        """How TypeScript writes a type; what it names is imported."""
        node: ts.TypeNode
        if type_.kind == "list" and type_.item:
            node = ts.ArrayType(self.type_node(type_.item))
        elif type_.kind == "map" and type_.item:
            node = ts.MapType(self.type_node(type_.item))
        elif type_.kind == "instance":
            node = ts.TypeName(self.named(type_.name))
        else:
            node = ts.TypeName(PRIMITIVES.get(type_.kind, type_.kind))
        return ts.Maybe(node) if type_.optional and type_.kind != "none" else node

    def result_type(self, type_: Type) -> ts.TypeNode:
        """The type of a function's result."""
        return ts.TypeName("void") if type_.kind == "none" else self.type_node(type_)

    def named(self, fqn: str) -> str:
        """How this file names a class or struct."""
        prefixes = {
            self.world.modules.get(s.type.name, s.type.name): s.ts
            for s in self.module.scope.values()
            if s.type.kind in ("class", "module")
        }
        parts = fqn.split(".")
        for cut in range(len(parts), 0, -1):
            if known := prefixes.get(".".join(parts[:cut])):
                self.used.add(known)
                return ".".join([known, *parts[cut:]])
        owner = ".".join(parts[:-1])  # a type that was inferred, not written: it needs an import of its own
        module = next((m for m, f in self.world.modules.items() if f == owner), None)
        source = self.world.packages[module] if module else self.module.ts_path(self.package.home_of(fqn))
        alias = f"{parts[-1]}_"
        self.imports[alias] = Import(source, parts[-1], alias)
        self.module.scope[alias] = Symbol(alias, Type("class", fqn))
        self.used.add(alias)
        return alias

    def fields(self, struct: str) -> dict[str, Parameter]:
        """The fields of a struct, by their names in Python."""
        return {m.name: Parameter(m.name, m.ts, m.type, m.required) for m in self.world.members(struct).values()}

    def is_enum(self, type_: Type) -> bool:
        """Whether values of this type are members of an enum."""
        return type_.kind == "instance" and self.world.get(type_.name).shape == "enum"

    def need(self, node: ast.expr, value: Value, kind: str) -> None:
        """Refuse a value of another kind, or one that may be None."""
        if value.type.kind != kind or value.type.optional:
            wanted = Type(kind)  # type: ignore[arg-type]
            self.module.refuse(node, f"{ast.unparse(node)} is {value.type}", f"a {wanted} is needed here")

    def check_number(self, node: ast.expr, value: Value, wanted: Type) -> None:
        """Refuse a truth where a number is wanted: Python writes it otherwise, and TypeScript does not take it."""
        if value.type.kind == "bool" and wanted.numeric:
            self.module.refuse(node, f"{ast.unparse(node)} is bool, where a number is wanted", "write 1 if … else 0")

    # -- imports
    def import_lines(self) -> list[ImportLine]:
        """The imports of what the file turned out to use."""
        lines = [ImportLine(self.module.ts_path("python"), (("*", "py"),))] if "py" in self.used else []
        names: dict[str, list[tuple[str, str]]] = {}
        whole = []
        for alias in sorted(self.used & set(self.imports)):
            found = self.imports[alias]
            if found.name == "*":
                whole.append(ImportLine(found.source, (("*", alias),)))
            else:
                names.setdefault(found.source, []).append((found.name, alias))
        return [*lines, *whole, *(ImportLine(source, tuple(names[source])) for source in sorted(names))]
