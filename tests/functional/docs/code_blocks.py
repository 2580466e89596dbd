"""Finds the examples: `Example::` in docstrings, and fenced Python on pages."""

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
CONSTRUCTS = ROOT / "src" / "streaming_agent_construct"
CLIENT = ROOT / "streaming-agent" / "src" / "streaming_agent" / "client"
_FENCED = re.compile(r"^( *)```python\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class CodeBlock:
    """One example, and where a reader finds it."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def docstring_examples(folder: Path) -> list[CodeBlock]:
    """The `Example::` of every class and function in the modules below one folder."""
    return [block for path in sorted(folder.rglob("*.py")) for block in _examples_of(path)]


def pages() -> list[Path]:
    """The pages that people read; API.md is made of the docstrings."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/README.md")]
    found.append(ROOT / "streaming-agent" / "README.md")
    return sorted(path for path in found if path.name != "API.md")


def blocks_of(page: Path) -> list[CodeBlock]:
    """The fenced Python of one page, in its order, but for agents."""
    return [block for block in _fenced(page) if not _is_agents(block)]


def agents_of(page: Path) -> list[CodeBlock]:
    """The agents of one page, each a module of its own."""
    return [block for block in _fenced(page) if _is_agents(block)]


def _is_agents(block: CodeBlock) -> bool:
    return "from streaming_agent import" in block.text or "from streaming_agent.testing import" in block.text


def _fenced(page: Path) -> list[CodeBlock]:
    text = page.read_text(encoding="utf-8")
    return [
        CodeBlock(page, text.count("\n", 0, match.start()) + 1, textwrap.dedent(match[2]))
        for match in _FENCED.finditer(text)
    ]


def _examples_of(path: Path) -> Iterator[CodeBlock]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _, marker, example = (ast.get_docstring(node) or "").partition("Example::\n")
            if marker:
                indented = re.split(r"\n(?=\S)", example)[0]
                yield CodeBlock(path, node.lineno, textwrap.dedent(indented).strip() + "\n")
