"""Agents of these apps get what they require from a package index, as their owners' do."""

import subprocess

import pytest

from .terminals import environment


@pytest.fixture(scope="session", autouse=True)
def _package_index() -> None:
    asked = subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--no-cache", "-"],
        input="iniconfig",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        pytest.skip("no package index can be reached")
