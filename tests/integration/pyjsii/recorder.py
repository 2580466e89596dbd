"""A pytest plugin that writes down, test by test, every template that the construct tests look at."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

recorded: dict[str, list[str]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Record what `Template.from_stack` gives while one test runs; the order of keys is kept."""
    original = Template.from_stack

    def from_stack(*arguments: Any, **keywords: Any) -> Template:
        template = original(*arguments, **keywords)
        recorded.setdefault(item.nodeid, []).append(json.dumps(template.to_json(), indent=1))
        return template

    Template.from_stack = from_stack  # type: ignore[method-assign]
    try:
        yield
    finally:
        Template.from_stack = original  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """Leave the record where the parity test reads it."""
    Path(os.environ["RECORD"]).write_text(json.dumps(recorded), encoding="utf-8")
