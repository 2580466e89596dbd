"""Regular expressions: Python's pattern is parsed by Python and written anew for JavaScript, or refused."""

from re import _constants as op  # type: ignore[attr-defined]  # no public parser of patterns exists
from re import _parser as parser  # type: ignore[attr-defined]
from re import error
from typing import Any

SPECIAL = set("^$\\.*+?()[]{}|/")


class UnlikeError(Exception):
    """The two languages would match different texts."""


def javascript(pattern: str, function: str) -> tuple[str, str]:
    """The body of the JavaScript pattern, and what is wrong with Python's, if anything is."""
    try:
        parsed = parser.parse(pattern)
        if parsed.state.flags != parser.parse("").state.flags:
            raise UnlikeError("a flag")
        body = _sequence(parsed)
    except (UnlikeError, error) as wrong:
        return "", str(wrong)
    return {"fullmatch": f"^(?:{body})$", "match": f"^(?:{body})", "search": body}[function], ""


def _sequence(items: Any) -> str:
    return "".join(_item(code, value) for code, value in items)


def _item(code: Any, value: Any) -> str:
    if code is op.LITERAL:
        return _character(value)
    if code is op.NOT_LITERAL:
        return f"[^{_character(value)}]"
    if code is op.ANY:
        return "[^\\n]"
    if code is op.IN:
        return f"[{''.join(_member(*member) for member in value)}]"
    if code is op.BRANCH:
        return f"(?:{'|'.join(_sequence(branch) for branch in value[1])})"
    if code is op.SUBPATTERN:
        if value[1] or value[2]:
            raise UnlikeError("a flag")
        return f"(?:{_sequence(value[3])})"
    if code in (op.ASSERT, op.ASSERT_NOT) and value[0] == 1:
        return f"(?{'=' if code is op.ASSERT else '!'}{_sequence(value[1])})"
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        low, high, body = value
        times = f"{{{low},{'' if high is op.MAXREPEAT else high}}}"
        return f"(?:{_sequence(body)}){times}{'?' if code is op.MIN_REPEAT else ''}"
    raise UnlikeError(f"{str(code).lower()}, which JavaScript reads otherwise or not at all,")


def _member(code: Any, value: Any) -> str:
    if code is op.NEGATE:
        return "^"
    if code is op.LITERAL:
        return _character(value)
    if code is op.RANGE:
        return f"{_character(value[0])}-{_character(value[1])}"
    raise UnlikeError("\\d, \\w or \\s (of all scripts in Python, of ASCII in JavaScript)")


def _character(code: int) -> str:
    text = chr(code)
    if text in SPECIAL or text == "-":
        return f"\\{text}" if text != "-" else "\\u002d"
    return text if text.isascii() and text.isprintable() else f"\\u{{{code:x}}}"
