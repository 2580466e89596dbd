"""Classes, structs and enums, with their attributes and methods."""

import ast
from collections.abc import Callable

from .. import docs
from ..docs import Docstring, comment
from ..reader.package import Symbol
from ..reader.syntax import decorator_names, dotted, first_line, is_super_init
from ..reader.types import Declaration, Signature, Type
from . import tree as ts
from .context import Context
from .declarations import Class, Enum, Field, Function, Interface, Item
from .functions import Functions

INTERNAL = "@internal"
Documents = Callable[..., tuple[str, ...]]


class Classes:
    """Translates the classes of a module."""

    def __init__(self, context: Context, functions: Functions, documents: Documents) -> None:
        self.context, self.functions, self.documents = context, functions, documents

    def translate(self, node: ast.ClassDef) -> list[Item]:
        """A class, after the structs that its methods' keywords become."""
        made = self.context.world.get(self.context.module.fqn(node.name))
        doc = docs.read(ast.get_docstring(node))
        if made.shape == "enum":
            return [self._enum(node, doc)]
        if made.shape == "struct":
            described = {name: docs.split_default(text) for name, text in docs.attribute_docs(node.body).items()}
            extends = map(self.context.named, made.bases)
            return [self.functions.struct(made, described, self.documents(doc, node), extends)]
        return self._class(node, made, doc)

    def _enum(self, node: ast.ClassDef, doc: Docstring) -> Enum:
        members, described = [], docs.attribute_docs(node.body)
        for item in node.body:
            if isinstance(item, ast.Assign):
                name = dotted(item.targets[0])
                members.append((name, comment(docs.markdown(described.get(name, "")))))
            elif not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)):
                self.context.module.refuse(item, f"{node.name} holds more than members", "keep an enum plain")
        return Enum(node.name, tuple(members), self.documents(doc, node))

    def _class(self, node: ast.ClassDef, made: Declaration, doc: Docstring) -> list[Item]:
        context = self.context
        context.owner = made
        context.scope["self"] = Symbol("this", Type("instance", made.name))
        structs: list[Interface] = []
        fields = self._fields(node, made)
        methods: list[Function | Field] = []
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                before, written = self._method(node, made, item)
                structs += before
                methods.append(written)
            elif not isinstance(item, ast.AnnAssign | ast.Pass | ast.Expr):
                context.module.refuse(
                    item, f"`{first_line(item)}` in a class body", "declare attributes (`x: T`) and methods there"
                )
        del context.scope["self"]
        context.owner = None
        plain = self._plain_bases(made)
        if len(plain) > 1:
            context.module.refuse(node, f"{node.name} has {len(plain)} base classes", "inherit from one")
        interfaces = tuple(context.named(base) for base in made.bases if base not in plain)
        extends = context.named(plain[0]) if plain else "Error" if made.shape == "error" else ""
        written_doc = self.documents(doc, node)
        return [
            *structs,
            Class(node.name, made.abstract, extends, interfaces, tuple(fields), tuple(methods), written_doc),
        ]

    def _plain_bases(self, made: Declaration) -> list[str]:
        return [base for base in made.bases if self.context.world.get(base).shape != "interface"]

    def _fields(self, node: ast.ClassDef, made: Declaration) -> list[Field]:
        described, fields = docs.attribute_docs(node.body), []
        declared = [i for i in node.body if isinstance(i, ast.AnnAssign)]
        declared += [i for i in ast.walk(node) if isinstance(i, ast.AnnAssign) and isinstance(i.target, ast.Attribute)]
        for item in declared:
            name = dotted(item.target).rpartition(".")[2]
            member, internal = made.members[name], name.startswith("_")
            how = "public static readonly" if member.static else "public" if internal else "public readonly"
            text = docs.markdown(" ".join(described.get(name, "").split()))
            value = None
            if item.value and member.static:
                value = self.functions.expressions.translate(item.value, member.type).node
            type_ = self.context.type_node(member.type.sure())
            doc = comment(text, INTERNAL if internal else "")
            fields.append(Field(how, member.ts, type_, member.type.optional, value, doc))
        return fields

    # -- methods
    def _method(
        self, owner: ast.ClassDef, made: Declaration, node: ast.FunctionDef
    ) -> tuple[list[Interface], Function | Field]:
        if node.name == "__init__":
            return self._constructor(owner, made, node)
        context, member, decorators = self.context, made.members[node.name], decorator_names(node)
        doc = docs.read(ast.get_docstring(node))
        signature = member.signature or Signature(returns=member.type)
        static = "staticmethod" in decorators
        itself = context.scope.pop("self") if static else context.scope["self"]
        parameters, body = self.functions.body(node, signature, method=not static)
        context.scope["self"] = itself
        returns = context.result_type(signature.returns)
        comment_ = self.documents(doc, node, INTERNAL if node.name.startswith("_") else "", signature)
        structs = self.functions.options(node, owner.name, signature, doc)
        if "abstractmethod" not in decorators:
            how = "public static" if static else "public get" if "property" in decorators else "public"
            return structs, Function(how, member.ts, parameters, returns, body, comment_)
        if "property" in decorators:
            return structs, Field("public abstract readonly", member.ts, returns, doc=comment_)
        return structs, Function("public abstract", member.ts, parameters, returns, None, comment_)

    def _constructor(
        self, owner: ast.ClassDef, made: Declaration, node: ast.FunctionDef
    ) -> tuple[list[Interface], Function]:
        assert made.init is not None
        doc = docs.read(ast.get_docstring(node))
        self.context.constructing = True
        parameters, body = self.functions.body(node, made.init, method=True)
        self.context.constructing = False
        written = self.documents(doc, node, "", made.init)
        structs = self.functions.options(node, owner.name, made.init, doc)
        return structs, Function("", "constructor", parameters, None, (*self._super(node, made), *body), written)

    def _super(self, node: ast.FunctionDef, made: Declaration) -> list[ts.Statement]:
        """Python may leave super().__init__ out where it would do nothing; TypeScript may not."""
        plain = self._plain_bases(made)
        if not plain or any(is_super_init(inner) for inner in ast.walk(node)):
            return []
        if not self.context.world.get(plain[0]).own or self.context.world.init(plain[0]) != Signature():
            self.context.module.refuse(node, "super().__init__ is not called", "call it")
        return [ts.Do(ts.Call(ts.Name("super")))]
