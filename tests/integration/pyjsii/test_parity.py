"""The package that jsii makes is the same as this one: same tests, same snapshots, same templates, same API."""

import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from .conftest import ROOT
from .public_api import differences, public_api, without_options

SOURCE = ROOT / "src"
TESTS = ROOT / "tests" / "unit" / "streaming_agent_construct"
RECORDER = Path(__file__).with_name("recorder.py")


@dataclass
class Run:
    """What the construct tests said of one package."""

    status: int
    output: str
    templates: dict[str, list[str]]


@pytest.fixture(scope="session")
def runs(python_package: Path, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> dict[str, Run]:
    """The construct tests, run on both packages at once, each in an interpreter of its own.

    What the native package gave is kept for as long as neither it, nor its tests, nor the CDK changes: the tests
    themselves run on it anyway, among the others.
    """
    kept = _kept(pytestconfig)
    records = {name: tmp_path_factory.mktemp("record") / f"{name}.json" for name in ("native", "jsii")}
    started = {"jsii": _start(python_package, records["jsii"])}
    found = {}
    if kept and kept.exists():
        found["native"] = Run(0, "", json.loads(kept.read_text()))
    else:
        started["native"] = _start(SOURCE, records["native"])
    for name, process in started.items():
        output, _ = process.communicate()
        templates = json.loads(records[name].read_text()) if records[name].exists() else {}
        found[name] = Run(process.returncode, output, templates)
    if kept and not kept.exists() and found["native"].status == 0:
        for old in kept.parent.iterdir():
            old.unlink()
        shutil.copy(records["native"], kept)
    return found


def _start(package: Path, record: Path) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(package), str(ROOT)]), "RECORD": str(record)}
    options = ["-q", "-p", "tests.integration.pyjsii.recorder", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", str(TESTS), *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _kept(config: pytest.Config) -> Path | None:
    """Where the native templates are kept, by what they depend on; nowhere if pytest keeps nothing."""
    if config.cache is None:
        return None
    versions = [sys.version, *(version(name) for name in ("aws-cdk-lib", "constructs", "jsii"))]
    digest = hashlib.sha256(json.dumps(versions).encode())
    for path in sorted([*(SOURCE / "streaming_agent_construct").rglob("*"), *TESTS.rglob("*"), RECORDER]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return config.cache.mkdir("native-templates") / f"{digest.hexdigest()}.json"


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
