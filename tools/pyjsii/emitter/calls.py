"""Calls: what is passed is bound to what is declared, by Python's rules; then the built-in functions and methods."""

import ast

from ..reader.types import ANY, BOOL, INT, NONE, NUMBER, STR, Parameter, Signature, Type, list_of
from .expressions import Code, is_none, quote, suggestion
from .operators import Operators
from .patterns import javascript

STRING_METHODS = {
    "startswith": ("startsWith", 1, BOOL),
    "endswith": ("endsWith", 1, BOOL),
    "lower": ("toLowerCase", 0, STR),
    "upper": ("toUpperCase", 0, STR),
}
FUNCTIONS = (
    "len",
    "str",
    "int",
    "min",
    "max",
    "abs",
    "sorted",
    "list",
    "dict",
    "tuple",
    "range",
    "any",
    "all",
    "isinstance",
)
MATCHES = ("re.fullmatch", "re.search", "re.match")


class Calls(Operators):
    """Calls of functions, methods, classes and structs."""

    def call(self, node: ast.Call, want: Type | None) -> Code:
        """Translate a call."""
        text = ast.unparse(node.func)
        if text in ("typing.cast", "cast"):
            return self._cast(node)
        if text in MATCHES:
            self.module.refuse(node, f"the result of {text}", f"write {text}(…) is None, or is not None")
        if isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and node.func.id not in self.scope:
            return self._builtin(node, node.func.id)
        if text in ("super().__init__",):
            self.module.refuse(node, "super().__init__ as a value or in a branch", "call it as a statement of __init__")
        if isinstance(node.func, ast.Attribute):
            if ast.unparse(node.func.value) == "super()":
                return self._super_method(node, node.func)
            owner = self.expression(node.func.value)
            if owner.type.kind in ("str", "list", "map"):
                return self._method_of_value(node, node.func, owner)
        return self._declared(node)

    def _declared(self, node: ast.Call) -> Code:
        used = set(self.used)
        function = self.expression(node.func)
        if function.type.kind == "class":
            made = self.world.get(function.type.name)
            instance = Type("instance", function.type.name)
            if made.shape == "struct":
                self.used = used  # an object literal does not name its type
                if node.args:
                    self.module.refuse(node, f"{made.ts} with positions", "give its fields as keywords")
                return Code(self.arguments(node, Signature((), function.type.name), made.ts) or "{}", instance)
            if made.abstract or made.shape in ("enum", "interface"):
                self.module.refuse(node, f"{made.ts} cannot be made", "call one of its factories or subclasses")
            return Code(f"new {function.text}({self.arguments(node, self.world.init(made.name), made.ts)})", instance)
        if function.signature is None:
            self.module.refuse(node, f"{ast.unparse(node.func)} is not something to call", "see SUBSET.md, Classes")
        name = ast.unparse(node.func)
        return Code(f"{function.text}({self.arguments(node, function.signature, name)})", function.signature.returns)

    def _super_method(self, node: ast.Call, function: ast.Attribute) -> Code:
        bases = self.world.get(self.scope["self"].type.name).bases
        found = self.member(function, Type("instance", bases[0])) if bases else None
        if found is None or found.signature is None:
            self.module.refuse(node, f"{ast.unparse(node)} finds no such method", "check the base class")
        return Code(f"super.{found.ts}({self.arguments(node, found.signature, found.name)})", found.type)

    # -- arguments
    def arguments(self, node: ast.Call, signature: Signature, name: str) -> str:
        """Bind a call's arguments to a signature; the keywords that belong to its struct are gathered into one."""
        given: dict[str, str] = {}
        rest: list[str] = []
        places = signature.positional
        for i, argument in enumerate(node.args):
            place = places[i] if i < len(places) else places[-1] if places and places[-1].variadic else None
            if isinstance(argument, ast.Starred) or place is None:
                self.module.refuse(
                    argument,
                    f"{name} takes {len(places)} positional arguments",
                    "give the others as keywords, without *",
                )
            text = self.expression(argument, place.type).text
            rest.append(text) if place.variadic else given.__setitem__(place.name, text)
        fields = self.fields(signature.options) if signature.options else {}
        entries: dict[str, ast.expr] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                self.module.refuse(node, f"** in the call of {name}", "write the keywords out")
            place = next((p for p in places if p.name == keyword.arg and not p.variadic), None)
            place = place or fields.get(keyword.arg)
            if place is None or keyword.arg in given:
                known = [p.name for p in places] + list(fields)
                self.module.refuse(keyword.value, f"{name} takes no {keyword.arg}", suggestion(keyword.arg, known))
            text = self.expression(keyword.value, place.type).text
            if place.name in fields and place is fields[place.name]:
                entries[place.name] = keyword.value
            given[place.name] = text
        for place in [*places, *fields.values()]:
            if place.required and place.name not in given:
                self.module.refuse(node, f"{name} needs {place.name}", "give it")
        if signature.options:  # jsii's Python passes a struct even if nothing is in it; ours is {} by default
            own = self.world.get(signature.options).own
            rest += [self._literal(entries, given, fields, own)] if entries else [] if own else ["{}"]
        parts = [given.get(p.name) for p in places if not p.variadic] + rest
        while parts and parts[-1] is None:
            parts.pop()
        return ", ".join(part or "undefined" for part in parts)

    def _literal(
        self, entries: dict[str, ast.expr], given: dict[str, str], fields: dict[str, Parameter], own: bool
    ) -> str:
        """A struct as an object literal. Its keys reach CloudFormation in the order that jsii's Python gives them:
        the required ones first, then as declared. Its values are evaluated in the order in which they are written."""
        names = list(entries)
        order = [f.name for f in sorted(fields.values(), key=lambda f: not f.required) if f.name in entries]
        evaluates = [name for name in names if any(isinstance(n, ast.Call) for n in ast.walk(entries[name]))]
        swapped = evaluates != [name for name in order if name in evaluates]
        shown = names if own or swapped else order
        texts = [(fields[name].ts, given[name]) for name in shown]
        literal = "{ " + ", ".join(ts if ts == text else f"{ts}: {text}" for ts, text in texts) + " }"
        if own or not swapped:
            return literal
        return f"{self.prelude('ordered')}({literal}, {', '.join(quote(fields[name].ts) for name in order)})"

    def fields(self, struct: str) -> dict[str, Parameter]:
        """The fields of a struct, by their names in Python."""
        return {m.name: Parameter(m.name, m.ts, m.type, m.required) for m in self.world.members(struct).values()}

    # -- built-in functions
    def _builtin(self, node: ast.Call, name: str) -> Code:
        if node.keywords or not node.args:
            self.module.refuse(node, f"{ast.unparse(node)}", f"call {name} with positional arguments only")
        if name in ("any", "all"):
            return self._quantifier(node, name)
        if name not in ("sorted", "len") and any(isinstance(a, ast.SetComp) for a in node.args):
            self.module.refuse(node, f"{name}() of a set, which has no order", f"write {name}(sorted(…))")
        if name == "isinstance":
            return self._isinstance(node)
        values = [self._distinct(argument) or self.expression(argument) for argument in node.args]
        first = values[0].type
        kinds = {v.type.kind for v in values}
        one, sure = len(values) == 1, not any(v.type.optional for v in values)
        if name == "len" and one and sure and first.kind in ("str", "list", "map"):
            size = (
                f"{values[0].operand}.length" if first.kind == "list" else f"{self.prelude('size')}({values[0].text})"
            )
            return Code(size, INT)
        if name == "str" and one and sure and first.kind in ("str", "int", "number"):
            return Code(f"String({values[0].text})", STR)
        if name == "int" and one and sure and first.numeric:
            return Code(values[0].text if first == INT else f"{self.prelude('whole')}({values[0].text})", INT)
        if name in ("min", "max") and len(values) > 1 and sure and (kinds == {"int"} or kinds <= {"int", "number"}):
            joined = ", ".join(v.text for v in values)
            return Code(f"Math.{name}({joined})", INT if kinds == {"int"} else NUMBER)
        if name == "abs" and one and sure and first.numeric:
            return Code(f"Math.abs({values[0].text})", first)
        if name == "sorted" and one and sure and (first.kind == "map" or first == list_of(STR)):
            keys = values[0].text if first.kind == "list" else f"Object.keys({values[0].text})"
            return Code(f"{self.prelude('sorted')}({keys})", list_of(STR))
        if name in ("list", "tuple") and one and sure and first.kind == "list":
            return Code(f"[...{values[0].operand}]", first)
        if name == "dict" and one and sure and first.kind == "map":
            return Code(f"{{ ...{values[0].operand} }}", first)
        if name == "range" and sure and len(values) < 3 and kinds == {"int"}:
            return Code(f"{self.prelude('range')}({', '.join(v.text for v in values)})", list_of(INT))
        of = ", ".join(str(v.type) for v in values)
        self.module.refuse(node, f"{name}() of {of}", "see SUBSET.md, Built-in functions")

    def _distinct(self, node: ast.expr) -> Code | None:
        """A set, which may only be sorted or counted: nothing else about it is in order."""
        inner: ast.expr
        if isinstance(node, ast.SetComp):
            inner = ast.copy_location(ast.ListComp(node.elt, node.generators), node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "set" and len(node.args) == 1:
            inner = node.args[0]
        else:
            return None
        code = self.expression(inner)
        if code.type != list_of(STR):
            self.module.refuse(node, f"a set of {code.type.item}", "make a set of str")
        return Code(f"{self.prelude('distinct')}({code.text})", code.type)

    def _quantifier(self, node: ast.Call, name: str) -> Code:
        generator = node.args[0]
        if not isinstance(generator, ast.GeneratorExp) or len(node.args) > 1:
            self.module.refuse(node, f"{ast.unparse(node)}", f"write {name}(condition for x in xs)")
        test = ""

        def body() -> Code:
            nonlocal test
            test = self.condition(generator.elt)
            return Code(test, BOOL)

        pattern, source, _ = self.comprehension(generator, body)
        return Code(f"{source}.{'some' if name == 'any' else 'every'}(({pattern}) => {test})", BOOL)

    def _isinstance(self, node: ast.Call) -> Code:
        value = self.expression(node.args[0])
        kind = self.expression(node.args[1])
        if kind.type.kind != "class" or not self.world.get(kind.type.name).own:
            self.module.refuse(
                node,
                f"isinstance of {ast.unparse(node.args[1])}: through jsii an object may be of "
                "another class than in Python",
                "ask for a class of this package only",
            )
        return Code(f"{value.operand} instanceof {kind.text}", BOOL, atom=False)

    def _cast(self, node: ast.Call) -> Code:
        for name in ast.walk(node.args[0]):
            if isinstance(name, ast.Name) and name.id in self.module.lazy:
                self.imported(name)
        type_, value = self.annotation(node.args[0]), self.expression(node.args[1])
        return Code(f"{value.operand} as {self.type_text(type_)}", type_, atom=False)

    def type_text(self, type_: Type) -> str:
        """How TypeScript writes a type."""
        raise NotImplementedError

    # -- regular expressions
    def _on_compare(self, node: ast.Compare, want: Type | None) -> Code:
        """`re.fullmatch(pattern, text) is None` is one expression; other comparisons are as usual."""
        call = node.left
        asks_none = isinstance(node.ops[0], ast.Is | ast.IsNot) and is_none(node.comparators[0])
        if asks_none and isinstance(call, ast.Call) and ast.unparse(call.func) in MATCHES:
            return self._matches(call, isinstance(node.ops[0], ast.IsNot))
        return super()._on_compare(node, want)

    def _matches(self, call: ast.Call, wanted: bool) -> Code:
        pattern = self.constant(call.args[0])
        if len(call.args) != 2 or call.keywords or pattern is None:
            self.module.refuse(call, f"{ast.unparse(call)}", "match a literal pattern, without flags")
        body, wrong = javascript(pattern, ast.unparse(call.func).split(".")[1])
        if wrong:
            self.module.refuse(call, f"{wrong} in the pattern {pattern}", "see SUBSET.md, Regular expressions")
        text = self.expression(call.args[1])
        self._need(call.args[1], text, "str")
        return Code(("" if wanted else "!") + f"/{body}/u.test({text.text})", BOOL)

    def constant(self, node: ast.expr) -> str | None:
        """The text of a literal, or of a constant of this module."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            for statement in self.module.tree.body:
                if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == node.id:
                    return self.constant(statement.value)
        return None

    # -- methods of strings, lists and dicts
    def _method_of_value(self, node: ast.Call, function: ast.Attribute, owner: Code) -> Code:
        name, kind = function.attr, owner.type.kind
        if owner.type.optional:
            self.module.refuse(node, f"{ast.unparse(function.value)} may be None here", "check it first")
        if kind == "str" and name == "join":
            return self._join(node, owner)
        item = owner.type.item or ANY
        want = item if name in ("append", "get") else owner.type
        values = [self.expression(a, want if i == (name == "get") else None) for i, a in enumerate(node.args)]
        code = None
        if kind == "str" and name == "split" and len(values) == 1 and [k.arg for k in node.keywords] == ["maxsplit"]:
            most = self.expression(node.keywords[0].value)
            code = Code(f"{self.prelude('split')}({owner.text}, {values[0].text}, {most.text})", list_of(STR))
        elif not node.keywords and not any(isinstance(a, ast.Starred) for a in node.args):
            texts = [v.text for v in values]
            if kind == "str" and all(v.type == STR for v in values):
                code = self._string_method(node, name, owner, texts)
            elif kind == "list":
                code = self._list_method(name, owner, values)
            elif kind == "map":
                code = self._map_method(name, owner, values, item)
        if code is None:
            self.module.refuse(node, f"{ast.unparse(node)} on {owner.type}", "see SUBSET.md, Methods")
        return code

    def _join(self, node: ast.Call, owner: Code) -> Code:
        argument = node.args[0] if len(node.args) == 1 else node
        if isinstance(argument, ast.GeneratorExp):
            argument = ast.copy_location(ast.ListComp(argument.elt, argument.generators), argument)
        values = self.expression(argument, list_of(STR))
        if values.type != list_of(STR):
            self.module.refuse(node, f"join of {values.type}", "join a list of str")
        return Code(f"{values.operand}.join({owner.text})", STR)

    def _string_method(self, node: ast.Call, name: str, owner: Code, texts: list[str]) -> Code | None:
        if name in STRING_METHODS and len(texts) == STRING_METHODS[name][1]:
            ts, _, type_ = STRING_METHODS[name]
            return Code(f"{owner.operand}.{ts}({', '.join(texts)})", type_)
        if name == "replace" and len(texts) == 2:
            return Code(f"{owner.operand}.replaceAll({texts[0]}, () => {texts[1]})", STR)
        if name in ("strip", "removeprefix", "removesuffix") and len(texts) == (name != "strip"):
            ts = {"strip": "strip", "removeprefix": "removePrefix", "removesuffix": "removeSuffix"}[name]
            return Code(f"{self.prelude(ts)}({', '.join([owner.text, *texts])})", STR)
        if name == "split" and len(texts) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value:
            return Code(f"{owner.operand}.split({texts[0]})", list_of(STR))
        return None

    def _list_method(self, name: str, owner: Code, values: list[Code]) -> Code | None:
        if name == "append" and len(values) == 1:
            return Code(f"{owner.operand}.push({values[0].text})", NONE)
        if name == "extend" and len(values) == 1 and values[0].type.kind == "list" and not values[0].type.optional:
            return Code(f"{owner.operand}.push(...{values[0].operand})", NONE)
        return None

    def _map_method(self, name: str, owner: Code, values: list[Code], item: Type) -> Code | None:
        if name == "get" and len(values) in (1, 2) and values[0].type == STR:
            found = f"{self.prelude('get')}({owner.text}, {values[0].text}"
            if len(values) == 1:
                return Code(found + ")", item.maybe())
            return Code(f"{found}, {values[1].text})", item if values[1].type != NONE else item.maybe())
        if name == "update" and len(values) == 1 and values[0].type.kind == "map" and not values[0].type.optional:
            return Code(f"Object.assign({owner.operand}, {values[0].text})", NONE)
        return None
