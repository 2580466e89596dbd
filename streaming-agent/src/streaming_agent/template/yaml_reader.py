"""YAML with CloudFormation's tags, read from the parser's events: no recursion, no objects, every size bounded."""

import re
from typing import Any

import yaml

from ..errors import Refusal
from .line_numbers import Mark
from .parsed import DEPTH_LIMIT, NODE_LIMIT, too_deep, too_large

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})
_FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z")  # a leading zero is an account id, not an octal number
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_WITHOUT_FN = ("Ref", "Condition")


class _Frame:
    """A mapping or list that is being read."""

    __slots__ = ("anchor", "is_map", "key", "mark", "merges", "size", "tag", "value")

    def __init__(self, value: Any, tag: str | None, anchor: str | None, mark: Mark) -> None:
        self.value = value
        self.tag = tag
        self.anchor = anchor
        self.mark = mark
        self.is_map = isinstance(value, dict)
        self.key: tuple[str, int] | None = None  # the key that waits for its value, and its line
        self.merges: list[tuple[Any, Mark]] = []
        self.size = 1


def read_yaml(text: str, label: str) -> tuple[Any, Mark]:
    """The first document of the text and its marks."""
    try:
        return _Reader(label).read(text)
    except yaml.MarkedYAMLError as problem:
        at = problem.problem_mark or problem.context_mark
        where = f" in line {at.line + 1}, column {at.column + 1}" if at else ""
        raise Refusal("SAL093", f"{label} is not YAML: {problem.problem or problem.context}{where}") from problem
    except yaml.YAMLError as problem:
        raise Refusal("SAL093", f"{label} is not YAML: {str(problem).splitlines()[0]}") from problem


class _Reader:
    def __init__(self, label: str) -> None:
        self._label = label
        self._anchors: dict[str, tuple[Any, Mark, int]] = {}
        self._frames: list[_Frame] = []
        self._root: tuple[Any, Mark] | None = None

    def read(self, text: str) -> tuple[Any, Mark]:
        documents = 0
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Refusal("SAL093", f"{self._label} holds several YAML documents, and a template is one")
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._start(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self._end()
        if self._root is None:
            raise Refusal("SAL092", f"{self._label} is empty: name a template with a Resources section")
        return self._root

    def _start(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if len(self._frames) >= DEPTH_LIMIT:
            raise too_deep(self._label)
        if self._expects_key():
            raise Refusal("SAL093", f"{self._label} has a list or mapping as a key in line {line}")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._frames.append(_Frame(value, event.tag, event.anchor, Mark(line)))

    def _end(self) -> None:
        frame = self._frames.pop()
        if frame.merges:
            for merged, marks in frame.merges:
                for one, mark in _merged(merged, marks):
                    for key, value in one.items():
                        if key not in frame.value:
                            frame.value[key] = value
                            frame.mark.children[key] = mark.children.get(key, mark)
        value, mark = _tagged(frame.tag, frame.value, frame.mark)
        if frame.anchor:
            self._anchors[frame.anchor] = (value, mark, frame.size)
        self._put(value, mark, frame.size)

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._expects_key():
            self._frames[-1].key = (event.value, line)
            if event.anchor:
                self._anchors[event.anchor] = (event.value, Mark(line), 1)
            return
        plain = event.implicit[0] and event.tag is None
        value: Any = _plain(event.value) if plain else event.value
        value, mark = _tagged(event.tag, value, Mark(line))
        if event.anchor:
            self._anchors[event.anchor] = (value, mark, 1)
        self._put(value, mark, 1)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            open_anchors = {frame.anchor for frame in self._frames}
            what = "refers to itself" if event.anchor in open_anchors else "has no anchor"
            raise Refusal(
                "SAL094", f"{self._label}: the alias *{event.anchor} in line {event.start_mark.line + 1} {what}"
            )
        value, mark, size = self._anchors[event.anchor]
        if self._expects_key():
            self._frames[-1].key = (str(value), event.start_mark.line + 1)
            return
        self._put(value, mark, size)

    def _expects_key(self) -> bool:
        return bool(self._frames) and self._frames[-1].is_map and self._frames[-1].key is None

    def _put(self, value: Any, mark: Mark, size: int) -> None:
        if not self._frames:
            self._root = (value, mark)
            return
        frame = self._frames[-1]
        frame.size += size
        if frame.size > NODE_LIMIT:
            raise too_large(self._label)
        if not frame.is_map:
            frame.mark.children[len(frame.value)] = mark
            frame.value.append(value)
            return
        key, line = frame.key or ("", mark.line)
        frame.key = None
        if key == "<<" and isinstance(value, (dict, list)):
            frame.merges.append((value, mark))
            return
        # a property's line is its key's; an alias keeps its marks and shows where it is used
        frame.mark.children[key] = Mark(line, mark.children)
        frame.value[key] = value


def _merged(value: Any, mark: Mark) -> list[tuple[dict[str, Any], Mark]]:
    if isinstance(value, dict):
        return [(value, mark)]
    return [(one, mark.children.get(index, mark)) for index, one in enumerate(value) if isinstance(one, dict)]


def _tagged(tag: str | None, value: Any, mark: Mark) -> tuple[Any, Mark]:
    """A tag of CloudFormation's as the function that it is short for: `!Sub x` is `{"Fn::Sub": "x"}`."""
    if tag is None or not tag.startswith("!") or tag == "!":
        return value, mark
    name = tag[1:]
    function = name if name in _WITHOUT_FN else f"Fn::{name}"
    if name == "GetAtt" and isinstance(value, str):
        value = list(value.split(".", 1))
    return {function: value}, Mark(mark.line, {function: mark})


def _plain(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if len(text) < 40:
        if _INT.match(text):
            return int(text.replace("_", ""))
        if _FLOAT.match(text):
            return float(text.replace("_", ""))
    return text
