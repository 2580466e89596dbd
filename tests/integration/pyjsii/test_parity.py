"""The package that jsii makes is the same as this one: same tests, same snapshots, same templates, same API."""

import difflib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kept import Kept

from .conftest import ROOT
from .public_api import differences, public_api, without_options

SOURCE = ROOT / "src"
AGENT_LIBRARY = ROOT / "streaming-agent" / "src"
PACKAGES = ROOT / "tests" / "unit" / "streaming_agent" / "packager" / "packages.py"
TESTS = ROOT / "tests" / "unit" / "streaming_agent_construct"
RECORDER = Path(__file__).with_name("recorder.py")


@pytest.fixture(scope="session")
def templates(
    python_package: Path, jsii_package: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, list[str]]]:
    """What the construct tests looked at, test by test, on both packages: each ran in an interpreter of its own."""

    def run(out: Path) -> None:
        started = {name: _start(package, out / f"{name}.json") for name, package in packages.items()}
        said = {name: process.communicate()[0] for name, process in started.items()}
        for name, process in started.items():
            assert process.returncode == 0, f"the construct tests fail on the {name} package\n{said[name]}"

    packages = {"native": SOURCE, "jsii": python_package}
    made_of = [jsii_package / "digest", SOURCE, AGENT_LIBRARY, TESTS, PACKAGES, RECORDER, ROOT / "conftest.py"]
    folder = kept.folder("parity", made_of, run, tmp_path_factory.mktemp("parity"))
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in packages}


def _start(package: Path, record: Path) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(package), str(ROOT)]), "RECORD": str(record)}
    options = ["-q", "-p", "tests.integration.pyjsii.recorder", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", str(TESTS), *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_the_construct_tests_pass_on_the_package_that_jsii_makes(templates: dict[str, dict[str, list[str]]]) -> None:
    """They ran to make the templates. Those that look at one are the same on both, but for what only Python has."""
    native, jsii = set(templates["native"]), set(templates["jsii"])
    assert jsii
    assert jsii <= native


def test_every_template_is_the_same_to_the_byte(templates: dict[str, dict[str, list[str]]]) -> None:
    native, jsii = templates["native"], templates["jsii"]
    for test in sorted(set(native) & set(jsii)):
        for ours, theirs in zip(native[test], jsii[test], strict=True):
            difference = difflib.unified_diff(ours.split("\n"), theirs.split("\n"), "native", "jsii", lineterm="", n=1)
            assert ours == theirs, f"{test}\n" + "\n".join(difference)


def test_both_packages_have_the_same_public_api(python_package: Path) -> None:
    native = public_api(SOURCE / "streaming_agent_construct")
    jsii = public_api(python_package / "streaming_agent_construct")
    found = differences(native, without_options(jsii, native))
    assert not found, "\n".join(["the two packages differ; mend the constructs, or tools/pyjsii:", *found])
