"""What is passed to a call is bound to what is declared, by Python's rules; keywords become one object."""

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from ..reader.names import suggestion
from ..reader.types import Parameter, Signature
from . import tree as ts
from .context import Context, Value
from .order import swapped
from .sentences import speaks

if TYPE_CHECKING:
    from .expressions import Expressions


class Arguments:
    """Translates the arguments of a call whose signature is known."""

    def __init__(self, context: Context, expressions: "Expressions") -> None:
        self.context, self.expressions = context, expressions

    def bound(self, node: ast.Call, signature: Signature, name: str) -> tuple[ts.Expression, ...]:
        """The arguments in TypeScript; the keywords that belong to the signature's struct are gathered into one."""
        given: dict[str, Value] = {}
        rest = self._positional(node, signature, name, given)
        fields = self.context.fields(signature.options) if signature.options else {}
        entries = self._keywords(node, signature, name, given, fields)
        for place in [*signature.positional, *fields.values()]:
            if place.required and place.name not in given:
                self.context.module.refuse(node, f"{name} needs {place.name}", "give it")
        if signature.options:  # jsii's Python passes a struct even if nothing is in it; ours is {} by default
            own = self.context.world.get(signature.options).own
            if entries or not own:
                rest.append(self._struct(entries, given, fields, own))
        self._check_order(node, list(given), [p.name for p in signature.positional], given)
        parts = [self._of(given, p) for p in signature.positional if not p.variadic] + rest
        while parts and parts[-1] is None:
            parts.pop()
        return tuple(part or ts.UNDEFINED for part in parts)

    def _of(self, given: dict[str, Value], place: Parameter) -> ts.Expression | None:
        return given[place.name].node if place.name in given else None

    def _check_order(self, node: ast.Call, written: list[str], positions: list[str], given: dict[str, Value]) -> None:
        """Arguments are evaluated as they are written; TypeScript has the positions first, as they are declared."""
        emitted = [name for name in positions if name in given] + [name for name in written if name not in positions]
        pair = swapped(written, emitted, {name: value.weight for name, value in given.items()})
        if pair is not None:
            self.context.module.refuse(
                node, f"{pair[0]} is evaluated before {pair[1]}, which comes first", "give them in the declared order"
            )

    def struct(self, node: ast.Call, fqn: str, name: str) -> ts.Expression:
        """A struct: its fields are keywords."""
        if node.args:
            self.context.module.refuse(node, f"{name} with positions", "give its fields as keywords")
        found = self.bound(node, Signature((), fqn), name)
        return found[0] if found else ts.Object()

    def _value(self, node: ast.expr, place: Parameter) -> Value:
        value = self.expressions.translate(node, place.type)
        self.context.check_number(node, value, place.type)
        return value

    def _positional(
        self, node: ast.Call, signature: Signature, name: str, given: dict[str, Value]
    ) -> list[ts.Expression | None]:
        """Bind the positions; what goes to a variadic parameter is returned."""
        rest: list[ts.Expression | None] = []
        places = signature.positional
        for i, argument in enumerate(node.args):
            place = places[i] if i < len(places) else places[-1] if places and places[-1].variadic else None
            if isinstance(argument, ast.Starred) or place is None:
                self.context.module.refuse(
                    argument,
                    f"{name} takes {len(places)} positional arguments",
                    "give the others as keywords, without *",
                )
            value = self._value(argument, place)
            if place.variadic:
                rest.append(value.node)
            else:
                given[place.name] = value
        return rest

    def _keywords(
        self,
        node: ast.Call,
        signature: Signature,
        name: str,
        given: dict[str, Value],
        fields: dict[str, Parameter],
    ) -> dict[str, ast.expr]:
        """Bind the keywords; those that are fields of the struct are returned, in the order in which they stand."""
        entries: dict[str, ast.expr] = {}
        positions = {p.name: p for p in signature.positional if not p.variadic}
        for keyword in node.keywords:
            if keyword.arg is None:
                self.context.module.refuse(node, f"** in the call of {name}", "write the keywords out")
            place = positions.get(keyword.arg) or fields.get(keyword.arg)
            if place is None or keyword.arg in given:
                known = [p.name for p in signature.positional] + list(fields)
                self.context.module.refuse(
                    keyword.value, f"{name} takes no {keyword.arg}", suggestion(keyword.arg, known)
                )
            value = self._value(keyword.value, place)
            if speaks(place.name):
                value = replace(value, node=self.context.words_of(keyword.value, value.node))
            given[place.name] = value
            if place.name not in positions:
                entries[place.name] = keyword.value
        return entries

    def _struct(
        self,
        entries: dict[str, ast.expr],
        given: dict[str, Value],
        fields: dict[str, Parameter],
        own: bool,
    ) -> ts.Expression:
        """A struct as an object literal. Its keys reach CloudFormation in the order that jsii's Python gives them:
        the required ones first, then as declared. Its values are evaluated in the order in which they are written."""
        names = list(entries)
        order = [f.name for f in sorted(fields.values(), key=lambda f: not f.required) if f.name in entries]
        moved = swapped(names, order, {name: given[name].weight for name in names}) is not None
        shown = names if own or moved else order
        literal = ts.Object(tuple(ts.Property(ts.Name(fields[name].ts), given[name].node) for name in shown))
        if own or not moved:
            return literal
        return self.context.prelude("ordered", literal, *(ts.Text(fields[name].ts) for name in order))
