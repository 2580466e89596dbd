"""Statements, and the bodies of functions: where a local variable is declared, what is known after a branch."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..reader.imports import bound
from ..reader.names import RESERVED, camel
from ..reader.types import NONE, STR, Signature, Type
from .calls import Calls
from .expressions import import_fact

Block = tuple[int, ...]


@dataclass
class Locals:
    """The local variables of one function: their names in TypeScript, and where each is declared."""

    ts: dict[str, str] = field(default_factory=dict)
    declares: dict[int, str] = field(default_factory=dict)
    """id of the assigned Name -> `const` or `let`."""
    hoisted: dict[str, str] = field(default_factory=dict)
    """Name -> its declaration at the top of the body, once the type is known."""
    nothing: bool = False


class Statements(Calls):
    """Bodies of functions and methods."""

    function: Locals
    returns: Type

    def local(self, name: str) -> str:
        """The same name each time; never one that TypeScript reserves or that is taken."""
        if name in self.function.ts:
            return self.function.ts[name]
        ts = camel(name)
        taken = {symbol.ts for symbol in self.scope.values()} | set(self.function.ts.values()) | {"py"}
        while ts in RESERVED or ts in taken:
            ts += "_"
        self.function.ts[name] = ts
        return ts

    def body(self, node: ast.FunctionDef, signature: Signature, *, method: bool) -> tuple[str, list[str]]:
        """The parameter list and the lines of a function's body."""
        outer = self.scope, self.sure
        self.scope, self.sure, self.function = dict(self.scope), set(), Locals()
        self.returns = signature.returns
        named = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        arguments = node.args.args[1:] if method else node.args.args
        parts, lines = [], []
        for argument, parameter in zip(arguments, signature.positional, strict=True):
            ts = self.bind(ast.Name(argument.arg), parameter.type)
            parts.append(self.declared(ts, parameter.type, optional=not parameter.required))
            lines += [] if argument.arg in named else [f"void {ts};"]
        if signature.options:
            lines += self._unpack(node, signature.options, named, parts)
        self._place(node.body)
        statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
        written = self.block(statements)
        self._all_read(node)
        lines += [self.function.hoisted[name] for name in sorted(self.function.hoisted)] + written
        self.scope, self.sure = outer
        return ", ".join(parts), lines

    def declared(self, ts: str, type_: Type, *, optional: bool) -> str:
        """`name: T`, `name?: T` or `name: T | undefined`."""
        text = self.type_text(type_.sure())
        return f"{ts}?: {text}" if optional else f"{ts}: {text}{' | undefined' if type_.optional else ''}"

    def _unpack(self, node: ast.FunctionDef, options: str, named: set[str], parts: list[str]) -> list[str]:
        fields = list(self.fields(options).values())
        bundle = "props" if node.name == "__init__" else "options"
        while any(bundle in (f.name, f.ts) for f in fields) or bundle in named:
            bundle += "_"
        parts.append(f"{bundle}: {self.world.get(options).ts}" + ("" if any(f.required for f in fields) else " = {}"))
        lines = []
        for parameter in fields:
            ts = self.bind(ast.Name(parameter.name), parameter.type)
            if parameter.name in named:
                lines.append(f"const {ts} = {bundle}.{parameter.ts};")
        return lines or [f"void {bundle};"]

    def _all_read(self, node: ast.FunctionDef) -> None:
        """The TypeScript compiler takes no variable that nothing reads, and would say so of its own file."""
        read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        for part in ast.walk(node):
            if not isinstance(part, ast.Name) or not isinstance(part.ctx, ast.Store) or part.id in read:
                continue
            if not part.id.startswith("_"):
                self.module.refuse(part, f"{part.id} is never read", "leave it out; a loop's variable may be called _")

    # -- where variables are declared
    def _place(self, body: list[ast.stmt]) -> None:
        """Decide for every local variable: const or let at its first assignment, or let at the top of the body."""
        uses: dict[str, list[tuple[Block, ast.Name]]] = {}
        for block, name in _names(body, ()):
            if name.id not in self.scope or isinstance(name.ctx, ast.Store):
                uses.setdefault(name.id, []).append((block, name))
        for variable, found in uses.items():
            if not any(isinstance(name.ctx, ast.Store) for _, name in found):
                continue
            if variable in self.scope:
                self.module.refuse(found[0][1], f"{variable} is given another value", "use another name")
            heads: list[tuple[Block, ast.Name, int]] = []
            for block, name in found:
                covering = next((i for i, (head, _, _) in enumerate(heads) if block[: len(head)] == head), None)
                store = isinstance(name.ctx, ast.Store)
                if covering is None and not store:
                    heads = []
                    self.function.hoisted[variable] = ""
                    break
                if covering is None:
                    heads.append((block, name, 1))
                elif store:
                    heads[covering] = (*heads[covering][:2], heads[covering][2] + 1)
            for _, name, stores in heads:
                self.function.declares[id(name)] = "const" if stores == 1 else "let"

    # -- statements
    def block(self, body: list[ast.stmt]) -> list[str]:
        """The lines of some statements, not yet indented."""
        return [line for statement in body for line in self.statement(statement)]

    def statement(self, node: ast.stmt) -> list[str]:
        """The lines of one statement."""
        match node:
            case ast.Expr(value=ast.Call() as call):
                return self._call(call)
            case ast.Return():
                value = "" if node.value is None else f" {self.expression(node.value, self.returns).text}"
                return [f"return{'' if value == ' undefined' and self.returns == NONE else value};"]
            case ast.Raise():
                return [self._raise(node)]
            case ast.If():
                return self._if(node)
            case ast.For():
                return self._for(node)
            case ast.Assign(targets=[target], value=value):
                return [self._assign(node, target, value, None)]
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return [self._assign(node, target, value, self.annotation(node.annotation))]
            case ast.AugAssign():
                return [self._augmented(node)]
            case ast.Import() | ast.ImportFrom():
                self.sure |= {import_fact(name) for name in bound(node)}
                return []
            case ast.Pass() | ast.Break() | ast.Continue():
                return [] if isinstance(node, ast.Pass) else [f"{type(node).__name__.lower()};"]
        first = ast.unparse(node).split("\n")[0]
        self.module.refuse(node, f"`{first}` is outside the subset", "see SUBSET.md, Statements")

    def _call(self, node: ast.Call) -> list[str]:
        if ast.unparse(node.func) != "super().__init__":
            return [f"{self.expression(node).text};"]
        owner = self.world.get(self.scope["self"].type.name)
        if owner.shape == "error":
            return [
                f"super({', '.join(self.expression(a, STR).text for a in node.args)});",
                f"this.name = '{owner.ts}';",
            ]
        signature = self.world.init(owner.bases[0]) if owner.bases else Signature()
        return [f"super({self.arguments(node, signature, 'super().__init__')});"]

    def _raise(self, node: ast.Raise) -> str:
        if not isinstance(node.exc, ast.Call) or not (node.cause is None or ast.unparse(node.cause) == "None"):
            self.module.refuse(node, f"{ast.unparse(node)}", "raise an exception with its sentence, without a cause")
        name = ast.unparse(node.exc.func)
        if name in ("ValueError", "TypeError", "RuntimeError") and len(node.exc.args) == 1:
            return f"throw new Error({self.expression(node.exc.args[0]).text});"
        return f"throw {self.expression(node.exc).text};"

    def _if(self, node: ast.If) -> list[str]:
        test, before = self.condition(node.test), set(self.sure)
        lines = [f"if ({test}) {{"]
        self.sure = before | self.facts(node.test, True)
        lines += indented(self.block(node.body))
        after_body = None if ends(node.body) else self.sure
        self.sure = before | self.facts(node.test, False)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            nested = self._if(node.orelse[0])
            lines += [f"}} else {nested[0]}", *nested[1:]]
        elif node.orelse:
            lines += ["} else {", *indented(self.block(node.orelse)), "}"]
        else:
            lines.append("}")
        after_else = None if ends(node.orelse) else self.sure
        known = [s for s in (after_body, after_else) if s is not None]
        self.sure = set.intersection(*known) if known else before
        return lines

    def _for(self, node: ast.For) -> list[str]:
        if node.orelse:
            self.module.refuse(node, "for … else", "use a variable or a function that returns")
        before = set(self.sure)
        stored = {
            ast.unparse(n)
            for n in ast.walk(node)
            if isinstance(n, ast.Name | ast.Attribute) and isinstance(n.ctx, ast.Store)
        }
        self.sure -= stored
        pattern, source = self.iterate(node.target, node.iter)
        for name in ast.walk(node.target):
            if isinstance(name, ast.Name) and self.function.declares.get(id(name)) != "const":
                self.module.refuse(
                    node, f"the loop variable {name.id} is used after its loop or given a value", "use another name"
                )
        lines = [f"for (const {pattern} of {source}) {{", *indented(self.block(node.body)), "}"]
        self.sure = before - stored
        return lines

    def _assign(self, node: ast.stmt, target: ast.expr, value: ast.expr, wanted: Type | None) -> str:
        if isinstance(target, ast.Name):
            return self._assign_name(target, value, wanted)
        if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
            return self._assign_attribute(target, value)
        if isinstance(target, ast.Attribute):
            return self._assign_member(target, value)
        if isinstance(target, ast.Subscript):
            owner = self.expression(target.value)
            self._need(target.value, owner, "map")
            key = self.expression(target.slice)
            if isinstance(target.slice, ast.Constant):
                self._key(target.slice)
            self._need(target.slice, key, "str")
            return f"{owner.operand}[{key.text}] = {self.expression(value, owner.type.item).text};"
        self.module.refuse(node, f"{ast.unparse(target)} as a target", "assign to a name, an attribute or a key")

    def _assign_name(self, target: ast.Name, value: ast.expr, wanted: Type | None) -> str:
        known = self.scope.get(target.id)
        code = self.expression(value, wanted or (known.type if known else None))
        keyword = self.function.declares.get(id(target), "")
        if keyword or known is None:
            type_ = wanted or code.type
            if type_ == NONE:
                self.module.refuse(target, f"{target.id} is None, of no type", f"write {target.id}: T | None = None")
        else:
            type_ = known.type
        ts = self.bind(target, type_)
        if type_.optional and not code.type.optional:
            self.sure.add(target.id)
        shown = (
            f": {self.type_text(type_)}"
            if wanted or type_.kind in ("list", "map") or self.world.is_struct(type_)
            else ""
        )
        if target.id in self.function.hoisted:
            if not self.function.hoisted[target.id]:
                self.function.hoisted[target.id] = f"let {ts}: {self.type_text(type_)};"
            return f"{ts} = {code.text};"
        return f"{keyword} {ts}{shown} = {code.text};" if keyword else f"{ts} = {code.text};"

    def _assign_attribute(self, target: ast.Attribute, value: ast.expr) -> str:
        owner = self.scope["self"].type
        member = self.world.members(owner.name).get(target.attr)
        if member is None or member.signature is not None:
            self.module.refuse(
                target, f"self.{target.attr} is not declared", f"write {target.attr}: T in the class body"
            )
        if not target.attr.startswith("_") and not self.constructing:
            self.module.refuse(
                target,
                f"self.{target.attr} changes outside __init__",
                "public attributes are read-only: use a private one and a @property",
            )
        code = self.expression(value, member.type)
        path = ast.unparse(target)
        self.sure = {p for p in self.sure if p != path and not p.startswith(f"{path}.")}
        if not code.type.optional:
            self.sure.add(path)
        return f"this.{member.ts} = {code.text};"

    def _assign_member(self, target: ast.Attribute, value: ast.expr) -> str:
        """A property of the CDK's; whether it may be set is tsc's to say."""
        owner = self.expression(target.value)
        member = self.member(target, owner.type)
        if member.signature is not None or self.world.get(owner.type.name).own:
            self.module.refuse(
                target,
                f"{ast.unparse(target)} changes from outside its class",
                "give the class a method that sets it; properties of aws_cdk's objects can be set",
            )
        return f"{owner.operand}.{member.ts} = {self.expression(value, member.type).text};"

    constructing: bool = False

    def _augmented(self, node: ast.AugAssign) -> str:
        load = ast.copy_location(ast.Name(node.target.id), node) if isinstance(node.target, ast.Name) else None
        if load is None or not isinstance(node.op, ast.Add | ast.Sub):
            self.module.refuse(node, ast.unparse(node), "use += or -= on a local number or str; append() on a list")
        combined = self.expression(ast.copy_location(ast.BinOp(load, node.op, node.value), node))
        if combined.type.kind == "list":
            self.module.refuse(node, f"{ast.unparse(node)} changes a list in place", "use extend()")
        return f"{self.scope[load.id].ts} = {combined.text};"


def _names(body: list[ast.stmt], block: Block) -> Iterator[tuple[Block, ast.Name]]:
    """The names that statements use, in the order of execution, each with the block it stands in."""
    for i, statement in enumerate(body):
        if isinstance(statement, ast.If):
            yield from _walk(statement.test, block)
            yield from _names(statement.body, (*block, i, 0))
            yield from _names(statement.orelse, (*block, i, 1))
        elif isinstance(statement, ast.For):
            yield from _walk(statement.iter, block)
            yield from _walk(statement.target, (*block, i, 0))
            yield from _names(statement.body, (*block, i, 0))
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            if statement.value is not None:
                yield from _walk(statement.value, block)
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                yield from _walk(target, block)
        else:
            yield from _walk(statement, block)


def _walk(node: ast.AST, block: Block) -> Iterator[tuple[Block, ast.Name]]:
    """The names of an expression but those a comprehension binds for itself."""
    own = {
        n.id
        for c in ast.walk(node)
        if isinstance(c, ast.comprehension)
        for n in ast.walk(c.target)
        if isinstance(n, ast.Name)
    }
    yield from ((block, n) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in own)


def ends(body: list[ast.stmt]) -> bool:
    """Whether nothing after these statements runs."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return ends(last.body) and ends(last.orelse)
    return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)


def indented(lines: list[str]) -> list[str]:
    """One level further in."""
    return [f"  {line}" if line else line for line in lines]
