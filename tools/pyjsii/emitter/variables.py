"""The local variables of a function: which are constant, and where TypeScript declares each."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ..reader.flow import Flow
from ..reader.syntax import assigned, bound_names, free_names, names_in
from ..refusal import Source
from .tree import Declare

Block = tuple[int, ...]
"""Where a statement stands: the numbers of the statements and branches around it."""


@dataclass
class Variables:
    """The local variables of one function: their names in TypeScript, and where each is declared."""

    ts: dict[str, str] = field(default_factory=dict)
    declares: dict[int, str] = field(default_factory=dict)
    """id of the assigned Name -> `const` or `let`."""
    hoisted: dict[str, Declare | None] = field(default_factory=dict)
    """Name -> its declaration at the top of the body, once the type is known."""

    def place(self, source: Source, body: list[ast.stmt], known: Collection[str]) -> None:
        """Decide for every local variable: const or let at its first assignment, or let at the top of the body."""
        uses: dict[str, list[tuple[Block, ast.Name]]] = {}
        for block, name in _uses(body, ()):
            if name.id not in known or isinstance(name.ctx, ast.Store):
                uses.setdefault(name.id, []).append((block, name))
        for variable, found in uses.items():
            if not any(isinstance(name.ctx, ast.Store) for _, name in found):
                continue
            if variable in known:
                source.refuse(found[0][1], f"{variable} is given another value", "use another name")
            self._place_one(variable, found)

    def _place_one(self, variable: str, found: list[tuple[Block, ast.Name]]) -> None:
        heads: list[tuple[Block, ast.Name, int]] = []
        for block, name in found:
            covering = next((i for i, (head, _, _) in enumerate(heads) if block[: len(head)] == head), None)
            store = isinstance(name.ctx, ast.Store)
            if covering is None and not store:  # read outside the blocks that give it a value
                self.hoisted[variable] = None
                return
            if covering is None:
                heads.append((block, name, 1))
            elif store:
                heads[covering] = (*heads[covering][:2], heads[covering][2] + 1)
        for _, name, stores in heads:
            self.declares[id(name)] = "const" if stores == 1 else "let"


def check_all_read(source: Source, node: ast.FunctionDef) -> None:
    """The TypeScript compiler takes no variable that nothing reads, and would say so of its own file."""
    used = list(free_names(node))
    read = {name.id for name in used if isinstance(name.ctx, ast.Load)}
    unread = [name for name in used if isinstance(name.ctx, ast.Store) and name.id not in read]
    for inner in ast.walk(node):
        if isinstance(inner, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            loads = {name.id for name in names_in(inner, ast.Load)}
            unread += [name for name in bound_names(inner).values() if name.id not in loads]
    for name in unread:
        if not name.id.startswith("_"):
            source.refuse(name, f"{name.id} is never read", "leave it out; a loop's variable may be called _")


def check_all_have_values(source: Source, node: ast.FunctionDef) -> None:
    """The TypeScript compiler takes no variable that may be read before it has a value, also from another round."""
    stored = frozenset(name.id for name in free_names(node) if isinstance(name.ctx, ast.Store))

    def missing(read: ast.expr, path: str) -> None:
        source.refuse(read, f"{path} may have no value here", "give it one before, on every way that leads here")

    Flow(stored, missing).body(node.body)


def _uses(body: list[ast.stmt], block: Block) -> Iterator[tuple[Block, ast.Name]]:
    """The names that statements use, in the order of execution, each with the block it stands in."""
    for i, statement in enumerate(body):
        match statement:
            case ast.If():
                yield from _names(statement.test, block)
                yield from _uses(statement.body, (*block, i, 0))
                yield from _uses(statement.orelse, (*block, i, 1))
            case ast.For():
                yield from _names(statement.iter, block)
                yield from _names(statement.target, (*block, i, 0))
                yield from _uses(statement.body, (*block, i, 0))
            case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.AugAssign(value=value):
                if value is not None:
                    yield from _names(value, block)
                for target in assigned(statement):
                    yield from _names(target, block)
            case _:
                yield from _names(statement, block)


def _names(node: ast.AST, block: Block) -> Iterator[tuple[Block, ast.Name]]:
    """The names of an expression but those a comprehension binds for itself."""
    yield from ((block, name) for name in free_names(node))
