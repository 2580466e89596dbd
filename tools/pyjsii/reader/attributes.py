"""What a class must keep to for its attributes to hold the same in both languages.

TypeScript sets every attribute that a class declares to `undefined` when its constructor begins, after its base's.
"""

import ast

from .assemblies import Assemblies
from .flow import Flow
from .package import Module
from .syntax import dotted, is_class_variable, is_super_init, names_in
from .types import Declaration

OF_ERRORS = ("message", "name", "stack", "cause", "constructor")


def attribute_nodes(node: ast.ClassDef) -> dict[str, ast.AnnAssign]:
    """The attributes that a class declares, in its body or where they are first assigned."""
    inside = [i for i in ast.walk(node) if isinstance(i, ast.AnnAssign) and isinstance(i.target, ast.Attribute)]
    own = [i for i in node.body if isinstance(i, ast.AnnAssign) and not is_class_variable(i.annotation)]
    return {dotted(item.target).rpartition(".")[2]: item for item in [*own, *inside]}


def changing(node: ast.ClassDef) -> set[str]:
    """The attributes that get a value outside `__init__`."""
    methods = [i for i in node.body if isinstance(i, ast.FunctionDef) and i.name != "__init__"]
    nodes = [n for method in methods for n in ast.walk(method) if isinstance(n, ast.Attribute)]
    return {n.attr for n in nodes if isinstance(n.ctx, ast.Store)}


def check_attributes(module: Module, world: Assemblies, node: ast.ClassDef, made: Declaration) -> None:
    """Refuse attributes that a base has too, that an Error has, or that `__init__` may leave without a value."""
    own = attribute_nodes(node)
    made.attributes = frozenset(own)
    inherited = {name for base in made.bases for name in world.attributes(base)}
    for name, item in own.items():
        if name in inherited:
            module.refuse(item, f"{name} is an attribute of the base class too", "declare it there only")
    _check_members(module, world, node, made)
    init = next((i for i in node.body if isinstance(i, ast.FunctionDef) and i.name == "__init__"), None)
    if init is not None:
        _check_super(module, init)
    if own:
        _check_values(module, node, init, own)


def _check_members(module: Module, world: Assemblies, node: ast.ClassDef, made: Declaration) -> None:
    inherited = {m.ts: m.name for base in made.bases for m in world.members(base).values()}
    for member in made.members.values():
        if (made.shape == "error" and member.ts in OF_ERRORS) or member.ts == "constructor":
            module.refuse(node, f"{made.ts}.{member.name}, which JavaScript's objects have already", "rename it")
        if inherited.setdefault(member.ts, member.name) != member.name:
            other = inherited[member.ts]
            module.refuse(node, f"{other} and {member.name} are both {member.ts} in TypeScript", "rename one")


def _check_super(module: Module, init: ast.FunctionDef) -> None:
    calls = [i for i in ast.walk(init) if isinstance(i, ast.Call) and is_super_init(i.func)]
    if not calls:
        return
    place = next((i for i, s in enumerate(init.body) if isinstance(s, ast.Expr) and s.value is calls[0]), None)
    if place is None or len(calls) > 1:
        module.refuse(calls[-1], "super().__init__ as a value or in a branch", "call it as a statement of __init__")
    for statement in init.body[:place]:
        for name in names_in(statement):
            if name.id == "self":
                module.refuse(name, "self before super().__init__", "call super().__init__ first")


def _check_values(
    module: Module, node: ast.ClassDef, init: ast.FunctionDef | None, own: dict[str, ast.AnnAssign]
) -> None:
    def missing(read: ast.expr, path: str) -> None:
        module.refuse(read, f"{path} may have no value here", "give it one before")

    tracked = frozenset(f"self.{name}" for name in own)
    have = Flow(tracked, missing).body(init.body) if init else frozenset()
    for name, item in own.items():
        if f"self.{name}" not in have:
            module.refuse(item, f"{name} may get no value in __init__ of {node.name}", "assign it there, always")
