"""Imports go one way: between the construct's folders, and from streaming_agent's commands down to its top level."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONSTRUCTS = ROOT / "src" / "streaming_agent_construct"
AGENT = ROOT / "streaming-agent" / "src" / "streaming_agent"
TOP = ""
PACKAGES = ("streaming_agent_construct", "streaming_agent")
OWN = ""  # the package of the file that imports
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


def imported(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name, from the package down, of each module of the package that a file imports."""
    folder = path.relative_to(package).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # Relative, it starts at a folder above; absolute, at the package's name.
            base = [OWN, *folder[: len(folder) - node.level + 1]] if node.level else []
            module = [*base, *(node.module or "").split(".")] if node.module else base
            names = [".".join([*module, alias.name]) for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first in (OWN, *PACKAGES):
                yield node.lineno, rest


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
            if target == "assets":
                wrong = parts != ("host",)  # what packages an agent runs on the machine, which host.py alone asks
            elif target not in ANY_FOLDER:
                # What is no file at the top is a public name, and those are above all.
                wrong = target in ABOVE_ALL or not (package / f"{target}.py").is_file()
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
        ("auth/planted.py", "from .. import api"),
        ("auth/planted.py", "import streaming_agent_construct.api.endpoint"),
        ("protection/planted.py", "from streaming_agent_construct.runtime import agent_source"),
        ("runtime/planted.py", "from streaming_agent_construct import observability as seen"),
        ("auth/planted.py", "from .. import AgentSource"),
        ("runtime/planted.py", "from ..assets.packager import package"),
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


def beside_the_client(package: Path) -> list[str]:
    """Each import in the client of another folder."""
    return [
        f"{path.name}:{line} imports {name}"
        for path in sorted((package / "client").rglob("*.py"))
        for line, name in imported(path, package)
        if name.split(".")[0] not in {"client", "errors"}
    ]


def test_the_client_imports_no_other_folder() -> None:
    assert beside_the_client(AGENT) == []


@pytest.mark.parametrize("line", ["from ..template import View", "from streaming_agent.local import tls"])
def test_an_import_beside_the_client_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "planted.py").write_text(f"{line}\n", encoding="utf-8")
    (named,) = beside_the_client(tmp_path)
    assert named.startswith("planted.py:1 imports ")
