"""Questions about Python's syntax tree that more than one part of the translator asks."""

import ast
from collections.abc import Iterator


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a name and its attributes; nothing for any other expression."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            owner = dotted(value)
            return f"{owner}.{name}" if owner else ""
    return ""


def last_name(node: ast.AST) -> str:
    """`c` for `a.b.c`."""
    return dotted(node).rpartition(".")[2]


def is_path(node: ast.AST) -> bool:
    """`a` or `a.b.c`: asking twice gives the same."""
    return dotted(node) != ""


def is_none(node: ast.AST | None) -> bool:
    """Whether this is the word None."""
    return isinstance(node, ast.Constant) and node.value is None


def is_super_init(node: ast.AST) -> bool:
    """Whether this is `super().__init__`."""
    return isinstance(node, ast.Attribute) and node.attr == "__init__" and is_super(node.value)


def is_super(node: ast.AST) -> bool:
    """Whether this is `super()`."""
    return isinstance(node, ast.Call) and dotted(node.func) == "super" and not node.args


def decorator_name(node: ast.expr) -> str:
    """The dotted name of a decorator, called or not."""
    return dotted(node.func if isinstance(node, ast.Call) else node)


def decorator_names(node: ast.FunctionDef) -> set[str]:
    """The names of a method's decorators, without the modules they come from."""
    return {decorator_name(decorator).rpartition(".")[2] for decorator in node.decorator_list}


def is_dataclass(decorator: ast.expr) -> bool:
    """Whether this is `@dataclasses.dataclass(…)`."""
    return decorator_name(decorator) in ("dataclasses.dataclass", "dataclass")


def is_class_variable(annotation: ast.expr) -> bool:
    """Whether this is `ClassVar[T]`."""
    return isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "ClassVar"


def assigned(node: ast.stmt) -> list[ast.expr]:
    """What an assignment gives a value to."""
    match node:
        case ast.Assign(targets=targets):
            return targets
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return [target]
    return []


def names_in(node: ast.AST, context: type[ast.expr_context] = ast.expr_context) -> Iterator[ast.Name]:
    """The names in a piece of code; with a context, those that are read (Load) or given a value (Store)."""
    return (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context))


def free_names(node: ast.AST) -> Iterator[ast.Name]:
    """The names in a piece of code but those that a comprehension binds for itself."""
    if isinstance(node, ast.Name):
        yield node
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        yield from free_names(node.generators[0].iter)
        bound = bound_names(node)
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inner = [*made, *(part for g in node.generators for part in g.ifs), *(g.iter for g in node.generators[1:])]
        yield from (name for part in inner for name in free_names(part) if name.id not in bound)
    else:
        for child in ast.iter_child_nodes(node):
            yield from free_names(child)


def bound_names(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> dict[str, ast.Name]:
    """The names that a comprehension binds."""
    return {name.id: name for generator in node.generators for name in names_in(generator.target)}


def first_line(node: ast.AST) -> str:
    """The first line of a statement, for a refusal."""
    return ast.unparse(node).split("\n")[0]
