"""Statements: one method a kind, and what is known after each. What none takes is refused."""

import ast

from ..reader.imports import bound
from ..reader.syntax import dotted, first_line, is_none, is_super_init, names_in
from ..reader.types import NONE, STR, Signature, Type
from . import tree as ts
from .context import Context, Value
from .expressions import Expressions
from .order import Weight, apart, may_act

ERRORS = ("ValueError", "TypeError", "RuntimeError")
Block = tuple[ts.Statement, ...]


class Statements:
    """Translates the statements of one function's body."""

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def block(self, body: list[ast.stmt]) -> Block:
        """Some statements, one after the other."""
        return tuple(made for node in body for made in self.statement(node))

    def statement(self, node: ast.stmt) -> list[ts.Statement]:
        """One statement, which may be two in TypeScript, or none."""
        match node:
            case ast.Expr(value=ast.Call() as call):
                return self._call(call)
            case ast.Return():
                return [self._return(node)]
            case ast.Raise():
                return [self._raise(node)]
            case ast.If():
                return [self._if(node)]
            case ast.For():
                return [self._for(node)]
            case ast.Assign(targets=[target], value=value):
                return [self._assign(node, target, value, None)]
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return [self._assign(node, target, value, self.context.annotations.read(node.annotation))]
            case ast.AugAssign():
                return [self._augmented(node)]
            case ast.Import() | ast.ImportFrom():
                self.context.known = self.context.known.importing(bound(node))
                return []
            case ast.Pass():
                return []
            case ast.Break():
                return [ts.Leave("break")]
            case ast.Continue():
                return [ts.Leave("continue")]
        self.context.module.refuse(node, f"`{first_line(node)}` is outside the subset", "see SUBSET.md, Statements")

    def _call(self, node: ast.Call) -> list[ts.Statement]:
        if not is_super_init(node.func):
            self.context.statement = node
            return [ts.Do(self.expressions.translate(node).node)]
        owner = self.context.owner
        if owner is None:
            self.context.module.refuse(node, "super().__init__ outside a class", "call it in __init__")
        if owner.shape == "error":
            if node.keywords or len(node.args) > 1:
                self.context.module.refuse(
                    node, f"{ast.unparse(node)} with more than one argument", "give it the sentence only"
                )
            sentence = tuple(self._sentence(argument) for argument in node.args)
            name = ts.Assign(ts.Member(ts.Name("this"), "name"), ts.Text(owner.ts))
            return [ts.Do(ts.Call(ts.Name("super"), sentence)), name]
        signature = self.context.world.init(owner.bases[0]) if owner.bases else Signature()
        arguments = self.expressions.calls.arguments.bound(node, signature, "super().__init__")
        return [ts.Do(ts.Call(ts.Name("super"), arguments))]

    def _return(self, node: ast.Return) -> ts.Statement:
        value = node.value
        if value is None or (is_none(value) and self.context.returns == NONE):
            if self.context.returns != NONE:
                self.context.module.refuse(node, "a return without a value", "write return None")
            return ts.Leave("return")
        found = self.expressions.translate(value, self.context.returns)
        self.context.check_number(value, found, self.context.returns)
        returned = found.node
        return ts.Leave("return", self.context.words_of(value, returned) if self.context.returns_words else returned)

    def _raise(self, node: ast.Raise) -> ts.Statement:
        if not isinstance(node.exc, ast.Call) or not (node.cause is None or is_none(node.cause)):
            self.context.module.refuse(
                node, f"{ast.unparse(node)}", "raise an exception with its sentence, without a cause"
            )
        if dotted(node.exc.func) in ERRORS and len(node.exc.args) == 1:
            sentence = self._sentence(node.exc.args[0])
            return ts.Leave("throw", ts.Call(ts.Name("Error"), (sentence,), new=True))
        return ts.Leave("throw", self.expressions.translate(node.exc).node)

    def _sentence(self, node: ast.expr) -> ts.Expression:
        found = self.expressions.translate(node, STR)
        self.context.need(node, found, "str")
        return found.node

    # -- branches and loops
    def _if(self, node: ast.If) -> ts.If:
        conditions = self.expressions.conditions
        test, before = conditions.translate(node.test), self.context.known
        self.context.known = before.told(conditions.facts(node.test, True))
        then, ways = self.block(node.body), []
        if not ends(node.body):
            ways.append(self.context.known)
        self.context.known = before.told(conditions.facts(node.test, False))
        other = self.block(node.orelse)
        if not ends(node.orelse):
            ways.append(self.context.known)
        self.context.known = ways[0].meet(*ways) if ways else before
        return ts.If(test, then, other)

    def _for(self, node: ast.For) -> ts.For:
        if node.orelse:
            self.context.module.refuse(node, "for … else", "use a variable or a function that returns")
        stored = {
            dotted(n)
            for n in ast.walk(node)
            if isinstance(n, ast.Name | ast.Attribute) and isinstance(n.ctx, ast.Store)
        }
        pattern, source = self.expressions.collections.iterate(node.target, node.iter, live=True)
        before = self.context.known
        for path in stored:
            before = before.forget(path)
        if any(isinstance(n, ast.Call) and may_act(n) for part in node.body for n in ast.walk(part)):
            before = before.without(lambda path: "." in path and not self.context.is_steady(path))
        self.context.known = before
        for name in names_in(node.target):
            if self.context.variables.declares.get(id(name)) != "const":
                self.context.module.refuse(
                    node, f"the loop variable {name.id} is used after its loop or given a value", "use another name"
                )
        body = self.block(node.body)
        self.context.known = before
        return ts.For(pattern, source, body)

    # -- assignments
    def _assign(self, node: ast.stmt, target: ast.expr, value: ast.expr, wanted: Type | None) -> ts.Statement:
        match target:
            case ast.Name():
                return self._assign_name(target, value, wanted)
            case ast.Attribute(value=ast.Name(id="self")) if self.context.owner is not None:
                return self._assign_attribute(target, value)
            case ast.Attribute():
                return self._assign_member(target, value)
            case ast.Subscript(value=owner, slice=key):
                found = self.expressions.translate(owner)
                self.context.need(owner, found, "map")
                (written, _), asking = self.context.weigh(lambda: self.expressions.collections.key(key))
                to = self.expressions.translate(value, found.type.item)
                self._check_order(node, to.weight, max(found.weight, asking))
                return ts.Assign(ts.Element(found.node, written), to.node)
        self.context.module.refuse(
            node, f"{ast.unparse(target)} as a target", "assign to a name, an attribute or a key"
        )

    def _assign_name(self, target: ast.Name, value: ast.expr, wanted: Type | None) -> ts.Statement:
        context = self.context
        known = context.scope.get(target.id)
        found = self.expressions.translate(value, wanted or (known.type if known else None))
        keyword = context.variables.declares.get(id(target), "")
        type_ = wanted or found.type if keyword or known is None else known.type
        context.check_number(value, found, type_)
        if type_ == NONE:
            context.module.refuse(target, f"{target.id} is None, of no type", f"write {target.id}: T | None = None")
        name = context.bind(target, type_)
        if type_.optional and not found.type.optional:
            context.known = context.known.told({target.id})
        if keyword:
            shown = wanted or type_.kind in ("list", "map") or context.world.is_struct(type_)
            return ts.Declare(keyword, name.text, context.type_node(type_) if shown else None, found.node)
        if target.id in context.variables.hoisted and context.variables.hoisted[target.id] is None:
            context.variables.hoisted[target.id] = ts.Declare("let", name.text, context.type_node(type_))
        return ts.Assign(name, found.node)

    def _assign_attribute(self, target: ast.Attribute, value: ast.expr) -> ts.Statement:
        context = self.context
        assert context.owner is not None
        member = context.world.members(context.owner.name).get(target.attr)
        if member is None or member.signature is not None:
            context.module.refuse(
                target, f"self.{target.attr} is not declared", f"write {target.attr}: T in the class body"
            )
        if not target.attr.startswith("_") and not context.constructing:
            context.module.refuse(
                target,
                f"self.{target.attr} changes outside __init__",
                "public attributes are read-only: use a private one and a @property",
            )
        found = self.expressions.translate(value, member.type)
        context.check_number(value, found, member.type)
        context.known = context.known.without(lambda path: target.attr in path.split(".")[1:])
        if not found.type.optional:
            context.known = context.known.told({dotted(target)})
        return ts.Assign(ts.Member(ts.Name("this"), member.ts), found.node)

    def _assign_member(self, target: ast.Attribute, value: ast.expr) -> ts.Statement:
        """A property of the CDK's; whether it may be set is tsc's to say."""
        owner = self.expressions.translate(target.value)
        member = self.expressions.member(target, owner.type)
        if member.signature is not None or self.context.world.get(owner.type.name).own:
            self.context.module.refuse(
                target,
                f"{ast.unparse(target)} changes from outside its class",
                "give the class a method that sets it; properties of aws_cdk's objects can be set",
            )
        found = self.expressions.translate(value, member.type)
        self._check_order(target, found.weight, owner.weight)
        return ts.Assign(ts.Member(owner.node, member.ts), found.node)

    def _check_order(self, node: ast.stmt | ast.expr, value: Weight, target: Weight) -> None:
        if apart(value, target):
            self.context.module.refuse(
                node,
                f"{first_line(node)}: Python evaluates the value before what stands left of it, JavaScript after",
                "give the value a name first",
            )

    def _augmented(self, node: ast.AugAssign) -> ts.Statement:
        load = ast.copy_location(ast.Name(node.target.id), node) if isinstance(node.target, ast.Name) else None
        if load is None or not isinstance(node.op, ast.Add | ast.Sub):
            self.context.module.refuse(
                node, ast.unparse(node), "use += or -= on a local number or str; append() on a list"
            )
        combined: Value = self.expressions.translate(ast.copy_location(ast.BinOp(load, node.op, node.value), node))
        if combined.type.kind == "list":
            self.context.module.refuse(node, f"{ast.unparse(node)} changes a list in place", "use extend()")
        return ts.Assign(ts.Name(self.context.scope[load.id].ts), combined.node)


def ends(body: list[ast.stmt]) -> bool:
    """Whether nothing after these statements runs."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return ends(last.body) and ends(last.orelse)
    return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)
