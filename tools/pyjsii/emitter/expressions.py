"""Expressions, one method a kind of node. A kind that has no method here is not in the subset."""

import ast
import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from ..reader.declarations import Annotations
from ..reader.package import Module, Package, Symbol
from ..reader.types import ANY, BOOL, FLOAT, INT, NONE, NUMBER, STR, Member, Signature, Type, list_of, map_of

PLAIN = ("str", "int", "bool")
INTEGER_LIKE = re.compile(r"0|[1-9]\d*")


@dataclass
class Code:
    """A piece of TypeScript. An atom needs no parentheses as an operand."""

    text: str
    type: Type
    atom: bool = True
    signature: Signature | None = None

    @property
    def operand(self) -> str:
        """The text, safe beside an operator."""
        return self.text if self.atom else f"({self.text})"


class Expressions(Annotations):
    """What every translation of a body shares: the names in sight, what is known not to be None, the expressions."""

    def __init__(self, package: Package, module: Module) -> None:
        super().__init__(package, module)
        self.scope: dict[str, Symbol] = dict(module.scope)
        self.sure: set[str] = set()
        self.used: set[str] = set()

    def condition(self, node: ast.expr) -> str:
        """Truth has a room of its own (operators.py)."""
        raise NotImplementedError

    def facts(self, node: ast.expr, outcome: bool) -> set[str]:
        """And so has what a condition tells."""
        raise NotImplementedError

    def call(self, node: ast.Call, want: Type | None) -> Code:
        """Calls have a room of their own (calls.py)."""
        raise NotImplementedError

    def expression(self, node: ast.expr, want: Type | None = None) -> Code:
        """Translate one expression; `want` is the type of the place it goes to, where that is known."""
        name = f"_on_{type(node).__name__.lower()}"
        method: Callable[[ast.expr, Type | None], Code] | None = getattr(self, name, None)
        if method is None:
            self.module.refuse(node, f"{ast.unparse(node)} is outside the subset", "see SUBSET.md, Expressions")
        code = method(node, want)
        if is_path(node) and ast.unparse(node) in self.sure:
            code.type = code.type.sure()
        return code

    def _on_call(self, node: ast.Call, want: Type | None) -> Code:
        return self.call(node, want)

    # -- names and values
    def _on_constant(self, node: ast.Constant, want: Type | None) -> Code:
        value = node.value
        if value is None:
            return Code("undefined", NONE)
        if isinstance(value, bool):
            return Code(str(value).lower(), BOOL)
        if isinstance(value, int) and abs(value) < 2**53:
            return Code(str(value), INT)
        if isinstance(value, float):
            return Code(json.dumps(value), FLOAT)
        if isinstance(value, str):
            return Code(quote(value), STR)
        self.module.refuse(node, f"the constant {value!r}", "write a str, bool, float, None, or an int below 2**53")

    def _on_name(self, node: ast.Name, want: Type | None) -> Code:
        if node.id == "self" and "self" in self.scope:
            return Code("this", self.scope["self"].type)
        symbol = self.scope.get(node.id)
        if symbol is None:
            self.module.refuse(node, f"{node.id} is not known here", "define it, or see SUBSET.md, Built-in functions")
        if symbol is self.module.scope.get(node.id) and node.id in self.module.lazy:
            self.imported(node)
        self.used.add(symbol.ts)
        return Code(symbol.ts, symbol.type, signature=symbol.signature)

    def imported(self, node: ast.Name) -> None:
        """Refuse a name that is imported elsewhere: for annotations, in another function, in a branch."""
        if import_fact(node.id) not in self.sure:
            self.module.refuse(
                node, f"{node.id} is not imported here", "import it in this function before it is used, or at the top"
            )

    def _on_attribute(self, node: ast.Attribute, want: Type | None) -> Code:
        owner = self.expression(node.value)
        found = self.resolve(node) if owner.type.kind in ("module", "class") else None
        if found is not None:
            return Code(f"{owner.operand}.{node.attr}", found)
        if owner.type.kind == "instance" and self.world.get(owner.type.name).shape == "enum":
            return self._enum_value(node, owner)
        member = self.member(node, owner.type)
        if member.signature is not None:
            return Code(f"{owner.operand}.{member.ts}", member.type, signature=member.signature)
        return Code(f"{owner.operand}.{member.ts}", member.type)

    def member(self, node: ast.Attribute, owner: Type) -> Member:
        """The member that an attribute names; static ones on classes, others on instances."""
        if owner.kind not in ("class", "instance"):
            self.module.refuse(
                node, f"{ast.unparse(node.value)} is {owner}, whose members are not known", "typing.cast it to its type"
            )
        member = self.world.members(owner.name).get(node.attr)
        if member is None or member.static != (owner.kind == "class"):
            near = self.world.members(owner.name)
            self.module.refuse(
                node, f"{owner.name.split('.')[-1]} has no {node.attr}", suggestion(node.attr, list(near))
            )
        return member

    def _enum_value(self, node: ast.Attribute, owner: Code) -> Code:
        if node.attr not in ("value", "name") or not self.world.get(owner.type.name).own:
            self.module.refuse(node, f"{ast.unparse(node)} on an enum", "use .value of an enum of this package")
        return Code(f"{owner.operand} as string", STR, atom=False)

    def _on_joinedstr(self, node: ast.JoinedStr, want: Type | None) -> Code:
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += quote(str(part.value))[1:-1].replace("\\'", "'").replace("`", "\\`").replace("${", "\\${")
                continue
            assert isinstance(part, ast.FormattedValue)
            code = self.expression(part.value)
            if part.format_spec is not None and ast.unparse(part.format_spec) in ("f'g'", 'f"g"') and code.type.numeric:
                text += "${" + f"{self.prelude('general')}({code.text})" + "}"
                continue
            if part.format_spec is not None or part.conversion != -1:
                self.module.refuse(
                    node, f"formatting in {{{ast.unparse(part.value)}…}}", "put a plain str or int there"
                )
            if code.type.kind not in ("str", "int", "number") or code.type.optional:
                self.module.refuse(
                    node,
                    f"{{{ast.unparse(part.value)}}} is {code.type}",
                    "put a str or an int there, or write a float as {…:g}: the languages write others differently",
                )
            text += "${" + code.text + "}"
        return Code(f"`{text}`", STR)

    # -- collections
    def _on_list(self, node: ast.List | ast.Tuple, want: Type | None) -> Code:
        item = want.item if want and want.kind == "list" else None
        parts: list[str] = []
        found: list[Type] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                code = self.expression(element.value, want)
                self._need(element.value, code, "list")
                parts.append(f"...{code.operand}")
                found.append(code.type.item or ANY)
            else:
                code = self.expression(element, item)
                parts.append(code.text)
                found.append(code.type)
        return Code(f"[{', '.join(parts)}]", list_of(_common(found, item)))

    _on_tuple = _on_list

    def _on_dict(self, node: ast.Dict, want: Type | None) -> Code:
        if want and (self.world.is_struct(want)):
            self.module.refuse(node, f"a dict where {want.sure()} is wanted", f"write {want.sure()}(…)")
        item = want.item if want and want.kind == "map" else None
        parts: list[str] = []
        found: list[Type] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                code = self.expression(value, want)
                self._need(value, code, "map")
                parts.append(f"...{code.operand}")
                found.append(code.type.item or ANY)
                continue
            code = self.expression(value, item)
            written = f"{self._key(key)}: "
            if any(part.startswith(written) for part in parts):
                self.module.refuse(key, f"the key {ast.unparse(key)} is written twice", "leave one out")
            parts.append(written + code.text)
            found.append(code.type)
        return Code("{ " + ", ".join(parts) + " }" if parts else "{}", map_of(_common(found, item)))

    def _key(self, key: ast.expr) -> str:
        code = self.expression(key)
        if code.type != STR:
            self.module.refuse(key, f"the key {ast.unparse(key)} is {code.type}", "use str keys")
        if isinstance(key, ast.Constant):
            if INTEGER_LIKE.fullmatch(str(key.value)):
                self.module.refuse(
                    key,
                    f"the key {key.value!r} looks like a number, which JavaScript puts first",
                    "use another key, or a list",
                )
            return code.text
        return f"[{code.text}]"

    def _on_listcomp(self, node: ast.ListComp | ast.GeneratorExp, want: Type | None) -> Code:
        item = want.item if want and want.kind == "list" else None
        pattern, source, code = self.comprehension(node, lambda: self.expression(node.elt, item))
        text = source if code.text == pattern else f"{source}.map(({pattern}) => {arrow_body(code.text)})"
        return Code(text, list_of(item or code.type))

    def _on_generatorexp(self, node: ast.GeneratorExp, want: Type | None) -> Code:
        self.module.refuse(node, f"the generator {ast.unparse(node)}", "write a list, or any(), all() or join() of it")

    def _on_dictcomp(self, node: ast.DictComp, want: Type | None) -> Code:
        item = want.item if want and want.kind == "map" else None
        key = ""

        def body() -> Code:
            nonlocal key
            key = self.expression(node.key).text
            return self.expression(node.value, item)

        pattern, source, code = self.comprehension(node, body)
        text = f"Object.fromEntries({source}.map(({pattern}) => [{key}, {code.text}]))"
        return Code(text, map_of(item or code.type))

    def comprehension(
        self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp, body: Callable[[], Code]
    ) -> tuple[str, str, Code]:
        """The pattern that binds one element, the filtered source, and what is made of the element."""
        if len(node.generators) != 1 or node.generators[0].is_async:
            self.module.refuse(node, f"{ast.unparse(node)} has more than one for", "write a for loop")
        generator = node.generators[0]
        outer, sure = dict(self.scope), set(self.sure)
        pattern, source = self.iterate(generator.target, generator.iter)
        for condition in generator.ifs:
            source += f".filter(({pattern}) => {self.condition(condition)})"
            self.sure |= self.facts(condition, True)
        code = body()
        self.scope, self.sure = outer, sure
        return pattern, source, code

    def iterate(self, target: ast.expr, source: ast.expr) -> tuple[str, str]:
        """The pattern and the array to run over, for a loop or a comprehension; binds the names."""
        call = source.func.id if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) else ""
        if call == "enumerate" and isinstance(source, ast.Call):
            inner = self.expression(source.args[0])
            self._need(source.args[0], inner, "list")
            if len(source.args) > 1 or source.keywords:
                self.module.refuse(source, "enumerate with a start", "add to the index where it is used")
            return self._pair(target, INT, inner.type.item or ANY), f"[...{inner.operand}.entries()]"
        items = _items(source.args[0]) if isinstance(source, ast.Call) and len(source.args) == 1 else None
        if call == "sorted" and items is not None and isinstance(source, ast.Call):
            inner = self.expression(items)
            self._need(source, inner, "map")
            if source.keywords:
                self.module.refuse(source, "sorted with a key or reverse", "sort by name")
            return self._pair(target, STR, inner.type.item or ANY), f"{self.prelude('sortedItems')}({inner.text})"
        if _items(source) is not None:
            self.module.refuse(
                source,
                f"a loop over {ast.unparse(source)}, whose order the languages do not share",
                f"loop over sorted({ast.unparse(source)})",
            )
        code = self.expression(source)
        if code.type.kind == "map":
            self.module.refuse(
                source,
                f"a loop over the dict {ast.unparse(source)}, whose order the languages do not share",
                f"loop over sorted({ast.unparse(source)})",
            )
        self._need(source, code, "list")
        return self.bind(target, code.type.item or ANY), code.operand

    def _pair(self, target: ast.expr, first: Type, second: Type) -> str:
        if not (isinstance(target, ast.Tuple) and len(target.elts) == 2):
            self.module.refuse(target, f"{ast.unparse(target)} takes a pair", "write two names")
        return f"[{self.bind(target.elts[0], first)}, {self.bind(target.elts[1], second)}]"

    def bind(self, target: ast.expr, type_: Type) -> str:
        """Make a local name known; its TypeScript name."""
        if not isinstance(target, ast.Name):
            self.module.refuse(target, f"{ast.unparse(target)} as a target", "assign to one plain name")
        ts = self.local(target.id)
        self.scope[target.id] = Symbol(ts, type_)
        self.sure -= {p for p in self.sure if p == target.id or p.startswith(f"{target.id}.")}
        return ts

    def local(self, name: str) -> str:
        """The TypeScript name of a local one."""
        raise NotImplementedError

    def prelude(self, name: str) -> str:
        """One of the functions that make JavaScript do what Python does (prelude.ts)."""
        self.used.add("py")
        return f"py.{name}"

    def _on_subscript(self, node: ast.Subscript, want: Type | None) -> Code:
        owner = self.expression(node.value)
        if owner.type.kind not in ("list", "map") or isinstance(node.slice, ast.Slice):
            self.module.refuse(node, f"{ast.unparse(node)} on {owner.type}", "index a list or a dict, without a slice")
        index = self.expression(node.slice)
        self._need(node.slice, index, "int" if owner.type.kind == "list" else "str")
        get = self.prelude("at" if owner.type.kind == "list" else "item")
        return Code(f"{get}({owner.text}, {index.text})", owner.type.item or ANY)

    def _need(self, node: ast.expr, code: Code, kind: str) -> None:
        if code.type.kind != kind or code.type.optional:
            self.module.refuse(node, f"{ast.unparse(node)} is {code.type}", f"a {Type(kind)} is needed here")  # type: ignore[arg-type]


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


def import_fact(name: str) -> str:
    """What is known after a function has imported a name; it stands among what is known not to be None."""
    return f"import {name}"


def is_none(node: ast.expr) -> bool:
    """Whether this is the word None."""
    return isinstance(node, ast.Constant) and node.value is None


def is_path(node: ast.expr) -> bool:
    """`a` or `a.b.c`: asking twice gives the same."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and is_path(node.value))


def _items(node: ast.expr) -> ast.expr | None:
    """The `d` of `d.items()`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("items", "values"):
        return node.func.value
    return None


def arrow_body(text: str) -> str:
    """An object literal as an arrow's result needs parentheses."""
    return f"({text})" if text.startswith("{") else text


def quote(text: str) -> str:
    """A string literal of TypeScript."""
    return "'" + json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def suggestion(name: str, known: list[str]) -> str:
    """The name that was probably meant."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "check the name"
