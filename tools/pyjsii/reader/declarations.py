"""What a module's classes and functions look like from outside."""

import ast
from dataclasses import replace

from .annotations import Annotations
from .attributes import changing, check_attributes
from .imports import imports, own_source
from .names import pascal
from .package import PYTHON_ONLY, Import, Module, Package, Symbol
from .public import EXCEPTIONS
from .said import is_said
from .syntax import assigned, decorator_names, dotted, is_class_variable, is_dataclass, is_none, last_name
from .top_level import check_names
from .types import ANY, NONE, Declaration, Member, Parameter, Signature, Type


class Declarations:
    """What the classes and functions of a module look like from outside."""

    def __init__(self, package: Package, module: Module) -> None:
        self.package, self.world, self.module = package, package.world, module
        self.annotations = Annotations(package, module)

    def read(self) -> None:
        """Declare every class and function; constants are declared when they are translated."""
        for statement, when in imports(self.module.tree):
            if isinstance(statement, ast.ImportFrom) and statement.level:
                self._import_own(statement, types_only=when == "types")
        if not self.module.twin:
            check_names(self.module)
        for node in self.module.tree.body:
            if isinstance(node, ast.ClassDef):
                self._class(node)
            elif isinstance(node, ast.FunctionDef) and not (self.module.twin and node.name.startswith("_")):
                signature = self.signature(node, node.name)
                self.module.scope[node.name] = Symbol(
                    self.annotations.ts_name(node, node.name), signature.returns, signature
                )

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
            if symbol is None and not any(_gives(n, alias.name) for n in source.tree.body):
                self.module.refuse(node, f"{source.name} has no {alias.name}", "check the name")
            ts, here = self.annotations.ts_name(node, alias.name), self.annotations.ts_name(node, known)
            self.module.scope[known] = replace(symbol, ts=here) if symbol else Symbol(here, ANY)
            self.module.imports.append(Import(self.module.ts_path(name), ts, here))

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
                made.members[name] = Member(
                    name, self.annotations.ts_name(inner, name), self.annotations.read(inner.annotation)
                )
        self.package.changing |= changing(node)
        if made.shape != "struct":
            check_attributes(self.module, self.world, node, made)

    def _bases(self, node: ast.ClassDef, made: Declaration) -> None:
        bases: list[str] = []
        for base in node.bases:
            name = last_name(base)
            if name == "ABC":
                made.abstract = True
            elif not (made.shape == "error" and name in EXCEPTIONS):
                self.annotations.check_evaluated(base)
                bases.append(self.annotations.read(base).name)
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and dotted(decorator.func) == "jsii.implements":
                self.annotations.check_evaluated(*decorator.args)
                bases += [self.annotations.read(argument).name for argument in decorator.args]
            elif not is_dataclass(decorator) and not self._is_dropped(decorator):
                self.module.refuse(node, f"the decorator {ast.unparse(decorator)}", "leave it out")
        made.bases = tuple(bases)

    def _is_dropped(self, decorator: ast.expr) -> bool:
        return isinstance(decorator, ast.Name) and decorator.id in self.module.dropped

    def _enum_member(self, made: Declaration, item: ast.Assign) -> None:
        name = dotted(item.targets[0])
        if not (isinstance(item.value, ast.Constant) and item.value.value == name):
            self.module.refuse(
                item,
                f"the enum member {name} has another value than its name",
                f'write {name} = "{name}", which is its value through jsii too',
            )
        made.members[name] = Member(name, name, Type("instance", made.name), static=True)

    def _field(self, made: Declaration, item: ast.AnnAssign) -> None:
        name = dotted(item.target)
        self.annotations.check_loaded(item.annotation)
        type_ = self.annotations.read(item.annotation)
        static = is_class_variable(item.annotation)
        if item.value is not None and not static:
            self._none_default(item.value, made.shape == "struct", name)
        if made.shape == "struct" and type_.optional and item.value is None:
            self.module.refuse(item, f"{name} may be None but has no default", "write = None")
        made.members[name] = Member(
            name, self.annotations.ts_name(item, name), type_, static=static, required=item.value is None
        )

    def _none_default(self, value: ast.expr, allowed: bool, name: str) -> None:
        if not allowed:
            self.module.refuse(value, f"{name} is given a value in the class body", "assign it in __init__")
        if not is_none(value):
            self.module.refuse(
                value,
                f"the default of {name} is {ast.unparse(value)}",
                "write = None and choose the default where it is used: through jsii None means 'the default'",
            )

    def _method(self, made: Declaration, owner: ast.ClassDef, node: ast.FunctionDef) -> None:
        decorators = decorator_names(node)
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
        ts = self.annotations.ts_name(node, node.name)
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
        positional = tuple(
            replace(self._parameter(a, d, public), said=is_said(node, a.arg))
            for a, d in zip(plain, defaults, strict=True)
        )
        if public and positional and self.world.is_struct(positional[-1].type):
            self.module.refuse(
                node,
                f"{positional[-1].name} is a struct in the last position, which jsii would turn into keywords",
                "make its fields keyword-only parameters, or make it keyword-only",
            )
        options = None
        if arguments.kwonlyargs:
            options = self._options(node, owner)
        self.annotations.check_loaded(node.returns)
        returns = NONE if node.name == "__init__" else self.annotations.read(node.returns, node)
        return Signature(positional, options, returns)

    def _parameter(self, node: ast.arg, default: ast.expr | None, public: bool) -> Parameter:
        if default is not None:
            self._none_default(default, True, node.arg)
        self.annotations.check_loaded(node.annotation)
        type_ = self.annotations.read(node.annotation, node)
        if type_.optional and default is None and public:
            self.module.refuse(node, f"{node.arg} may be None but has no default", "write = None")
        return Parameter(
            node.arg, self.annotations.ts_name(node, node.arg), type_.maybe(default is not None), default is None
        )

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


def _gives(node: ast.stmt, name: str) -> bool:
    """Whether a statement at module level gives this name a value."""
    return any(dotted(target) == name for target in assigned(node))
