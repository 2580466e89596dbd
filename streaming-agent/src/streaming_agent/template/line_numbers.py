"""Line numbers: on which line of the text each property of a JSON or YAML document stands."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Step = str | int


@dataclass(slots=True)
class Mark:
    """The line of a value, and the marks of what stands in it."""

    line: int
    children: "dict[Step, Mark]" = field(default_factory=dict)

    def at(self, path: Sequence[Step]) -> "Mark":
        """The mark of the deepest step of `path` that is written down."""
        mark = self
        for step in path:
            child = mark.children.get(step) or mark._through_an_intrinsic(step)
            if child is None:
                break
            mark = child
        return mark

    def depth(self, path: Sequence[Step]) -> int:
        """How many steps of `path` are written down."""
        mark, count = self, 0
        for step in path:
            child = mark.children.get(step) or mark._through_an_intrinsic(step)
            if child is None:
                break
            mark, count = child, count + 1
        return count

    def _through_an_intrinsic(self, step: Step) -> "Mark | None":
        """The step below a function that stands in the place of the structure: `Fn::If` around it, say."""
        if len(self.children) != 1:
            return None
        ((name, argument),) = self.children.items()
        if name != "Fn::If":
            return None
        for branch in (1, 2):
            mark = argument.children.get(branch)
            if mark is not None and step in mark.children:
                return mark.children[step]
        return None


_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"|([{}\[\],:])|(\n)|[^\s"{}\[\],:]+')


def json_marks(text: str) -> Mark:
    """The marks of a JSON text that `json` could read."""
    root = Mark(1)
    line = 1
    # a frame: the container's mark, the index of its next item (None: an object), the key that waits for its value
    stack: list[tuple[Mark, list[int] | None]] = []
    key: str | None = None
    key_line = 1
    expecting_key = False
    for token in _TOKEN.finditer(text):
        kind = token.lastindex
        if kind == 3:
            line += 1
            continue
        if kind == 2:
            sign = token[2]
            if sign in "{[":
                mark = _entered(root, stack, key, key_line if key is not None else line)
                stack.append((mark, [0] if sign == "[" else None))
                key, expecting_key = None, sign == "{"
            elif sign in "}]":
                if stack:
                    stack.pop()
                key, expecting_key = None, False
            elif sign == "," and stack:
                key, expecting_key = None, stack[-1][1] is None
            continue
        if kind == 1 and expecting_key:
            key, key_line, expecting_key = _unescaped(token[1]), line, False
            continue
        _entered(root, stack, key, key_line if key is not None else line)
    return root


def _entered(root: Mark, stack: list[tuple[Mark, list[int] | None]], key: str | None, line: int) -> Mark:
    if not stack:
        root.line = line
        return root
    parent, index = stack[-1]
    mark = Mark(line)
    if index is None:
        parent.children[key if key is not None else ""] = mark
    else:
        parent.children[index[0]] = mark
        index[0] += 1
    return mark


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
