"""A JSON or YAML text as values with line marks, bounded against nesting, bombs and cycles."""

import json
import re
from collections.abc import Sequence
from typing import Any

from ..errors import Refusal
from .line_numbers import Mark, Step, json_marks
from .symbols import without_symbols

DEPTH_LIMIT = 100  # templates of real stacks nest some 40 levels
NODE_LIMIT = 500_000
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED_SYMBOL = re.compile(r"\\u[dD][bB][89a-fA-F]|\\U00(?:0[fF]|10)")


class Parsed:
    """What a text holds (`value`), and on which line each part of it stands (`line`)."""

    def __init__(self, value: Any, text: str, marks: Mark | None = None) -> None:
        self.value = value
        self._text = text
        self._marks = marks

    @property
    def marks(self) -> Mark:
        """The marks, made when they are first asked for: a template without findings needs none."""
        if self._marks is None:
            self._marks = json_marks(self._text)
        return self._marks

    def line(self, path: Sequence[Step]) -> int:
        """The line, counted from 1, of the deepest part of `path` that is written down."""
        return self.marks.at(path).line


def parse(text: str, label: str) -> Parsed:
    """JSON where the text is JSON, else YAML with CloudFormation's tags (needs PyYAML: the extra `check`).

    Raises:
        Refusal: SAL092 for half a character, SAL093 for broken JSON or YAML, SAL094 for one that is nested too deeply
            or grows without bound, SAL095 where PyYAML is missing.
    """
    parsed = _parsed(without_symbols(text), label)
    if _ESCAPED_SYMBOL.search(text):
        parsed.value = _cleaned(parsed.value)
    if _ESCAPED_HALF.search(text):
        _check_characters(parsed.value, label)
    return parsed


def _parsed(text: str, label: str) -> Parsed:
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(text, parse_constant=_no_constant)
        except RecursionError as problem:
            raise too_deep(label) from problem
        except ValueError as problem:
            if label.endswith(".json") or not _may_be_yaml(text):
                # whether the reader gives up at the depth or at the error depends on the Python that it belongs to
                if _depth(text) > DEPTH_LIMIT:
                    raise too_deep(label) from problem
                raise Refusal("SAL093", f"{label} is not JSON: {_reason(problem)}") from problem
        else:
            _bound(value, label)
            return Parsed(value, text)
    elif label.endswith(".json"):
        raise Refusal("SAL093", f"{label} is not JSON: it begins with {text.lstrip()[:10]!r}")
    return _yaml(text, label)


def _depth(text: str) -> int:
    """How deep the brackets of a text go, also of one that is not whole."""
    depth = deepest = 0
    for token in _BRACKET.findall(text):
        if token in ("{", "["):
            depth += 1
            deepest = max(deepest, depth)
        elif token in ("}", "]"):
            depth -= 1
    return deepest


def _yaml(text: str, label: str) -> Parsed:
    try:
        from .yaml_reader import read_yaml  # noqa: PLC0415 (JSON needs no PyYAML)
    except ModuleNotFoundError as problem:
        if problem.name != "yaml":
            raise
        raise Refusal(
            "SAL095", f"{label} is YAML, which needs PyYAML: pip install 'streaming-agent[check]', or give it as JSON"
        ) from problem
    value, marks = read_yaml(text, label)
    return Parsed(value, text, marks)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return without_symbols(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {without_symbols(key): _cleaned(item) for key, item in value.items()}
    return value


def _check_characters(value: Any, label: str) -> None:
    """An escape can write half a character (a surrogate alone), which no file and no service takes."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as problem:
            half = f"\\u{ord(value[problem.start]):04x}"
            raise Refusal("SAL092", f"{label} has half a character, {half}: write both halves of it") from problem
    elif isinstance(value, list):
        for item in value:
            _check_characters(item, label)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_characters(key, label)
            _check_characters(item, label)


def _may_be_yaml(text: str) -> bool:
    """Whether a text that starts like JSON and is none could be YAML's flow style."""
    return "\n" in text.strip() or "!" in text


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _reason(problem: ValueError) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"{problem.msg.lower()} in line {problem.lineno}, column {problem.colno}"
    return str(problem).splitlines()[0][:200]


def _bound(value: Any, label: str) -> None:
    nodes = 0
    level = [value]
    for _ in range(DEPTH_LIMIT):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        if not below:
            return
        nodes += len(below)
        if nodes > NODE_LIMIT:
            raise too_large(label)
        level = below
    raise too_deep(label)


def too_deep(label: str) -> Refusal:
    """For a document of more than `DEPTH_LIMIT` levels."""
    return Refusal("SAL094", f"{label} is nested more than {DEPTH_LIMIT} levels deep: write it with fewer levels")


def too_large(label: str) -> Refusal:
    """For a document whose aliases make more than `NODE_LIMIT` values of it."""
    return Refusal("SAL094", f"{label} holds more than {NODE_LIMIT:,} values once its aliases are written out")
