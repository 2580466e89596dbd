"""The public API of a package, read from its source: names, signatures, types, defaults and docs, as plain data.

Read so of this package and of the one that jsii makes, the two must be the same.
"""

import ast
import re
from pathlib import Path
from typing import Any

from tools.pyjsii import docs

Api = dict[str, Any]
LISTS, MAPS = {"list", "List", "Sequence", "tuple"}, {"dict", "Dict", "Mapping"}
PLAIN = {"int": "number", "float": "number", "Number": "number", "object": "Any"}


def public_api(package: Path) -> Api:
    """What the package's `__all__` names, but exceptions, which jsii does not have."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py"))]
    classes = {n.name: n for tree in trees for n in tree.body if isinstance(n, ast.ClassDef)}
    public = _public(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    return {name: _class(classes[name]) for name in public if not name.endswith("Error")}


def _public(init: ast.Module) -> list[str]:
    """The names of `__all__`, written out, or computed from what is imported."""
    listed = next(n.value for n in init.body if isinstance(n, ast.Assign) and _is_all(n.targets[0]))
    if isinstance(listed, ast.ListComp):
        imported = [n for n in init.body if isinstance(n, ast.ImportFrom) and n.level]
        return sorted(alias.asname or alias.name for node in imported for alias in node.names)
    names: list[str] = ast.literal_eval(listed)
    return names


def without_options(api: Api, other: Api) -> Api:
    """Leave out the structs that exist for jsii's sake only: Python spells them out as keywords."""
    return {name: value for name, value in api.items() if name in other or value["kind"] != "struct"}


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two APIs differ, a line each."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(k for k in other if k not in one)]
        return [line for k in keys for line in differences(one.get(k), other.get(k), f"{path}.{k}".lstrip("."))]
    return [] if one == other else [f"{path}: {one!r} here, {other!r} through jsii"]


def _is_all(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "__all__"


def _class(node: ast.ClassDef) -> Api:
    decorators = " ".join(ast.unparse(d) for d in node.decorator_list)
    init = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
    if any("Enum" in ast.unparse(b) for b in node.bases):
        described = docs.attribute_docs(node.body)
        members = {n.targets[0].id: n for n in node.body if isinstance(n, ast.Assign) and _is_name(n.targets[0])}  # type: ignore[attr-defined]
        values = {k: [ast.literal_eval(n.value), _text(described.get(k, ""))] for k, n in members.items()}
        return {"kind": "enum", "doc": _doc(node), "members": values}
    if "data_type" in decorators or "dataclass" in decorators:
        doc, fields = (_doc(init), _parameters(init)) if init else (_doc(node), _fields(node))
        return {"kind": "struct", "doc": doc, "fields": fields}
    bases = [ast.unparse(b).split(".")[-1] for b in node.bases if ast.unparse(b).split(".")[-1] != "ABC"]
    return {
        "kind": "class",
        "doc": _doc(node),
        "bases": bases,
        "init": _parameters(init) if init else {},
        "members": _attributes(node) | _methods(node),
    }


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _fields(node: ast.ClassDef) -> Api:
    described = {name: docs.split_default(text) for name, text in docs.attribute_docs(node.body).items()}
    return {
        ast.unparse(n.target): _parameter(n.annotation, n.value is not None, described.get(ast.unparse(n.target)), True)
        for n in node.body
        if isinstance(n, ast.AnnAssign)
    }


def _attributes(node: ast.ClassDef) -> Api:
    described = docs.attribute_docs(node.body)
    return {
        n.target.id: {"property": _type(n.annotation), "doc": _text(described.get(n.target.id, ""))}
        for n in node.body
        if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name) and not n.target.id.startswith("_")
    }


def _methods(node: ast.ClassDef) -> Api:
    found: Api = {}
    for n in node.body:
        if not isinstance(n, ast.FunctionDef) or n.name.startswith("_"):
            continue
        decorators = [ast.unparse(d) for d in n.decorator_list]
        if any(d.endswith("property") for d in decorators):
            found[n.name] = {"property": _type(n.returns), "doc": _doc(n)}
            continue
        static = any("staticmethod" in d or "classmethod" in d for d in decorators)
        returns, doc = _type(n.returns), docs.read(ast.get_docstring(n)).returns
        found[n.name] = {
            "static": static,
            "parameters": _parameters(n, skip=any("classmethod" in d for d in decorators) or not static),
            "returns": [returns, _text(doc)],
            "doc": _doc(n),
        }
    return found


def _parameters(node: ast.FunctionDef, skip: bool = True) -> Api:
    described = docs.read(ast.get_docstring(node)).parameters
    positional = node.args.args[skip:]
    defaults = [*[None] * (len(positional) - len(node.args.defaults)), *node.args.defaults]
    found = {
        a.arg: _parameter(a.annotation, d is not None, described.get(a.arg), False)
        for a, d in zip(positional, defaults, strict=True)
    }
    for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        found[a.arg] = _parameter(a.annotation, d is not None, described.get(a.arg), True)
    return found


def _parameter(annotation: ast.expr | None, optional: bool, text: docs.Text | None, keyword: bool) -> list[Any]:
    text = text or docs.Text()
    default = _text(text.default) or ("- none" if optional and keyword else "")
    return [_type(annotation), "optional" if optional else "required", keyword, _text(text.text), default]


def _doc(node: ast.FunctionDef | ast.ClassDef) -> str:
    return _text(docs.read(ast.get_docstring(node)).body)


def _text(text: str) -> str:
    text = re.sub(r":(stability|exampleMetadata|abstract|default): .*", "", text)
    return " ".join(docs.markdown(text).replace("'", '"').split())


def _type(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node = ast.parse(node.value, mode="eval").body
    if isinstance(node, ast.BinOp):
        return _union([node.left, node.right])
    if isinstance(node, ast.Subscript):
        head = ast.unparse(node.value).split(".")[-1]
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if head == "Optional":
            return _union([*inner, ast.Constant(None)])
        if head == "Union":
            structs = [i for i in inner if ast.unparse(i) != "typing.Dict[builtins.str, typing.Any]"]
            return _union(structs)
        return f"list[{_type(inner[0])}]" if head in LISTS else f"dict[{_type(inner[1])}]" if head in MAPS else head
    name = "None" if node is None else ast.unparse(node).split(".")[-1]
    return PLAIN.get(name, name)


def _union(nodes: list[ast.expr]) -> str:
    return " | ".join(sorted({part for n in nodes for part in _type(n).split(" | ")}))
