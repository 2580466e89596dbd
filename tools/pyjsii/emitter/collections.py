"""Lists and dicts: how they are written, made from others, looped over and indexed."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from ..reader.types import ANY, FLOAT, INT, NUMBER, STR, Type, list_of, map_of
from . import tree as ts
from .context import Context, Value

if TYPE_CHECKING:
    from .expressions import Expressions

PLAIN = ("str", "int", "bool")
Comprehension = ast.ListComp | ast.GeneratorExp | ast.DictComp


class Collections:
    """Translates what makes a list or dict, or takes one apart."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    # -- literals
    def sequence(self, node: ast.List | ast.Tuple, want: Type | None) -> Value:
        """`[a, *b]` or `(a, *b)`."""
        item = want.item if want and want.kind == "list" else None
        parts: list[ts.Expression] = []
        found: list[Type] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                value = self.expressions.translate(element.value, want)
                self.context.need(element.value, value, "list")
                parts.append(ts.Spread(value.node))
                found.append(value.type.item or ANY)
            else:
                value = self.expressions.translate(element, item)
                parts.append(value.node)
                found.append(value.type)
        return Value(ts.Array(tuple(parts)), list_of(_common(found, item)))

    def dictionary(self, node: ast.Dict, want: Type | None) -> Value:
        """`{a: b, **c}`."""
        if want and self.context.world.is_struct(want):
            self.context.module.refuse(node, f"a dict where {want.sure()} is wanted", f"write {want.sure()}(…)")
        item = want.item if want and want.kind == "map" else None
        entries: list[ts.Property | ts.Spread] = []
        found: list[Type] = []
        for key, element in zip(node.keys, node.values, strict=True):
            if key is None:
                value = self.expressions.translate(element, want)
                self.context.need(element, value, "map")
                entries.append(ts.Spread(value.node))
                found.append(value.type.item or ANY)
                continue
            value = self.expressions.translate(element, item)
            written, computed = self.key(key)
            if any(isinstance(e, ts.Property) and (e.key, e.computed) == (written, computed) for e in entries):
                self.context.module.refuse(key, f"the key {ast.unparse(key)} is written twice", "leave one out")
            entries.append(ts.Property(written, value.node, computed))
            found.append(value.type)
        return Value(ts.Object(tuple(entries)), map_of(_common(found, item)))

    def key(self, node: ast.expr) -> tuple[ts.Expression, bool]:
        """The key of a dict, and whether it is computed."""
        value = self.expressions.translate(node)
        if value.type != STR:
            self.context.module.refuse(node, f"the key {ast.unparse(node)} is {value.type}", "use str keys")
        if isinstance(value.node, ts.Text):
            _check_order(self.context, node, value.node.value)
            return value.node, False
        return value.node, True

    # -- made of others
    def list_of_each(self, node: ast.ListComp | ast.GeneratorExp, want: Type | None) -> Value:
        """`[f(x) for x in xs if …]`."""
        item = want.item if want and want.kind == "list" else None
        pattern, source, value = self.comprehension(node, lambda: self.expressions.translate(node.elt, item))
        each = source if value.node == pattern else ts.method(source, "map", ts.Arrow(pattern, value.node))
        return Value(each, list_of(item or value.type))

    def generator(self, node: ast.GeneratorExp, want: Type | None) -> Value:
        """A generator is refused but where `any`, `all` and `join` take it."""
        self.context.module.refuse(
            node, f"the generator {ast.unparse(node)}", "write a list, or any(), all() or join() of it"
        )

    def dictionary_of(self, node: ast.DictComp, want: Type | None) -> Value:
        """`{f(x): g(x) for x in xs}`."""
        item = want.item if want and want.kind == "map" else None
        keys: list[ts.Expression] = []

        def body() -> Value:
            keys.append(self.expressions.translate(node.key).node)
            return self.expressions.translate(node.value, item)

        pattern, source, value = self.comprehension(node, body)
        pairs = ts.method(source, "map", ts.Arrow(pattern, ts.Array((keys[0], value.node))))
        return Value(ts.method(ts.Name("Object"), "fromEntries", pairs), map_of(item or value.type))

    def comprehension(
        self, node: Comprehension, body: Callable[[], Value]
    ) -> tuple[ts.Expression, ts.Expression, Value]:
        """The pattern that binds one element, the filtered source, and what is made of the element."""
        if len(node.generators) != 1 or node.generators[0].is_async:
            self.context.module.refuse(node, f"{ast.unparse(node)} has more than one for", "write a for loop")
        generator = node.generators[0]
        conditions = self.expressions.conditions
        with self.context.inner():
            pattern, source = self.iterate(generator.target, generator.iter)
            for condition in generator.ifs:
                source = ts.method(source, "filter", ts.Arrow(pattern, conditions.translate(condition)))
                self.context.sure |= conditions.facts(condition, True)
            value = body()
        return pattern, source, value

    # -- taken apart
    def iterate(self, target: ast.expr, source: ast.expr) -> tuple[ts.Expression, ts.Expression]:
        """The pattern and the array to run over, for a loop or a comprehension; binds the names."""
        match source:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *more], keywords=keywords):
                value = self.expressions.translate(inner)
                self.context.need(inner, value, "list")
                if more or keywords:
                    self.context.module.refuse(source, "enumerate with a start", "add to the index where it is used")
                entries = ts.Array((ts.Spread(ts.method(value.node, "entries")),))
                return self._pair(target, INT, value.type.item or ANY), entries
            case ast.Call(func=ast.Name(id="sorted"), args=[inner], keywords=keywords) if _items(inner):
                value = self.expressions.translate(_items(inner) or inner)
                self.context.need(source, value, "map")
                if keywords:
                    self.context.module.refuse(source, "sorted with a key or reverse", "sort by name")
                pairs = self.context.prelude("sortedItems", value.node)
                return self._pair(target, STR, value.type.item or ANY), pairs
        if _items(source):
            self._refuse_order(source, ast.unparse(source))
        value = self.expressions.translate(source)
        if value.type.kind == "map":
            self._refuse_order(source, f"the dict {ast.unparse(source)}")
        self.context.need(source, value, "list")
        return self.context.bind(target, value.type.item or ANY), value.node

    def _refuse_order(self, source: ast.expr, what: str) -> NoReturn:
        self.context.module.refuse(
            source,
            f"a loop over {what}, whose order the languages do not share",
            f"loop over sorted({ast.unparse(source)})",
        )

    def _pair(self, target: ast.expr, first: Type, second: Type) -> ts.Expression:
        if not (isinstance(target, ast.Tuple) and len(target.elts) == 2):
            self.context.module.refuse(target, f"{ast.unparse(target)} takes a pair", "write two names")
        return ts.Array((self.context.bind(target.elts[0], first), self.context.bind(target.elts[1], second)))

    def subscript(self, node: ast.Subscript, want: Type | None) -> Value:
        """`xs[i]` or `d[k]`; what is not there raises."""
        owner = self.expressions.translate(node.value)
        if owner.type.kind not in ("list", "map") or isinstance(node.slice, ast.Slice):
            self.context.module.refuse(
                node, f"{ast.unparse(node)} on {owner.type}", "index a list or a dict, without a slice"
            )
        index = self.expressions.translate(node.slice)
        self.context.need(node.slice, index, "int" if owner.type.kind == "list" else "str")
        get = "at" if owner.type.kind == "list" else "item"
        return Value(self.context.prelude(get, owner.node, index.node), owner.type.item or ANY)


def _check_order(context: Context, node: ast.expr, key: str) -> None:
    if key == "0" or (key.isascii() and key.isdigit() and key[0] != "0"):
        context.module.refuse(
            node, f"the key {key!r} looks like a number, which JavaScript puts first", "use another key, or a list"
        )


def _items(node: ast.expr) -> ast.expr | None:
    """The `d` of `d.items()`."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="items" | "values")):
            return owner
    return None


def _common(found: list[Type], wanted: Type | None) -> Type:
    """The type of elements: what they are if they are all one thing of another kind than is wanted."""
    first = found[0] if found else ANY
    if all(t == first for t in found) and (wanted is None or (found and first.kind in PLAIN and wanted.kind in PLAIN)):
        return first
    optional = any(t.optional for t in found)
    if wanted is None and all(t.sure() == first.sure() for t in found):
        return first.maybe(optional)
    if wanted is None and all(t.numeric for t in found):
        return (FLOAT if any(t.kind == "float" for t in found) else NUMBER).maybe(optional)
    return wanted or ANY
