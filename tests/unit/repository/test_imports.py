"""Imports go one way: between the construct's folders, and from streaming_agent's commands down to its top level."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONSTRUCTS = ROOT / "src" / "streaming_agent_construct"
AGENT = ROOT / "streaming-agent" / "src" / "streaming_agent"
TOP = ""
ANY_FOLDER = {"api", "auth", "observability", "protection", "runtime"}
# What each folder may import, beside itself and the few files at the top that import no folder.
BELOW = {
    "auth": set(),
    "protection": set(),
    "runtime": {"auth", "protection"},
    "api": {"auth", "protection", "runtime"},
    "observability": {"api", "auth", "protection", "runtime"},
}
# These see all folders: the drawing and the public names.
ABOVE_ALL = {"__init__", "streaming_agent_api"}
OTHER_PACKAGES = {"aws_cdk", "constructs", "jsii"}


def imported(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name, from the package down, of each module of the package that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.relative_to(package).parts[:-1]
            base = folder[: len(folder) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            yield from ((node.lineno, ".".join([*base, *name.split(".")])) for name in names)


def upward(package: Path) -> list[str]:
    """Each import in the construct package that goes against the order of its folders."""
    found = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[0] == "assets" or (len(parts) == 1 and parts[0] in ABOVE_ALL):
            continue
        own = parts[0] if len(parts) > 1 else TOP
        for line, name in imported(path, package):
            target = name.split(".")[0]
            if target not in ANY_FOLDER:
                wrong = target in ABOVE_ALL
            else:
                wrong = target != own and target not in BELOW.get(own, set())
            if wrong:
                found.append(f"{'/'.join(parts)}.py:{line} imports {name}")
    return found


def test_the_constructs_folders_import_one_way() -> None:
    assert upward(CONSTRUCTS) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("auth/planted.py", "from ..runtime.agent_source import AgentSource"),
        ("protection/planted.py", "from ..auth.agent_auth import AgentAuth"),
        ("runtime/planted.py", "from ..api import endpoint"),
        ("api/planted.py", "def late():\n    from ..observability.alarms import api_alarms"),
        ("errors.py", "from .auth.agent_auth import AgentAuth"),
        ("auth/planted.py", "from ..streaming_agent_api import StreamingAgentApi"),
    ],
)
def test_an_import_upwards_is_named(path: str, line: str, tmp_path: Path) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{line}\n", encoding="utf-8")
    (named,) = upward(tmp_path)
    assert named.startswith(f"{path}:{line.count(chr(10)) + 1} imports ")


def test_the_agent_library_imports_no_folder_with_requirements_of_its_own() -> None:
    """An agent's zip has uvicorn alone: what `streaming_agent` needs at its top stays there."""
    heavy = {"checks", "cli", "client", "doctor", "local", "scaffold", "template", "verify"}
    found = []
    for path in sorted(AGENT.rglob("*.py")):
        parts = path.relative_to(AGENT).parts
        if parts[0] in heavy:
            continue
        found += [
            f"{path.name}:{line} imports {name}" for line, name in imported(path, AGENT) if name.split(".")[0] in heavy
        ]
    assert found == []


def test_the_client_imports_no_other_folder() -> None:
    allowed = {"client", "errors"}
    found = [
        f"{path.name}:{line} imports {name}"
        for path in sorted((AGENT / "client").rglob("*.py"))
        for line, name in imported(path, AGENT)
        if name.split(".")[0] not in allowed
    ]
    assert found == []
