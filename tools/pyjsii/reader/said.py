"""Which parameters hold the name of an option that sentences name: TypeScript's users read it in camelCase."""

import ast
from collections.abc import Iterator

NAMES = ("name", "option")
"""What such a parameter is called."""


def is_said(function: ast.FunctionDef, parameter: str) -> bool:
    """Whether a function only puts this parameter into an error's sentence, or hands it on to one of the same name."""
    return parameter in NAMES and all(_is_said_there(above) for above in _uses(function, parameter))


def _uses(node: ast.AST, name: str, above: tuple[ast.AST, ...] = ()) -> Iterator[tuple[ast.AST, ...]]:
    """What stands around each use of a name, the nearest first."""
    if isinstance(node, ast.Name) and node.id == name:
        yield above
    for child in ast.iter_child_nodes(node):
        yield from _uses(child, name, (node, *above))


def _is_said_there(above: tuple[ast.AST, ...]) -> bool:
    nearest, around = above[0], above[1:]
    if isinstance(nearest, ast.FormattedValue):  # another text may be a key
        return any(isinstance(node, ast.Raise) for node in around)
    return isinstance(nearest, ast.Call) and isinstance(nearest.func, ast.Name)
