"""A reader finds each file: by a name that no other has, by a first line that says what it is for, and at a glance."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DISTRIBUTIONS = (ROOT / "src" / "streaming_agent_construct", ROOT / "streaming-agent" / "src" / "streaming_agent")
LONGEST = 300
# What `init` copies into a project of its user's.
COPIED = "scaffold/data/"


def modules(package: Path) -> list[Path]:
    """The modules of a distribution, without what it copies elsewhere."""
    return [
        path for path in sorted(package.rglob("*.py")) if not path.relative_to(package).as_posix().startswith(COPIED)
    ]


def faults(package: Path) -> list[str]:
    """The files that a reader would take for another, that say nothing of themselves, or that hold two ideas."""
    found = []
    named = defaultdict(list)
    for path in modules(package):
        name = path.relative_to(package).as_posix()
        named[path.name].append(name)
        text = path.read_text(encoding="utf-8")
        if not ast.get_docstring(ast.parse(text)):
            found.append(f"{name} does not say in its first line what it is for")
        if (length := text.count("\n")) > LONGEST:
            found.append(f"{name} has {length} lines: split it")
    for name, paths in named.items():
        if len(paths) > 1 and not name.startswith("__"):
            found.append(f"{' and '.join(paths)} have the same name: name one after what it holds")
    return found


@pytest.mark.parametrize("package", DISTRIBUTIONS, ids=lambda package: package.name)
def test_each_file_can_be_found_and_read(package: Path) -> None:
    assert len(modules(package)) > 50
    assert faults(package) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"auth/tokens.py": '"""A."""\n', "api/tokens.py": '"""B."""\n'}, "api/tokens.py and auth/tokens.py have the"),
        ({"auth/tokens.py": "TOKENS = 1\n"}, "auth/tokens.py does not say in its first line"),
        ({"auth/__init__.py": ""}, "auth/__init__.py does not say in its first line"),
        ({"long.py": '"""Long."""\n' + "A = 1\n" * LONGEST}, "long.py has 301 lines"),
    ],
)
def test_a_file_that_cannot_is_named(files: dict[str, str], said: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (fault,) = faults(tmp_path)
    assert fault.startswith(said)
