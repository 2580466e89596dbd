"""Second reading: a module's classes, structs, enums, functions and constants as TypeScript."""

import ast
import re
from collections.abc import Callable

from .. import docs
from ..docs import Docstring, Text, tsdoc
from ..reader.imports import imports, is_type_checking, own_source
from ..reader.package import Import, Module, Package, Symbol
from ..reader.types import Declaration, Signature, Type
from .statements import Statements, indented

INTERNAL = "@internal"
Examples = Callable[[Package, Module, Docstring, int], str]


class Writer(Statements):
    """Writes one module."""

    def __init__(self, package: Package, module: Module, example: Examples | None = None) -> None:
        self.example = example
        for node, _ in imports(module.tree):  # constants of other modules are known by now
            if isinstance(node, ast.ImportFrom) and node.level:
                home = own_source(package, module, node)
                for alias in node.names if home in package.modules else ():
                    known, source = alias.asname or alias.name, package.modules[home]
                    if alias.name in source.scope:
                        found = source.scope[alias.name]
                        module.scope[known] = Symbol(module.scope[known].ts, found.type, found.signature)
        super().__init__(package, module)
        self.imports = {i.alias: i for i in module.imports}

    def write(self) -> str:
        """The module in TypeScript."""
        lines: list[str] = []
        for node in self.module.tree.body:
            written = self._top(node)
            lines += ["", *written] if written else []
        head = [f"// Made from {self.module.file} by pyjsii. Change that, not this.", *self._imports()]
        return "\n".join([*head, *lines]) + "\n"

    def _imports(self) -> list[str]:
        sources: dict[str, list[str]] = {}
        for alias in sorted(self.used & set(self.imports)):
            found = self.imports[alias]
            if found.name == "*":
                sources[f"* as {alias}"] = [found.source]
            else:
                both = alias if alias == found.name else f"{found.name} as {alias}"
                sources.setdefault(found.source, []).append(both)
        lines = [f"import * as py from '{self.module.ts_path('python')}';"] if "py" in self.used else []
        for source, imported in sorted(sources.items()):
            what = source if source.startswith("*") else "{ " + ", ".join(imported) + " }"
            lines.append(f"import {what} from '{imported[0] if source.startswith('*') else source}';")
        return lines

    def _top(self, node: ast.stmt) -> list[str]:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                return []
            case ast.If(test=test) if is_type_checking(test):
                return self._for_annotations(node)
            case ast.ClassDef():
                return self._declaration(node)
            case ast.FunctionDef():
                return self._function(node)
            case ast.Assign(targets=[ast.Name() as target], value=value):
                return self._constant(target, value, None)
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                self.loaded(node.annotation)
                plain = ast.unparse(node.annotation).split(".")[-1] == "Final"
                return self._constant(target, value, None if plain else self.annotation(node.annotation))
        self.module.refuse(
            node,
            f"`{ast.unparse(node).split(chr(10))[0]}` at the top of a module",
            "declare classes, functions and constants there",
        )

    def _for_annotations(self, node: ast.If) -> list[str]:
        for inner in [*node.body, *node.orelse]:
            if inner in node.orelse or not isinstance(inner, ast.Import | ast.ImportFrom):
                self.module.refuse(
                    inner,
                    f"`{ast.unparse(inner).split(chr(10))[0]}` under TYPE_CHECKING, or else",
                    "keep imports only there",
                )
        return []

    def _constant(self, target: ast.Name, value: ast.expr, wanted: Type | None) -> list[str]:
        code = self.expression(value, wanted)
        ts = self.ts_name(target, target.id)
        self.scope[target.id] = self.module.scope[target.id] = Symbol(ts, wanted or code.type)
        typed = f": {self.type_text(wanted or code.type)}" if code.type.kind in ("list", "map") else ""
        return [f"export const {ts}{typed} = {code.text};"]

    def _function(self, node: ast.FunctionDef) -> list[str]:
        symbol = self.scope[node.name]
        assert symbol.signature is not None
        parameters, lines = self.body(node, symbol.signature, method=False)
        doc = docs.read(ast.get_docstring(node))
        head = f"export function {symbol.ts}({parameters}): {self.returned(symbol.signature)} {{"
        return [
            *self._options(node, node.name, symbol.signature, doc),
            *self._doc(doc, node),
            head,
            *indented(lines),
            "}",
        ]

    def returned(self, signature: Signature) -> str:
        """The type of a result."""
        if signature.returns.kind == "none":
            return "void"
        return self.type_text(signature.returns.sure()) + (" | undefined" if signature.returns.optional else "")

    # -- types
    def type_text(self, type_: Type) -> str:
        """How TypeScript writes a type; what it names is imported."""
        text = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "none": "undefined"}.get(
            type_.kind, type_.kind
        )
        if type_.kind == "list" and type_.item:
            item = self.type_text(type_.item)
            text = f"{item}[]" if re.fullmatch(r"[\w.]+(\[\])*", item) else f"({item})[]"
        elif type_.kind == "map" and type_.item:
            text = f"{{ [key: string]: {self.type_text(type_.item)} }}"
        elif type_.kind == "instance":
            text = self._named(type_.name)
        return f"{text} | undefined" if type_.optional and type_.kind != "none" else text

    def _named(self, fqn: str) -> str:
        prefixes = {
            self.world.modules.get(s.type.name, s.type.name): s.ts
            for s in self.module.scope.values()
            if s.type.kind in ("class", "module")
        }
        parts = fqn.split(".")
        for cut in range(len(parts), 0, -1):
            if ts := prefixes.get(".".join(parts[:cut])):
                self.used.add(ts)
                return ".".join([ts, *parts[cut:]])
        owner = ".".join(parts[:-1])  # a type that was inferred, not written: it needs an import of its own
        module = next((m for m, f in self.world.modules.items() if f == owner), None)
        source = self.world.packages[module] if module else self.module.ts_path(self.package.home_of(fqn))
        alias = f"{parts[-1]}_"
        self.imports[alias] = Import(source, parts[-1], alias)
        self.module.scope[alias] = Symbol(alias, Type("class", fqn))
        self.used.add(alias)
        return alias

    # -- classes
    def _declaration(self, node: ast.ClassDef) -> list[str]:
        made = self.world.get(self.module.fqn(node.name))
        doc = docs.read(ast.get_docstring(node))
        if made.shape == "enum":
            return self._enum(node, doc)
        if made.shape == "struct":
            described = {name: docs.split_default(text) for name, text in docs.attribute_docs(node.body).items()}
            extends = ", ".join(self._named(base) for base in made.bases)
            return self._struct(made, doc, described, extends, node)
        return self._class(node, made, doc)

    def _enum(self, node: ast.ClassDef, doc: Docstring) -> list[str]:
        lines, described = [], docs.attribute_docs(node.body)
        for item in node.body:
            if isinstance(item, ast.Assign):
                name = ast.unparse(item.targets[0])
                lines += [*tsdoc(docs.markdown(described.get(name, ""))), f"{name} = '{name}',"]
            elif not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)):
                self.module.refuse(item, f"{node.name} holds more than members", "keep an enum plain")
        return [*self._doc(doc, node), f"export enum {node.name} {{", *indented(lines), "}"]

    def _struct(
        self,
        made: Declaration,
        doc: Docstring,
        described: dict[str, Text],
        extends: str = "",
        node: ast.ClassDef | None = None,
    ) -> list[str]:
        lines: list[str] = []
        for member in made.members.values():
            text = described.get(member.name, Text())
            default = "" if member.required else f"@default {text.default or '- none'}"
            optional = "" if member.required else "?"
            lines += tsdoc(text.text, default)
            lines.append(f"readonly {member.ts}{optional}: {self.type_text(member.type.sure())};")
        head = f"export interface {made.ts}{f' extends {extends}' if extends else ''} {{"
        comment = self._doc(doc, node) if node else tsdoc(doc.body)
        return [*comment, head, *indented(lines), "}"]

    def _options(self, node: ast.FunctionDef, owner: str, signature: Signature, doc: Docstring) -> list[str]:
        """The struct that holds a function's keywords."""
        if signature.options is None:
            return []
        made = self.world.get(signature.options)
        of = f"`{owner}`" if node.name in ("__init__", owner) else f"`{owner}.{self.ts_name(node, node.name)}`"
        return [*self._struct(made, Docstring(f"What {of} takes."), doc.parameters), ""]

    def _class(self, node: ast.ClassDef, made: Declaration, doc: Docstring) -> list[str]:
        self.scope["self"] = Symbol("this", Type("instance", made.name))
        before: list[str] = []
        lines = self._fields(node, made)
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                structs, written = self._method(node, made, item)
                before += structs
                lines += ["", *written] if lines else written
            elif not isinstance(item, ast.AnnAssign | ast.Pass | ast.Expr):
                first = ast.unparse(item).split("\n")[0]
                self.module.refuse(item, f"`{first}` in a class body", "declare attributes (`x: T`) and methods there")
        del self.scope["self"]
        plain = [b for b in made.bases if self.world.get(b).shape != "interface"]
        interfaces = [self._named(b) for b in made.bases if b not in plain]
        base = "Error" if made.shape == "error" and not plain else self._named(plain[0]) if plain else ""
        if len(plain) > 1:
            self.module.refuse(node, f"{node.name} has {len(plain)} base classes", "inherit from one")
        head = f"export {'abstract ' if made.abstract else ''}class {node.name}"
        head += f" extends {base}" if base else ""
        head += f" implements {', '.join(interfaces)}" if interfaces else ""
        return [*before, *self._doc(doc, node), f"{head} {{", *indented(lines), "}"]

    def _fields(self, node: ast.ClassDef, made: Declaration) -> list[str]:
        described, lines = docs.attribute_docs(node.body), []
        declared = [i for i in node.body if isinstance(i, ast.AnnAssign)]
        declared += [i for i in ast.walk(node) if isinstance(i, ast.AnnAssign) and isinstance(i.target, ast.Attribute)]
        for item in declared:
            name = item.target.attr if isinstance(item.target, ast.Attribute) else ast.unparse(item.target)
            member, internal = made.members[name], name.startswith("_")
            how = "public static readonly" if member.static else "public" if internal else "public readonly"
            text = docs.markdown(" ".join(described.get(name, "").split()))
            lines += tsdoc(text, INTERNAL if internal else "")
            value = f" = {self.expression(item.value, member.type).text}" if item.value and member.static else ""
            optional = "?" if member.type.optional else ""
            lines.append(f"{how} {member.ts}{optional}: {self.type_text(member.type.sure())}{value};")
        return lines

    def _method(self, owner: ast.ClassDef, made: Declaration, node: ast.FunctionDef) -> tuple[list[str], list[str]]:
        decorators = {ast.unparse(d).split(".")[-1] for d in node.decorator_list}
        doc = docs.read(ast.get_docstring(node))
        constructor = node.name == "__init__"
        member = made.members.get(node.name)
        signature = made.init if constructor else member.signature if member else None
        assert member or constructor
        signature = signature or Signature(returns=member.type if member else Type("none"))
        static = "staticmethod" in decorators
        itself = self.scope.pop("self") if static else self.scope["self"]
        self.constructing = constructor
        parameters, lines = self.body(node, signature, method=not static)
        self.scope["self"] = itself
        internal = node.name.startswith("_") and not constructor
        comment = self._doc(doc, node, INTERNAL if internal else "", signature)
        structs = self._options(node, owner.name, signature, doc)
        if constructor:
            lines = self._super(node, made) + lines
            return structs, [*comment, f"constructor({parameters}) {{", *indented(lines), "}"]
        assert member is not None
        returned = self.returned(signature)
        if "abstractmethod" in decorators:
            kind = (
                f"readonly {member.ts}: {returned};"
                if "property" in decorators
                else f"{member.ts}({parameters}): {returned};"
            )
            return structs, [*comment, f"public abstract {kind}"]
        how = "static " if static else "get " if "property" in decorators else ""
        return structs, [*comment, f"public {how}{member.ts}({parameters}): {returned} {{", *indented(lines), "}"]

    def _super(self, node: ast.FunctionDef, made: Declaration) -> list[str]:
        """Python may leave super().__init__ out where it would do nothing; TypeScript may not."""
        plain = [b for b in made.bases if self.world.get(b).shape != "interface"]
        if not plain or any(ast.unparse(n) == "super().__init__" for n in ast.walk(node)):
            return []
        if not self.world.get(plain[0]).own or self.world.init(plain[0]) != Signature():
            self.module.refuse(node, "super().__init__ is not called", "call it")
        return ["super();"]

    def _doc(
        self, doc: Docstring, node: ast.FunctionDef | ast.ClassDef, tag: str = "", signature: Signature | None = None
    ) -> list[str]:
        tags = [tag]
        for parameter in signature.positional if signature else ():
            text = doc.parameters.get(parameter.name)
            tags.append(f"@param {parameter.ts} {text.text}" if text else "")
        tags.append(f"@returns {doc.returns}" if doc.returns else "")
        if doc.example and self.example:
            tags.append("@example\n" + self.example(self.package, self.module, doc, node.body[0].lineno))
        return tsdoc(doc.body, *tags)
