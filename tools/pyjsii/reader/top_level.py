"""The names at the top of a module: each is free in TypeScript, and means there what it means in Python."""

import ast
from collections.abc import Iterator

from .imports import LANGUAGE, imports
from .names import RESERVED, camel
from .package import Module
from .syntax import assigned, dotted

_TRANSLATED = (
    "len str int min max abs sorted list dict tuple range any all set enumerate isinstance super cast float bool object"
)
"""What is translated by its name: a definition of the same name would not be called."""
TRANSLATED = frozenset(_TRANSLATED.split())
_OF_FILES = "py"


def check_names(module: Module) -> None:
    """Refuse a name that TypeScript or translated code has already, and two names that TypeScript takes for one."""
    known: dict[str, str] = {}
    for node, name in _names(module):
        made = name if name.lstrip("_")[:1].isupper() else camel(name)
        if made in RESERVED or made == _OF_FILES:
            module.refuse(node, f"the name {name}, which TypeScript or translated code has already", "rename it")
        if name in TRANSLATED:
            module.refuse(node, f"the name {name}, which Python has already", "rename it")
        if known.setdefault(made, name) != name:
            module.refuse(node, f"{known[made]} and {name} are both {made} in TypeScript", "rename one")


def _names(module: Module) -> Iterator[tuple[ast.AST, str]]:
    for statement, _ in imports(module.tree):
        source = statement.module if isinstance(statement, ast.ImportFrom) and not statement.level else None
        for alias in statement.names:
            if (source or alias.name) not in LANGUAGE and source != "__future__":
                yield statement, alias.asname or alias.name
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node, node.name
        yield from ((target, dotted(target)) for target in assigned(node) if dotted(target))
