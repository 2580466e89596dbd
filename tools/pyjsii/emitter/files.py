"""Writes a whole TypeScript file: its imports, then classes, structs, enums, functions and constants."""

from collections.abc import Iterable

from .declarations import Class, Doc, Enum, Export, Field, Function, Import, Interface, Item, Parameter
from .printer import expression, indented, statement, statements, type_text
from .tree import Declare


def file_text(source: str, imports: Iterable[Import], items: Iterable[Item]) -> str:
    """The text of a file that is made from `source`."""
    lines = [f"// Made from {source} by pyjsii. Change that, not this.", *map(import_line, imports)]
    for item in items:
        lines += ["", *_item(item)]
    return "\n".join(lines) + "\n"


def index_text(exports: Iterable[Export]) -> str:
    """The text of the file that holds what is public."""
    lines = ["// Made from __init__.py by pyjsii. Change that, not this."]
    lines += [f"export {{ {', '.join(e.names)} }} from '{e.source}';" for e in exports]
    return "\n".join(lines) + "\n"


def import_line(node: Import) -> str:
    """One import."""
    (name, alias), *_ = node.names
    if name == "*":
        return f"import * as {alias} from '{node.source}';"
    shown = [known if name == known else f"{name} as {known}" for name, known in node.names]
    return f"import {{ {', '.join(shown)} }} from '{node.source}';"


def _item(item: Item) -> list[str]:
    match item:
        case Declare():
            return statement(item)
        case Function():
            return _function(item)
        case Interface(name=name, extends=extends, fields=fields, doc=doc):
            bases = f" extends {', '.join(extends)}" if extends else ""
            head = f"export interface {name}{bases} {{"
            return [*_comment(doc), head, *indented([line for f in fields for line in _field(f)]), "}"]
        case Enum(name=name, members=members, doc=doc):
            lines = [line for member, text in members for line in (*_comment(text), f"{member} = '{member}',")]
            return [*_comment(doc), f"export enum {name} {{", *indented(lines), "}"]
        case Class():
            return _class(item)


def _class(node: Class) -> list[str]:
    head = f"export {'abstract ' if node.abstract else ''}class {node.name}"
    head += f" extends {node.extends}" if node.extends else ""
    head += f" implements {', '.join(node.implements)}" if node.implements else ""
    lines = [line for field in node.fields for line in _field(field)]
    for method in node.methods:
        lines += [""] if lines else []
        lines += _field(method) if isinstance(method, Field) else _function(method)
    return [*_comment(node.doc), f"{head} {{", *indented(lines), "}"]


def _field(node: Field) -> list[str]:
    value = f" = {expression(node.value)}" if node.value else ""
    optional = "?" if node.optional else ""
    return [*_comment(node.doc), f"{node.how} {node.name}{optional}: {type_text(node.type)}{value};"]


def _function(node: Function) -> list[str]:
    head = f"{node.how} {node.name}".lstrip() + f"({', '.join(map(_parameter, node.parameters))})"
    head += f": {type_text(node.returns)}" if node.returns else ""
    if node.body is None:
        return [*_comment(node.doc), f"{head};"]
    return [*_comment(node.doc), f"{head} {{", *indented(statements(node.body)), "}"]


def _parameter(node: Parameter) -> str:
    default = f" = {expression(node.default)}" if node.default else ""
    return f"{node.name}{'?' if node.optional else ''}: {type_text(node.type)}{default}"


def _comment(doc: Doc) -> list[str]:
    if not doc:
        return []
    return ["/**", *(f" * {line}".rstrip() for line in "\n".join(doc).replace("*/", "*\\/").split("\n")), " */"]
