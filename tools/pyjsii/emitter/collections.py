"""Lists and dicts: how they are written, made from others, looped over and indexed."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from ..reader.syntax import dotted, is_path, names_in
from ..reader.types import ANY, FLOAT, INT, NUMBER, STR, Type, list_of, map_of
from . import tree as ts
from .context import Context, Value
from .known import Known
from .order import apart, may_act

if TYPE_CHECKING:
    from .expressions import Expressions

PLAIN = ("str", "int", "bool")
Comprehension = ast.ListComp | ast.GeneratorExp | ast.DictComp


@dataclass(frozen=True)
class Each:
    """A comprehension: for each element of the source that passes the tests, a value."""

    pattern: ts.Expression
    source: ts.Expression
    tests: tuple[ts.Expression, ...]
    value: Value
    in_steps: bool
    """Whether all may be tested before the first value is made."""
    shared: bool
    """Whether a list that is made of the elements themselves may be the source: nobody else sees it."""

    @property
    def test(self) -> ts.Expression | None:
        """All tests as one."""
        joined = None
        for test in self.tests:
            joined = ts.Binary("&&", joined, test) if joined is not None else test
        return joined

    def made(self) -> ts.Expression:
        """The list."""
        itself = self.value.node == self.pattern
        if itself and not self.tests:
            return self.source if self.shared else ts.Array((ts.Spread(self.source),))
        if self.test is not None and not itself and not self.in_steps:
            one = ts.Conditional(self.test, ts.Array((self.value.node,)), ts.Array())
            return ts.method(self.source, "flatMap", ts.Arrow(self.pattern, one))
        made = self.source
        for test in self.tests:
            made = ts.method(made, "filter", ts.Arrow(self.pattern, test))
        return made if itself else ts.method(made, "map", ts.Arrow(self.pattern, self.value.node))

    def quantified(self, every: bool) -> ts.Expression:
        """Whether the value is true of one element, or of every one."""
        asked = self.value.node
        if self.test is not None and every:
            asked = ts.Binary("||", ts.Unary("!", self.test), asked)
        elif self.test is not None:
            asked = ts.Binary("&&", self.test, asked)
        return ts.method(self.source, "every" if every else "some", ts.Arrow(self.pattern, asked))


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
        each = self.comprehension(node, lambda: self.expressions.translate(node.elt, item))
        return Value(each.made(), list_of(item or each.value.type))

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
            keys.append(self.key(node.key)[0])
            return self.expressions.translate(node.value, item)

        each = self.comprehension(node, body)
        pairs = replace(each, value=replace(each.value, node=ts.Array((keys[0], each.value.node)))).made()
        return Value(ts.method(ts.Name("Object"), "fromEntries", pairs), map_of(item or each.value.type))

    def comprehension(self, node: Comprehension, body: Callable[[], Value]) -> Each:
        """What a comprehension runs over, what it asks of each element, and what it makes of it."""
        if len(node.generators) != 1 or node.generators[0].is_async:
            self.context.module.refuse(node, f"{ast.unparse(node)} has more than one for", "write a for loop")
        generator = node.generators[0]
        self._check_steady(node, generator.iter)
        with self.context.inner():
            pattern, source = self.iterate(generator.target, generator.iter)
            self.context.known = self._after_calls(node)
            tests, asking = self.context.weigh(lambda: [self._tested(condition) for condition in generator.ifs])
            value, making = self.context.weigh(body)
        own = {name.id for name in names_in(generator.target)}
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        in_steps = all(own <= {n.id for part in parts for n in names_in(part)} for parts in (generator.ifs, made))
        in_steps = in_steps and not apart(asking, making)
        return Each(pattern, source, tuple(tests), value, in_steps, isinstance(node, ast.GeneratorExp))

    def _tested(self, condition: ast.expr) -> ts.Expression:
        conditions = self.expressions.conditions
        test = conditions.translate(condition)
        self.context.known = self.context.known.told(conditions.facts(condition, True))
        return test

    def _after_calls(self, node: Comprehension) -> Known:
        """What is known in every round: what the calls of one may change is not known in the next."""
        known = self.context.known
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and call is not node.generators[0].iter and may_act(call):
                return known.without(lambda path: "." in path and not self.context.is_steady(path))
        return known

    def _check_steady(self, node: Comprehension, source: ast.expr) -> None:
        """JavaScript's methods run over what a list held at first; Python's loops see what is added."""
        if isinstance(source, ast.Call) and dotted(source.func) == "enumerate" and source.args:
            source = source.args[0]
        if not is_path(source):
            return
        parts = [p for p in ast.iter_child_nodes(node) if not isinstance(p, ast.comprehension)]
        for part in [*parts, *node.generators[0].ifs]:
            for call in ast.walk(part):
                reach = {dotted(source), "self"} if dotted(source).startswith("self.") else {dotted(source)}
                if isinstance(call, ast.Call) and may_act(call) and reach & _given(call):
                    self.context.module.refuse(
                        call, f"{ast.unparse(call)} may change {dotted(source)}, which is run over", "write a for loop"
                    )

    # -- taken apart
    def iterate(self, target: ast.expr, source: ast.expr, *, live: bool = False) -> tuple[ts.Expression, ts.Expression]:
        """The pattern and what to run over, for a loop or a comprehension; binds the names. A loop sees what is added
        to a list meanwhile (`live`)."""
        match source:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *more], keywords=keywords):
                value = self.expressions.translate(inner)
                self.context.need(inner, value, "list")
                if more or keywords:
                    self.context.module.refuse(source, "enumerate with a start", "add to the index where it is used")
                pairs = ts.method(value.node, "entries")
                all_pairs = pairs if live else ts.Array((ts.Spread(pairs),))
                return self._pair(target, INT, value.type.item or ANY), all_pairs
            case ast.Call(func=ast.Name(id="sorted"), args=[inner], keywords=keywords) if _items(inner, "items"):
                value = self.expressions.translate(_items(inner, "items") or inner)
                self.context.need(source, value, "map")
                if keywords:
                    self.context.module.refuse(source, "sorted with a key or reverse", "sort by name")
                sorted_pairs = self.context.prelude("sortedItems", value.node)
                return self._pair(target, STR, value.type.item or ANY), sorted_pairs
        if _items(source, "items", "values"):
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
        if index.node == ts.Literal("0") and _is_split(owner.node):  # never empty
            outer = self.context.weight
            found = self.context.prelude(get, owner.node, index.node)
            self.context.weight = outer
            return Value(found, owner.type.item or ANY)
        return Value(self.context.prelude(get, owner.node, index.node), owner.type.item or ANY)


def _check_order(context: Context, node: ast.expr, key: str) -> None:
    if key == "0" or (key.isascii() and key.isdigit() and key[0] != "0"):
        context.module.refuse(
            node, f"the key {key!r} looks like a number, which JavaScript puts first", "use another key, or a list"
        )


def _is_split(node: ts.Expression) -> bool:
    return isinstance(node, ts.Call) and isinstance(node.function, ts.Member) and node.function.name == "split"


def _given(call: ast.Call) -> set[str]:
    """The paths that a call is given, with the object whose method it is."""
    parts = [*call.args, *(keyword.value for keyword in call.keywords), call.func]
    return {dotted(node) for part in parts for node in ast.walk(part)}


def _items(node: ast.expr, *methods: str) -> ast.expr | None:
    """The `d` of `d.items()`, or of another of these methods."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in methods:
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
