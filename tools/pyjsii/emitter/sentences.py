"""What a sentence for users calls things: the names and calls of Python in it become those of TypeScript."""

import re
from dataclasses import dataclass

from ..reader.assemblies import Assemblies
from ..reader.names import camel, snake
from . import tree as ts

SENTENCE_METHODS = ("add_error_v2", "add_info_v2", "add_warning_v2")
"""Those of `Annotations` whose last argument is a sentence."""

_VALUE = "\0"
_KEPT = "\1{}\2"
_QUOTED = re.compile(r"(?<![A-Za-z0-9])'[^'\n]*'(?![A-Za-z0-9])")
_FORMATTED = re.compile(r"\bf'([^'\n]*)'")
_CALL = re.compile(r"([A-Za-z_.]+)\(([^()\n]*)\)")
_KEYWORD = re.compile(r"\b([a-z]\w*)=(?=\.\.\.|[^\s,;.:)=])")
_BARE_KEYWORD = re.compile(r"\b([a-z]\w*)=(?=[\s,;.:]|$)")
_AFTER_A_DOT = re.compile(r"(?<=\.)[a-z]+(?:_[a-z0-9]+)+\b")
_WORD = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
_IS_CONSTANT = re.compile(r"(?<=\bis )(True|False|None)\b")
_CONSTANTS = {"True": "true", "False": "false", "None": "undefined"}


@dataclass(frozen=True)
class Words:
    """What a sentence may speak of."""

    names: frozenset[str]
    """The package's own members, keywords and parameters, and the fields of the CDK's structs that these hold."""
    structs: frozenset[str]
    """The classes whose values are object literals in TypeScript."""

    @classmethod
    def of(cls, world: Assemblies) -> "Words":
        """Those of a package whose declarations are read."""
        members = [
            member for made in world.own() for member in made.members.values() if not member.name.startswith("_")
        ]
        signatures = [member.signature for member in members if member.signature]
        names = {member.name for member in members} | {p.name for s in signatures for p in s.positional}
        held = {member.type.name for member in members if world.is_struct(member.type)}
        names |= {field for struct in held for field in world.members(struct)}
        return cls(frozenset(names), world.structs())

    def option(self, node: ts.Expression) -> ts.Expression:
        """What is passed to be named in a sentence: the name of an option, as TypeScript has it."""
        return ts.Text(camel(node.value)) if isinstance(node, ts.Text) and node.value in self.names else node


def speaks(name: str) -> bool:
    """Whether the keyword or function of this name holds a part of a sentence."""
    return name.endswith(("_reason", "_words"))


def in_typescript(sentence: str, known: Words) -> str:
    """The sentence for a reader who writes TypeScript.

    What stands in quotes is a value and stays, but for what an f-string puts together. Other names with underscores
    stay too: they are somebody else's, as a token's claims are.
    """
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return _KEPT.format(len(kept) - 1)

    def call(found: re.Match[str]) -> str:
        name, given = found[1], found[2].split(", ") if found[2] else []
        keywords = [part.partition("=") for part in given if _KEYWORD.match(part)]
        entries = ", ".join(f"{word(key)}: {_CONSTANTS.get(value, value)}" for key, _, value in keywords)
        if keywords and name in known.structs:
            option = camel(snake(name))  # a literal does not say its type: where an option is called so, it does
            return keep(f"{option}: {{ {entries} }}" if snake(name) in known.names else f"{{ {entries} }}")
        positions = [part for part in given if not _KEYWORD.match(part)]
        return keep(f"{words(name)}({', '.join([*positions, *([f'{{ {entries} }}'] if entries else [])])})")

    def word(name: str) -> str:
        return camel(name) if name in known.names else name

    def words(text: str) -> str:
        return _WORD.sub(lambda found: word(found[0]), _AFTER_A_DOT.sub(lambda found: camel(found[0]), text))

    text = _FORMATTED.sub(lambda found: keep("`" + found[1].replace("{", "${") + "`"), sentence)
    text = _QUOTED.sub(lambda found: keep(found[0]), text)
    while _CALL.search(text):
        text = _CALL.sub(call, text)
    text = words(_BARE_KEYWORD.sub(r"\1", _KEYWORD.sub(r"\1: ", text)))
    text = _IS_CONSTANT.sub(lambda found: _CONSTANTS[found[0]], text)
    for at in reversed(range(len(kept))):
        text = text.replace(_KEPT.format(at), kept[at])
    return text


def translated(node: ts.Expression, known: Words) -> ts.Expression:
    """The expression of a sentence; what it puts in between is left as it is."""
    if isinstance(node, ts.Text):
        return ts.Text(in_typescript(node.value, known))
    if isinstance(node, ts.Conditional):
        return ts.Conditional(node.test, translated(node.then, known), translated(node.other, known))
    if not isinstance(node, ts.Template):
        return node
    texts = in_typescript("".join(part if isinstance(part, str) else _VALUE for part in node.parts), known)
    values = iter([part for part in node.parts if not isinstance(part, str)])
    parts: list[str | ts.Expression] = []
    for index, piece in enumerate(texts.split(_VALUE)):
        parts += [next(values), piece] if index else [piece]
    return ts.Template(tuple(part for part in parts if part != ""))
