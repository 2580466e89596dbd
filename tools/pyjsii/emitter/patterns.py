"""Regular expressions: a literal pattern is read, and written anew for JavaScript with the same meaning, or refused.

What is read is the part of Python's syntax (docs.python.org, re) that both languages give one meaning: characters,
`.`, sets, groups, alternatives, repetitions and look-ahead. JavaScript's `u` flag takes escapes of syntax characters
only, so every character is written by `_character`.
"""

import re
from dataclasses import dataclass

SYNTAX = frozenset("^$\\.*+?()[]{}|/")
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}
CODES = {"x": 2, "u": 4, "U": 8}
REPETITION = re.compile(r"[*+?]|\{(\d*)(?:(,)(\d*))?\}")
UNALIKE = {
    "b": "a boundary of words",
    "B": "a boundary of words",
    "A": "\\A",
    "Z": "\\Z",
    "d": "\\d, \\w or \\s (of all scripts in Python, of ASCII in JavaScript)",
}
UNALIKE |= dict.fromkeys("DwWsS", UNALIKE["d"])


class UnlikeError(Exception):
    """The two languages would match different texts."""


def javascript(pattern: str, function: str) -> tuple[str, str]:
    """The body of the JavaScript pattern, and what is wrong with Python's, if anything is."""
    try:
        re.compile(pattern)
        body = Pattern(pattern).whole()
    except (UnlikeError, re.error) as wrong:
        return "", str(wrong)
    return {"fullmatch": f"^(?:{body})$", "match": f"^(?:{body})", "search": body}[function], ""


@dataclass
class Pattern:
    """A pattern that Python's compiler takes, read from left to right."""

    text: str
    at: int = 0

    def whole(self) -> str:
        """All of it, in JavaScript."""
        return self._alternatives()

    def _ahead(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def _take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def _skip(self, text: str) -> bool:
        if self._ahead(text):
            self.at += len(text)
            return True
        return False

    def _alternatives(self) -> str:
        branches = [self._sequence()]
        while self._skip("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

    def _sequence(self) -> str:
        written = ""
        while self.at < len(self.text) and not self._ahead("|") and not self._ahead(")"):
            written += self._repeated(self._one())
        return written

    def _repeated(self, one: str) -> str:
        """An element with the repetition that follows it, if one does."""
        found = REPETITION.match(self.text, self.at)
        if found is None or found[0] == "{}":  # in Python a brace that is no repetition is a character
            return one
        self.at = found.end()
        if found[0][0] == "{":
            low, high = found[1] or "0", found[1] if found[2] is None else found[3]
        else:
            low, high = {"*": ("0", ""), "+": ("1", ""), "?": ("0", "1")}[found[0]]
        if self._skip("+"):
            raise UnlikeError("a possessive repetition")
        return f"(?:{one}){{{low},{high}}}{'?' if self._skip('?') else ''}"

    def _one(self) -> str:
        if self._ahead("("):
            return self._group()
        taken = self._take()
        if taken == "[":
            return self._set()
        if taken == ".":
            return "[^\\n]"
        if taken in "^$":
            raise UnlikeError(f"{taken}, which JavaScript reads otherwise or not at all,")
        return _character(self._escaped() if taken == "\\" else taken)

    def _group(self) -> str:
        self._take()
        ahead = next((kind for kind in ("?=", "?!") if self._skip(kind)), "")
        if not ahead and not self._skip("?:") and self._skip("?"):
            self._name()
        inner = self._alternatives()
        self._take()
        return f"({ahead or '?:'}{inner})"

    def _name(self) -> None:
        """A group's name, which leaves no trace: nothing reads groups. Other things after `(?` are refused."""
        if self._ahead("P<"):
            self.at = self.text.index(">", self.at) + 1
            return
        kinds = {"<": "a look behind", "#": "a comment", ">": "an atomic group", "(": "a condition", "P": "a reference"}
        raise UnlikeError(kinds.get(self._take(), "a flag"))

    def _set(self) -> str:
        written = "^" if self._skip("^") else ""
        first = True
        while first or not self._ahead("]"):
            low = self._member()
            first = False
            if self._ahead("-") and not self._ahead("-]"):
                self._take()
                written += f"{_character(low)}-{_character(self._member())}"
            else:
                written += _character(low)
        self._take()
        return f"[{written}]"

    def _member(self) -> str:
        taken = self._take()
        if taken == "[":  # Python warns that it may come to mean a set in the set
            raise UnlikeError("a [ in a set, without a backslash,")
        if taken != "\\":
            return taken
        return "\b" if self._skip("b") else self._escaped()

    def _escaped(self) -> str:
        """The character that an escape stands for; its backslash is taken already."""
        taken = self._take()
        if taken in CONTROLS:
            return CONTROLS[taken]
        if taken in CODES:
            digits = self.text[self.at : self.at + CODES[taken]]
            self.at += len(digits)
            return chr(int(digits, 16))
        if taken.isascii() and taken.isalnum():
            raise UnlikeError(UNALIKE.get(taken, f"\\{taken}"))
        return taken


def _character(text: str) -> str:
    if text == "-":  # between two others it would make a range
        return "\\u002d"
    if text in SYNTAX:
        return f"\\{text}"
    return text if text.isascii() and text.isprintable() else f"\\u{{{ord(text):x}}}"
