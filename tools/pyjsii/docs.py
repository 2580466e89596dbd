"""Docstrings, as jsii writes them for Python (`:param x: … Default: …`), turned into TSDoc."""

import ast
import re
import textwrap
from dataclasses import dataclass, field
from itertools import pairwise

FIELD = re.compile(r"^:(param (?P<name>\w+)|(?P<return>returns?)|raises [\w.]+|see):\s*", re.MULTILINE)


@dataclass
class Text:
    """What one parameter, field or result is, and what leaving it out means."""

    text: str = ""
    default: str = ""


@dataclass
class Docstring:
    """A docstring in its parts. `example` is Python and starts `example_line` lines below the docstring's first."""

    body: str = ""
    example: str = ""
    example_line: int = 0
    parameters: dict[str, Text] = field(default_factory=dict)
    returns: str = ""


def read(docstring: str | None) -> Docstring:
    """Take a (cleaned) docstring apart."""
    doc = Docstring()
    if not docstring:
        return doc
    before, marker, example = docstring.partition("Example::\n")
    if marker:  # the last thing, or before the fields
        lines = example.split("\n")
        end = next((i for i, line in enumerate(lines) if line and not line.startswith(" ")), len(lines))
        doc.example = textwrap.dedent("\n".join(lines[:end])).strip("\n")
        doc.example_line = (before + marker).count("\n") + len(example) - len(example.lstrip("\n"))
        docstring = before + "\n".join(lines[end:])
    first = FIELD.search(docstring)
    head, fields = (docstring[: first.start()], docstring[first.start() :]) if first else (docstring, "")
    doc.body = markdown(head.strip())
    parts = list(FIELD.finditer(fields))
    stops = [part.start() for part in parts[1:]] + [len(fields)]
    for part, stop in zip(parts, stops, strict=False):
        value = markdown(" ".join(fields[part.end() : stop].split()))
        if part["name"]:
            doc.parameters[part["name"]] = split_default(value)
        elif part["return"]:
            doc.returns = value
    return doc


def split_default(text: str) -> Text:
    """`What it is. Default: - none` in its two parts."""
    body, _, default = " ".join(text.split()).partition(" Default: ")
    return Text(markdown(body), markdown(default))


def markdown(text: str) -> str:
    """The little reST that docstrings use, as Markdown: literals and roles."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
    return re.sub(r"``(.+?)``", r"`\1`", text)


def comment(body: str, *tags: str) -> tuple[str, ...]:
    """The lines of a TSDoc comment; none if there is nothing to say."""
    given = [tag for tag in tags if tag]
    lines = body.split("\n") if body else []
    if lines and given:
        lines.append("")
    return tuple(lines + [line for tag in given for line in tag.split("\n")])


def attribute_docs(body: list[ast.stmt]) -> dict[str, str]:
    """The string that follows an attribute is its documentation."""
    docs: dict[str, str] = {}
    for statement, after in pairwise(body):
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]  # type: ignore[assignment]
        if isinstance(target, ast.Name) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            docs[target.id] = str(after.value.value)
    return docs
