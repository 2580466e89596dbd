"""CONTRIBUTING.md names files and folders that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# A path on the page starts at the root, in one of the distributions, or in the folder that its sentence is about.
STARTS = (
    ROOT,
    ROOT / "src" / "streaming_agent_construct",
    ROOT / "streaming-agent" / "src" / "streaming_agent",
    ROOT / "tests" / "integration" / "checkers",
    ROOT / "tests" / "unit" / "streaming_agent" / "checks",
    ROOT / "examples" / "hello_agent",
)


def missing(page: str) -> list[str]:
    """The paths in the page's code and links that lead nowhere."""
    named = re.findall(r"`([\w.-]+(?:/[\w.-]*)+|[\w-]+\.(?:py|md|toml|txt|json))`", page)
    named += re.findall(r"\]\((?!https?:)([^)#]+)", page)
    named += re.findall(r"(?m)^\.venv\S+ -m pytest (\S+)", page)
    return [path for path in named if not any((start / path).exists() for start in STARTS)]


def test_every_path_is_there() -> None:
    assert missing((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["in `api/gone.py`", "a line in [it](docs/gone.md)", "`gone.py` first", "`gone/`"])
def test_a_path_that_is_not_is_named(line: str) -> None:
    assert len(missing(line)) == 1
