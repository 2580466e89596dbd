"""Symbols: what stands for the parts of a value that are known only once the stack is deployed.

A value that is read from a template is plain JSON. A part that cannot be known stands in its text as one character of
a private Unicode plane, a *symbol*, so that a join keeps its known parts: `https://api.⟨region⟩.example.org/ask`. The
same thing is always the same character; two texts are equal when they will be equal after deployment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .plain_values import as_text

_FIRST, _LAST = 0xF0000, 0x10FFFD
SYMBOL = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")


@dataclass(frozen=True)
class Reference:
    """A resource's `Ref` (an empty `attribute`) or one of its attributes, as the identity of that resource."""

    stack: str
    logical_id: str
    attribute: str = ""

    def __str__(self) -> str:
        return f"${{{self.logical_id}.{self.attribute}}}" if self.attribute else f"${{{self.logical_id}}}"


@dataclass(frozen=True)
class Pseudo:
    """A pseudo parameter whose value the template does not say: `AWS::Region` of a stack without an environment."""

    name: str
    stack: str = ""

    def __str__(self) -> str:
        return f"${{{self.name}}}"


@dataclass(frozen=True)
class Unknown:
    """A value that the template does not hold; `why` says what to give."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"${{{self.what}}}"


@dataclass(frozen=True)
class Derived:
    """What `Fn::Split` makes of a text with symbols: one of its pieces, or the text with a delimiter replaced."""

    text: str
    delimiter: str
    index: int | None = None
    replacement: str | None = None

    def __str__(self) -> str:
        return "${…}"


Symbol = Reference | Pseudo | Unknown | Derived


class Symbols:
    """The symbols of the templates that are read together."""

    def __init__(self) -> None:
        self._characters: dict[Symbol, str] = {}
        self._symbols: dict[str, Symbol] = {}

    def text(self, symbol: Symbol) -> str:
        """The character that stands for a symbol."""
        character = self._characters.get(symbol)
        if character is None:
            number = _FIRST + len(self._characters)
            if number >= _LAST:  # more than 131,000 different unknowns: they all look alike from here on
                return chr(_LAST)
            character = chr(number)
            self._characters[symbol] = character
            self._symbols[character] = symbol
        return character

    def of(self, text: str) -> list[Symbol]:
        """The symbols in a text, in order."""
        return [self._symbols[found] for found in SYMBOL.findall(text) if found in self._symbols]

    def only(self, value: Any) -> Symbol | None:
        """The symbol that a value is, when it is one and nothing else."""
        return self._symbols.get(value) if isinstance(value, str) and len(value) == 1 else None

    def reference(self, value: Any) -> Reference | None:
        """The resource that a value refers to, when it is that reference and nothing else."""
        symbol = self.only(value)
        return symbol if isinstance(symbol, Reference) else None

    def references(self, value: Any) -> list[Reference]:
        """Every reference in a text, those inside a split text too."""
        if not isinstance(value, str):
            return []
        found: list[Reference] = []
        for symbol in self.of(value):
            if isinstance(symbol, Reference):
                found.append(symbol)
            elif isinstance(symbol, Derived):
                found.extend(self.references(symbol.text))
        return found

    def unknown(self, value: Any) -> Unknown | None:
        """The first part of a value, however deep, that cannot be known from the template; `None` when there is none.

        References and pseudo parameters are known: as identities.
        """
        if isinstance(value, str):
            for symbol in self.of(value):
                if isinstance(symbol, Unknown):
                    return symbol
                if isinstance(symbol, Derived) and (inner := self.unknown(symbol.text)):
                    return inner
        elif isinstance(value, dict):
            return next((found for item in value.values() if (found := self.unknown(item))), None)
        elif isinstance(value, list):
            return next((found for item in value if (found := self.unknown(item))), None)
        return None

    def shown(self, value: Any) -> str:
        """A value for people: symbols as `${…}`."""
        if isinstance(value, str):
            return SYMBOL.sub(lambda found: self._shown(found[0]), value)
        return as_text(value)

    def _shown(self, character: str) -> str:
        symbol = self._symbols.get(character)
        if isinstance(symbol, Derived):
            return self.shown(symbol.text) if symbol.index is None else "${…}"
        return str(symbol) if symbol else "${…}"

    def replaced(self, text: str, known: Callable[[Symbol], str | None]) -> str:
        """The text with each symbol that `known` knows replaced by its value; the other symbols stay."""

        def value(found: re.Match[str]) -> str:
            symbol = self._symbols.get(found[0])
            if symbol is None:
                return found[0]
            if isinstance(symbol, Derived):
                return self._derived(symbol, known) or found[0]
            return known(symbol) or found[0]

        return SYMBOL.sub(value, text)

    def _derived(self, symbol: Derived, known: Callable[[Symbol], str | None]) -> str | None:
        text = self.replaced(symbol.text, known)
        if SYMBOL.search(text):
            return None
        if symbol.replacement is not None:
            return text.replace(symbol.delimiter, symbol.replacement)
        pieces = text.split(symbol.delimiter)
        index = symbol.index or 0
        return pieces[index] if index < len(pieces) else None


def without_symbols(text: str) -> str:
    """A template's own text, in which a character of the symbols' plane means nothing."""
    return SYMBOL.sub("\ufffd", text)
