"""The types that a module writes, and what the names in them mean."""

import ast

from .imports import annotations_are_text
from .names import camel, survives
from .package import Module, Package
from .syntax import dotted, last_name, names_in
from .types import ANY, BOOL, FLOAT, INT, NONE, STR, Type, list_of, map_of

SIMPLE = {"str": STR, "int": INT, "float": FLOAT, "bool": BOOL, "object": ANY, "Any": ANY, "None": NONE}
LISTS, MAPS = {"list", "Sequence", "tuple", "Iterable", "Collection"}, {"dict", "Mapping"}


class Annotations:
    """Reads the annotations of one module."""

    def __init__(self, package: Package, module: Module) -> None:
        self.world, self.module = package.world, module

    def read(self, node: ast.expr | None, of: ast.AST | None = None) -> Type:
        """The type that an annotation names."""
        match node:
            case None:
                self.module.refuse(of or 1, "no type is written here", "annotate it")
            case ast.Constant(value=None):
                return NONE
            case ast.Constant(value=str() as text):
                return self.read(ast.copy_location(ast.parse(text, mode="eval").body, node))
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return self._union(node, self.read(left), self.read(right))
            case ast.Subscript():
                return self._generic(node)
        if last_name(node) in SIMPLE and dotted(node) not in self.module.scope:
            return SIMPLE[last_name(node)]
        found = self.resolve(node)
        if found is None or found.kind != "class":
            self.module.refuse(node, f"{ast.unparse(node)} is not a type of the subset", "see SUBSET.md, Types")
        return Type("instance", found.name)

    def resolve(self, node: ast.expr) -> Type | None:
        """The class or module that a dotted name means."""
        if isinstance(node, ast.Name):
            symbol = self.module.scope.get(node.id)
            return symbol.type if symbol else None
        if isinstance(node, ast.Attribute) and (owner := self.resolve(node.value)):
            prefix = self.world.modules[owner.name] if owner.kind == "module" else owner.name
            if owner.kind == "module" and f"{owner.name}.{node.attr}" in self.world.modules:
                return Type("module", f"{owner.name}.{node.attr}")
            return Type("class", f"{prefix}.{node.attr}") if self.world.find(f"{prefix}.{node.attr}") else None
        return None

    def ts_name(self, node: ast.AST, name: str) -> str:
        """The name in TypeScript; a public one is refused if it would come back as another."""
        if name.lstrip("_")[:1].isupper():
            return name
        if not name.startswith("_") and not survives(name):
            self.module.refuse(node, f"the name {name} does not come back from camelCase as it went", "rename it")
        return camel(name)

    def check_loaded(self, annotation: ast.expr | None) -> None:
        """Refuse an annotation that Python evaluates, if it names what Python has not imported by then."""
        if annotation is not None and not annotations_are_text(self.module.tree):
            self.check_evaluated(annotation)

    def check_evaluated(self, *expressions: ast.expr) -> None:
        """Refuse expressions of a class's head that name what Python has not imported by then."""
        for name in (inner for expression in expressions for inner in names_in(expression)):
            if name.id in self.module.lazy:
                self.module.refuse(
                    name,
                    f"{name.id} is not imported when Python reads this",
                    "import it at the top, or, for annotations, write from __future__ import annotations",
                )

    def _union(self, node: ast.expr, left: Type, right: Type) -> Type:
        if NONE in (left, right):
            return (left if right == NONE else right).maybe()
        if left.numeric and right.numeric:
            return FLOAT
        self.module.refuse(node, f"the union {ast.unparse(node)}", "write one type, or a static factory a variant")

    def _generic(self, node: ast.Subscript) -> Type:
        head = last_name(node.value)
        arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        arguments = [a for a in arguments if not (isinstance(a, ast.Constant) and a.value is Ellipsis)]
        if head in LISTS and len(arguments) == 1:
            return list_of(self.read(arguments[0]))
        if head in MAPS and len(arguments) == 2 and dotted(arguments[0]) == "str":
            return map_of(self.read(arguments[1]))
        if head in ("Final", "ClassVar", "Optional"):
            return self.read(arguments[0]).maybe(head == "Optional")
        self.module.refuse(
            node,
            f"{ast.unparse(node)} is not a type of the subset",
            "write list[T], Sequence[T], tuple[T, ...], dict[str, T] or Mapping[str, T]",
        )
