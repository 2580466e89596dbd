"""The npm package, and what jsii makes of it: compiled once for all tests of them, by whichever worker is first."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kept import ROOT, Kept


@contextmanager
def _one_worker(temporary: pytest.TempPathFactory) -> Iterator[None]:
    """Another worker waits, and finds what this one made."""
    with (temporary.getbasetemp().parent / "jsii.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def jsii_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The npm package, translated from the constructs and compiled by jsii; done only if they changed."""
    with _one_worker(tmp_path_factory):
        done = subprocess.run(
            [sys.executable, "npm/build.py", "compile"], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "npm" / "build"


@pytest.fixture(scope="session")
def python_package(jsii_package: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the Python package which jsii makes of it."""
    made_of = [jsii_package / "digest"]
    with _one_worker(tmp_path_factory):
        out = kept.folder(
            "python", made_of, lambda to: pacmak(jsii_package, "python", to), tmp_path_factory.mktemp("languages")
        )
    return out / "python" / "src"


@pytest.fixture(scope="session")
def tarball(jsii_package: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The npm package, packed as it is published."""
    made_of = [jsii_package / "digest"]
    with _one_worker(tmp_path_factory):
        out = kept.folder("npm", made_of, lambda to: pacmak(jsii_package, "js", to), tmp_path_factory.mktemp("dist"))
    return next((out / "js").glob("*.tgz"))


def pacmak(package: Path, language: str, out: Path) -> None:
    """Run jsii-pacmak for one language, without compiling what it writes."""
    code_only = [] if language == "js" else ["--code-only"]
    tool = ROOT / "npm" / "node_modules" / ".bin" / "jsii-pacmak"
    command = [str(tool), "--force", *code_only, "--targets", language, "--outdir", str(out)]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
