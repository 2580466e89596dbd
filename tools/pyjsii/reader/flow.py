"""What has a value on every way through a body: Python raises where JavaScript reads `undefined`."""

import ast
from collections.abc import Callable, Iterator
from functools import reduce

from .syntax import assigned, dotted, free_names

Have = frozenset[str]


class Flow:
    """Follows the statements of a body. `missing` is told of each path in `tracked` that is read, perhaps too early."""

    def __init__(self, tracked: Have, missing: Callable[[ast.expr, str], object]) -> None:
        self.tracked, self.missing = tracked, missing
        self.ends: list[Have] = []
        """What has a value at each `return`."""

    def body(self, body: list[ast.stmt], have: Have = frozenset()) -> Have:
        """What has a value wherever the function ends without raising."""
        last = self._block(body, have)
        ways = [*self.ends, *([] if last is None else [last])]
        return reduce(Have.__and__, ways) if ways else self.tracked

    def _block(self, body: list[ast.stmt], have: Have) -> Have | None:
        """What has a value after some statements; None if nothing runs after them."""
        for node in body:
            after = self._statement(node, have)
            if after is None:
                return None
            have = after
        return have

    def _statement(self, node: ast.stmt, have: Have) -> Have | None:
        match node:
            case ast.If(test=test, body=body, orelse=other):
                self._read(test, have)
                ways = [way for way in (self._block(body, have), self._block(other, have)) if way is not None]
                return reduce(Have.__and__, ways) if ways else None
            case ast.For(target=target, iter=source, body=body):
                self._read(source, have)
                self._block(body, have | frozenset(_paths(target)))
                return have
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                self._read(node, have)
                if isinstance(node, ast.Return):
                    self.ends.append(have)
                return None
            case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.AugAssign(value=value):
                if value is None:
                    return have
                self._read(value, have)
                targets = assigned(node)
                for target in targets:
                    if not isinstance(target, ast.Name | ast.Attribute):
                        self._read(target, have)
                return have | {dotted(target) for target in targets}
        self._read(node, have)
        return have

    def _read(self, node: ast.AST, have: Have) -> None:
        for path, read in _reads(node):
            if path in self.tracked and path not in have:
                self.missing(read, path)


def _reads(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    yield from ((name.id, name) for name in free_names(node) if isinstance(name.ctx, ast.Load))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Load):
            yield dotted(inner), inner


def _paths(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
