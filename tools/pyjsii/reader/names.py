"""Names cross between Python and TypeScript, and must come back the same: snake_case <-> camelCase."""

import difflib
import keyword
import re

# What a local cannot be called: words of TypeScript, some of which Python asks an underscore for (`import_`), and what
# translated code asks of JavaScript.
_RESERVED = (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends "
    "finally for function if implements import in instanceof interface let new null package private protected public "
    "return static super switch this throw try typeof undefined var void while with yield "
    "Array Error Infinity Math NaN Number Object RegExp Set String exports module require"
)
RESERVED = frozenset(_RESERVED.split())


def snake(name: str) -> str:
    """What jsii's code generator for Python makes of a TypeScript name (codemaker's toSnakeCase)."""
    name = re.sub(r"(^|[^A-Z])(KiB|MiB|GiB)($|[^a-z])", lambda m: m[1] + m[2].capitalize() + m[3], name)
    name = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z]+)", r"\1_\2", name).lower()
    return name + "_" if keyword.iskeyword(name) else name


def survives(name: str) -> bool:
    """Whether jsii brings the TypeScript name back to Python as it was."""
    return name.isupper() or snake(camel(name)) == name


def camel(name: str) -> str:
    """The TypeScript name."""
    if re.fullmatch(r"_*[A-Z][A-Z0-9_]*", name):
        return name
    bare = name.lstrip("_")
    text = re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), bare.removesuffix("_"))
    return name[: len(name) - len(bare)] + text


def pascal(name: str) -> str:
    """`from_directory` -> `FromDirectory`, for the struct that a method's keywords become."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def file_stem(module: str) -> str:
    """`auth.agent_auth` -> `auth/agent-auth`."""
    return module.replace(".", "/").replace("_", "-")


def suggestion(name: str, known: list[str]) -> str:
    """The name that was probably meant."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "check the name"
