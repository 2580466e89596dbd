"""The package that jsii makes is the same as this one: same tests, same snapshots, same templates, same API."""

import difflib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import ROOT
from .public_api import differences, public_api, without_options

SOURCE = ROOT / "src"


@dataclass
class Run:
    """What the construct tests said of one package."""

    status: int
    output: str
    templates: dict[str, list[str]]


@pytest.fixture(scope="session")
def runs(python_package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """The construct tests, run on both packages at once, each in an interpreter of its own."""
    started = {}
    for name, path in (("native", SOURCE), ("jsii", python_package)):
        record = tmp_path_factory.mktemp("record") / f"{name}.json"
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(path), str(ROOT)]), "RECORD": str(record)}
        options = ["-q", "-p", "tests.integration.pyjsii.recorder", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "tests/unit/streaming_agent_construct", *options]
        started[name] = (
            record,
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ),
        )
    found = {}
    for name, (record, process) in started.items():
        output, _ = process.communicate()
        templates = json.loads(record.read_text()) if record.exists() else {}
        found[name] = Run(process.returncode, output, templates)
    return found


def test_the_construct_tests_pass_on_the_package_that_jsii_makes(runs: dict[str, Run]) -> None:
    assert runs["jsii"].status == 0, runs["jsii"].output


def test_every_template_is_the_same_to_the_byte(runs: dict[str, Run]) -> None:
    native, jsii = runs["native"].templates, runs["jsii"].templates
    assert native, runs["native"].output
    for test in sorted(set(native) & set(jsii)):
        for ours, theirs in zip(native[test], jsii[test], strict=True):
            difference = difflib.unified_diff(ours.split("\n"), theirs.split("\n"), "native", "jsii", lineterm="", n=1)
            assert ours == theirs, f"{test}\n" + "\n".join(difference)


def test_both_packages_have_the_same_public_api(python_package: Path) -> None:
    native = public_api(SOURCE / "streaming_agent_construct")
    jsii = public_api(python_package / "streaming_agent_construct")
    found = differences(native, without_options(jsii, native))
    assert not found, "\n".join(["the two packages differ; mend the constructs, or tools/pyjsii:", *found])
