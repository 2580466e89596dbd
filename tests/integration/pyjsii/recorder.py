"""A pytest plugin that writes down, test by test, every template that the construct tests look at.

The tests of this package are recorded as they run (conftest.py), those of the package that jsii makes in an interpreter
of their own: there RECORD names the file to write.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from tests.kept import ROOT, Kept

SOURCE = ROOT / "src"
TESTS = ROOT / "tests" / "unit" / "streaming_agent_construct"
# What the record depends on.
MADE_OF = [
    SOURCE,
    ROOT / "streaming-agent" / "src",
    ROOT / "tests" / "unit" / "streaming_agent" / "packager" / "packages.py",
    TESTS,
    Path(__file__),
    ROOT / "conftest.py",
]
NAME = "recorder"
NATIVE = "native"
FILE = "templates.json"


class Recorder:
    """What the construct tests of one process looked at."""

    def __init__(self) -> None:
        self.templates: dict[str, list[str]] = {}
        """By test; the order of a template's keys is kept."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Records what `Template.from_stack` gives while one of them runs."""
        if not _is_recorded(item):
            return (yield)
        original = Template.from_stack

        def from_stack(*arguments: Any, **keywords: Any) -> Template:
            template = original(*arguments, **keywords)
            self.templates.setdefault(item.nodeid, []).append(json.dumps(template.to_json(), indent=1))
            return template

        Template.from_stack = from_stack  # type: ignore[method-assign]
        try:
            return (yield)
        finally:
            Template.from_stack = original  # type: ignore[method-assign]


def record_if_needed(config: pytest.Config, items: list[pytest.Item]) -> None:
    """For a run with the parity test: records its construct tests, unless a record of the same is kept."""
    if any(map(_is_recorded, items)) and not Kept(config).has(NATIVE, MADE_OF):
        config.pluginmanager.register(Recorder(), NAME)


def _is_recorded(item: pytest.Item) -> bool:
    return item.path.is_relative_to(TESTS)


def pytest_configure(config: pytest.Config) -> None:
    """Records, where this is a plugin of the run."""
    config.pluginmanager.register(Recorder(), NAME)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves the record where the parity test reads it."""
    recorder: Any = config.pluginmanager.get_plugin(NAME)
    Path(os.environ["RECORD"]).write_text(json.dumps(recorder.templates), encoding="utf-8")
