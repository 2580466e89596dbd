"""What a module's classes and functions look like from outside, and the types that it writes."""

import ast

from .imports import annotations_are_text, imports, own_source
from .names import camel, pascal, survives
from .package import PYTHON_ONLY, Import, Module, Package, Symbol
from .public import EXCEPTIONS
from .types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    STR,
    Declaration,
    Member,
    Parameter,
    Signature,
    Type,
    list_of,
    map_of,
)

SIMPLE = {"str": STR, "int": INT, "float": FLOAT, "bool": BOOL, "object": ANY, "Any": ANY, "None": NONE}
LISTS, MAPS = {"list", "Sequence", "tuple", "Iterable", "Collection"}, {"dict", "Mapping"}


class Annotations:
    """Reads the types that a module writes."""

    def __init__(self, package: Package, module: Module) -> None:
        self.package, self.world, self.module = package, package.world, module

    def annotation(self, node: ast.expr | None, of: ast.AST | None = None) -> Type:
        """The type that an annotation names."""
        if node is None:
            self.module.refuse(of or 1, "no type is written here", "annotate it")
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            inner = ast.parse(node.value, mode="eval").body
            return self.annotation(ast.copy_location(inner, node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(node, self.annotation(node.left), self.annotation(node.right))
        if isinstance(node, ast.Subscript):
            return self._generic(node)
        text = ast.unparse(node)
        if text.split(".")[-1] in SIMPLE and text not in self.module.scope:
            return SIMPLE[text.split(".")[-1]]
        found = self.resolve(node)
        if found is None or found.kind != "class":
            self.module.refuse(node, f"{text} is not a type of the subset", "see SUBSET.md, Types")
        return Type("instance", found.name)

    def loaded(self, annotation: ast.expr | None) -> None:
        """Refuse an annotation that Python evaluates, if it names what Python has not imported by then."""
        if annotation is not None and not annotations_are_text(self.module.tree):
            self.evaluated(annotation)

    def evaluated(self, *expressions: ast.expr) -> None:
        """Refuse expressions of a class's head that name what Python has not imported by then."""
        for node in (inner for expression in expressions for inner in ast.walk(expression)):
            if isinstance(node, ast.Name) and node.id in self.module.lazy:
                self.module.refuse(
                    node,
                    f"{node.id} is not imported when Python reads this",
                    "import it at the top, or, for annotations, write from __future__ import annotations",
                )

    def ts_name(self, node: ast.AST, name: str) -> str:
        """The name in TypeScript; a public one is refused if it would come back as another."""
        if name.lstrip("_")[:1].isupper():
            return name
        if not name.startswith("_") and not survives(name):
            self.module.refuse(node, f"the name {name} does not come back from camelCase as it went", "rename it")
        return camel(name)

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

    def _union(self, node: ast.expr, left: Type, right: Type) -> Type:
        if NONE in (left, right):
            return (left if right == NONE else right).maybe()
        if left.numeric and right.numeric:
            return NUMBER
        self.module.refuse(node, f"the union {ast.unparse(node)}", "write one type, or a static factory a variant")

    def _generic(self, node: ast.Subscript) -> Type:
        head = ast.unparse(node.value).split(".")[-1]
        arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        arguments = [a for a in arguments if not (isinstance(a, ast.Constant) and a.value is Ellipsis)]
        if head in LISTS and len(arguments) == 1:
            return list_of(self.annotation(arguments[0]))
        if head in MAPS and len(arguments) == 2 and ast.unparse(arguments[0]) == "str":
            return map_of(self.annotation(arguments[1]))
        if head in ("Final", "ClassVar", "Optional"):
            return self.annotation(arguments[0]).maybe(head == "Optional")
        self.module.refuse(
            node,
            f"{ast.unparse(node)} is not a type of the subset",
            "write list[T], Sequence[T], tuple[T, ...], dict[str, T] or Mapping[str, T]",
        )


class Declarations(Annotations):
    """What the classes and functions of a module look like from outside."""

    def read(self) -> None:
        """Declare every class and function; constants are declared when they are translated."""
        for statement, when in imports(self.module.tree):
            if isinstance(statement, ast.ImportFrom) and statement.level:
                self._import_own(statement, types_only=when == "types")
        for node in self.module.tree.body:
            if isinstance(node, ast.ClassDef):
                self._class(node)
            elif isinstance(node, ast.FunctionDef) and not (self.module.twin and node.name.startswith("_")):
                signature = self.signature(node, node.name)
                self.module.scope[node.name] = Symbol(self.ts_name(node, node.name), signature.returns, signature)

    def _import_own(self, node: ast.ImportFrom, *, types_only: bool) -> None:
        name = own_source(self.package, self.module, node)
        if name in PYTHON_ONLY:
            return
        source = self.package.modules[name]
        for alias in node.names:
            known = alias.asname or alias.name
            symbol = source.scope.get(alias.name)
            if types_only and (symbol is None or symbol.type.kind != "class"):
                self.module.refuse(node, f"{alias.name} of {name} for annotations only", "import classes only there")
            if known in {i.alias for i in self.module.imports}:
                continue  # at the top and in a function, or in two functions: the same, and known already
            if symbol is None and not any(alias.name in names(n) for n in source.tree.body):
                self.module.refuse(node, f"{source.name} has no {alias.name}", "check the name")
            ts = self.ts_name(node, alias.name)
            self.module.scope[known] = Symbol(
                self.ts_name(node, known), symbol.type if symbol else ANY, symbol.signature if symbol else None
            )
            self.module.imports.append(Import(self.module.ts_path(name), ts, self.ts_name(node, known)))

    def _class(self, node: ast.ClassDef) -> None:
        made = self.world.get(self.module.fqn(node.name))
        if made.shape == "enum":
            for item in node.body:
                if isinstance(item, ast.Assign):
                    self._enum_member(made, item)
            return
        self._bases(node, made)
        for item in node.body:
            if isinstance(item, ast.AnnAssign):
                self._field(made, item)
            elif isinstance(item, ast.FunctionDef):
                self._method(made, node, item)
        for inner in ast.walk(node):  # `self._x: T = …` declares as well
            if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Attribute):
                name = inner.target.attr
                made.members[name] = Member(name, self.ts_name(inner, name), self.annotation(inner.annotation))

    def _bases(self, node: ast.ClassDef, made: Declaration) -> None:
        bases: list[str] = []
        for base in node.bases:
            name = ast.unparse(base).split(".")[-1]
            if name == "ABC":
                made.abstract = True
            elif not (made.shape == "error" and name in EXCEPTIONS):
                self.evaluated(base)
                bases.append(self.annotation(base).name)
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "jsii.implements":
                self.evaluated(*decorator.args)
                bases += [self.annotation(argument).name for argument in decorator.args]
            elif "dataclass" not in ast.unparse(decorator) and not self._is_dropped(decorator):
                self.module.refuse(node, f"the decorator {ast.unparse(decorator)}", "leave it out")
        made.bases = tuple(bases)

    def _is_dropped(self, decorator: ast.expr) -> bool:
        return isinstance(decorator, ast.Name) and decorator.id in self.module.dropped

    def _enum_member(self, made: Declaration, item: ast.Assign) -> None:
        name = ast.unparse(item.targets[0])
        if not (isinstance(item.value, ast.Constant) and item.value.value == name):
            self.module.refuse(
                item,
                f"the enum member {name} has another value than its name",
                f'write {name} = "{name}", which is its value through jsii too',
            )
        made.members[name] = Member(name, name, Type("instance", made.name), static=True)

    def _field(self, made: Declaration, item: ast.AnnAssign) -> None:
        name = ast.unparse(item.target)
        self.loaded(item.annotation)
        type_ = self.annotation(item.annotation)
        static = "ClassVar" in ast.unparse(item.annotation)
        if item.value is not None and not static:
            self._none_default(item.value, made.shape == "struct", name)
        if made.shape == "struct" and type_.optional and item.value is None:
            self.module.refuse(item, f"{name} may be None but has no default", "write = None")
        made.members[name] = Member(name, self.ts_name(item, name), type_, static=static, required=item.value is None)

    def _none_default(self, value: ast.expr, allowed: bool, name: str) -> None:
        if not allowed:
            self.module.refuse(value, f"{name} is given a value in the class body", "assign it in __init__")
        if not (isinstance(value, ast.Constant) and value.value is None):
            self.module.refuse(
                value,
                f"the default of {name} is {ast.unparse(value)}",
                "write = None and choose the default where it is used: through jsii None means 'the default'",
            )

    def _method(self, made: Declaration, owner: ast.ClassDef, node: ast.FunctionDef) -> None:
        decorators = {ast.unparse(d).split(".")[-1] for d in node.decorator_list}
        if unknown := decorators - {"property", "staticmethod", "abstractmethod"}:
            self.module.refuse(node, f"the decorator {sorted(unknown)[0]}", "write a plain or a static method")
        if made.shape == "struct":
            self.module.refuse(node, f"the struct {owner.name} has a method", "write a function, or a class")
        if node.name == "__init__":
            made.init = self.signature(node, owner.name, skip=1)
            return
        if node.name.startswith("__"):
            self.module.refuse(node, f"{node.name} has no counterpart in jsii", "give it a name of its own")
        static = "staticmethod" in decorators
        signature = self.signature(node, owner.name, skip=0 if static else 1)
        made.abstract = made.abstract or "abstractmethod" in decorators
        ts = self.ts_name(node, node.name)
        kept = None if "property" in decorators else signature
        made.members[node.name] = Member(node.name, ts, signature.returns, kept, static)

    # -- signatures
    def signature(self, node: ast.FunctionDef, owner: str, skip: int = 0) -> Signature:
        """How a function is called; its keyword-only parameters become a struct, declared here."""
        arguments = node.args
        if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
            self.module.refuse(node, f"{node.name} takes *args, **kwargs or position-only parameters", "name them")
        plain = arguments.args[skip:]
        defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(arguments.defaults)), *arguments.defaults]
        public = owner in self.package.public and (not node.name.startswith("_") or node.name == "__init__")
        positional = tuple(self._parameter(a, d, public) for a, d in zip(plain, defaults, strict=True))
        if public and positional and self.world.is_struct(positional[-1].type):
            self.module.refuse(
                node,
                f"{positional[-1].name} is a struct in the last position, which jsii would turn into keywords",
                "make its fields keyword-only parameters, or make it keyword-only",
            )
        options = None
        if arguments.kwonlyargs:
            options = self._options(node, owner)
        self.loaded(node.returns)
        returns = NONE if node.name == "__init__" else self.annotation(node.returns, node)
        return Signature(positional, options, returns)

    def _parameter(self, node: ast.arg, default: ast.expr | None, public: bool) -> Parameter:
        if default is not None:
            self._none_default(default, True, node.arg)
        self.loaded(node.annotation)
        type_ = self.annotation(node.annotation, node)
        if type_.optional and default is None and public:
            self.module.refuse(node, f"{node.arg} may be None but has no default", "write = None")
        return Parameter(node.arg, self.ts_name(node, node.arg), type_.maybe(default is not None), default is None)

    def _options(self, node: ast.FunctionDef, owner: str) -> str:
        name = options_name(node.name, owner)
        fqn = self.module.fqn(name)
        if self.world.find(fqn):
            self.module.refuse(node, f"the keywords of {node.name} need the name {name}, which is taken", "rename it")
        made = Declaration(fqn, name, "struct", own=True)
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            p = self._parameter(argument, default, public=True)
            made.members[p.name] = Member(p.name, p.ts, p.type, required=p.required)
        self.world.add(fqn, made)
        self.module.scope.setdefault(name, Symbol(name, Type("class", fqn)))
        return fqn


def options_name(function: str, owner: str) -> str:
    """`ApiProps` for a constructor, `ApiAddAgentOptions` for a method: no two classes can collide."""
    if function == "__init__":
        return f"{owner}Props"
    return f"{pascal(function) if function == owner else owner + pascal(function)}Options"


def names(node: ast.stmt) -> set[str]:
    """The names that an assignment at module level makes."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {t.id for t in targets if isinstance(t, ast.Name)}
