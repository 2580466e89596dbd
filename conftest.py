"""What every run of the tests shares: this project's own tools on the PATH, and which tests share a worker."""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent
_CONSTRUCTS = "tests/unit/streaming_agent_construct"
# What these folders compile, synthesise or start once for all their tests: one worker runs all.
_ONE_WORKER = {
    _CONSTRUCTS: "jsii",
    "tests/integration/pyjsii/test_parity.py": "jsii",
    "tests/integration/pyjsii": "package",
    "tests/integration/packaging": "package",
    "tests/integration/checkers": "checkers",
}
# The longest first, so that no worker begins one when the others have nothing left to do. The constructs' own tests
# come before those that compare what they looked at.
_ORDER = (_CONSTRUCTS, "tests/integration", "examples", "tests/functional", "tests/unit")


# `python -m pytest` finds uv and cdk as `make` does, from whichever environment it was called.
_TOOLS = [Path(sys.executable).parent, ROOT / ".venv" / "npm" / "node_modules" / ".bin"]
os.environ["PATH"] = os.pathsep.join([*map(str, _TOOLS), os.environ.get("PATH", "")])
# What a hundred processes import is compiled once, whatever the environment says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Before anything imports aws_cdk: its Node process gets the environment of that moment.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
# The CDK's validator costs each process a second, and each synthesis some: it looks on where its findings are read
# (tests/integration/looking_on.py).
os.environ.setdefault("CDK_VALIDATION", "false")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest comes first; what the constructs' tests look at is recorded for the parity test."""
    items.sort(key=_place)
    if any(item.path.name == "test_parity.py" for item in items):
        from tests.integration.pyjsii.recorder import record_if_needed  # noqa: PLC0415  it loads aws_cdk

        record_if_needed(config, items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test printed may hold half characters, which a worker cannot send."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """With `-n 3 --dist loadscope`, the tests of a file stay together, and so do those of some folders."""
    return _ByGroup(config, log) if config.getoption("dist") == "loadscope" else None


class _ByGroup(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        folder = next((group for start, group in _ONE_WORKER.items() if path.startswith(start)), None)
        return folder or path


def _place(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT).as_posix()
    return next((number for number, start in enumerate(_ORDER) if path.startswith(start)), len(_ORDER))
