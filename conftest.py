"""What every run of the tests shares: this project's own tools on the PATH, and which tests share a worker."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
# What these folders compile, synthesise or start once for all their tests: with two workers, one of them runs all.
_ONE_WORKER = {
    "tests/integration/pyjsii": "jsii",
    "tests/integration/packaging": "jsii",
    "tests/integration/checkers": "checkers",
}
# The longest first, so that no worker begins one when the other has nothing left to do.
_ORDER = ("tests/integration", "examples", "tests/functional", "tests/unit")


def pytest_configure() -> None:
    """`python -m pytest` finds uv and cdk as `make` does, from whichever environment it was called."""
    tools = [Path(sys.executable).parent, ROOT / ".venv" / "npm" / "node_modules" / ".bin"]
    os.environ["PATH"] = os.pathsep.join([*map(str, tools), os.environ.get("PATH", "")])
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With workers (`-n 2 --dist loadgroup`), the tests of a file stay together, and so do those of some folders."""
    # A worker's own `dist` is always "no"; xdist tells it of groups in `loadgroup`.
    if not (config.getoption("dist", "no") == "loadgroup" or config.getoption("loadgroup", False)):
        return
    for item in items:
        path = item.path.relative_to(ROOT)
        folder = next((group for start, group in _ONE_WORKER.items() if path.as_posix().startswith(start)), None)
        example = "/".join(path.parts[:2]) if path.parts[0] == "examples" else None
        item.add_marker(pytest.mark.xdist_group(folder or example or path.as_posix()))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT).as_posix()
    return next((number for number, start in enumerate(_ORDER) if path.startswith(start)), len(_ORDER))
