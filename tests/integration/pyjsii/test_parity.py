"""The package that jsii makes is the same as this one: same tests, same snapshots, same templates, same API."""

import difflib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kept import ROOT, Kept

from . import recorder
from .public_api import differences, public_api, without_options

Templates = dict[str, list[str]]


@pytest.fixture(scope="session")
def jsii_templates(
    python_package: Path, jsii_package: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory
) -> Templates:
    """What the construct tests looked at, test by test, on the package that jsii makes."""
    made_of = [jsii_package / "digest", *recorder.MADE_OF]
    folder = kept.folder("jsii", made_of, lambda to: _run(python_package, to), tmp_path_factory.mktemp("jsii"))
    return _read(folder)


@pytest.fixture(scope="session")
def native_templates(
    jsii_templates: Templates, kept: Kept, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Templates:
    """What they looked at on this package: in this very run, if all of them were part of it."""

    def make(to: Path) -> None:
        seen: Any = pytestconfig.pluginmanager.get_plugin(recorder.NAME)
        if seen is not None and jsii_templates.keys() <= seen.templates.keys():
            (to / recorder.FILE).write_text(json.dumps(seen.templates), encoding="utf-8")
        else:
            _run(recorder.SOURCE, to)

    return _read(kept.folder(recorder.NATIVE, recorder.MADE_OF, make, tmp_path_factory.mktemp("native")))


def _run(package: Path, to: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(package), str(ROOT)]),
        "RECORD": str(to / recorder.FILE),
    }
    options = ["-q", "-p", recorder.__name__, "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", str(recorder.TESTS), *options]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the construct tests fail on {package}\n{done.stdout}{done.stderr}"


def _read(folder: Path) -> Templates:
    templates: Templates = json.loads((folder / recorder.FILE).read_text(encoding="utf-8"))
    return templates


def test_the_construct_tests_pass_on_the_package_that_jsii_makes(
    native_templates: Templates, jsii_templates: Templates
) -> None:
    """They ran to make the templates. Those that look at one are the same on both, but for what only Python has."""
    assert jsii_templates
    assert jsii_templates.keys() <= native_templates.keys()


def test_every_template_is_the_same_to_the_byte(native_templates: Templates, jsii_templates: Templates) -> None:
    for test, native in sorted(native_templates.items()):
        for ours, theirs in zip(native, jsii_templates.get(test, native), strict=True):
            difference = difflib.unified_diff(ours.split("\n"), theirs.split("\n"), "native", "jsii", lineterm="", n=1)
            assert ours == theirs, f"{test}\n" + "\n".join(difference)


def test_both_packages_have_the_same_public_api(python_package: Path) -> None:
    native = public_api(recorder.SOURCE / "streaming_agent_construct")
    jsii = public_api(python_package / "streaming_agent_construct")
    found = differences(native, without_options(jsii, native))
    assert not found, "\n".join(["the two packages differ; fix the constructs, or tools/pyjsii:", *found])
