"""What is published for agents and their callers needs no CDK, and says which extra is missing where one is."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from .environments import ROOT, build, fresh, run, wheel

# what `pip install streaming-agent` brings
REQUIRED = ("uvicorn", "h11", "click")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT / "streaming-agent", tmp_path_factory.mktemp("agent"))


@pytest.fixture(scope="module")
def python(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel, and what it requires."""
    return fresh(tmp_path_factory.mktemp("fresh") / "env", wheel(package), linked=REQUIRED)


def test_it_needs_no_cdk(python: Path, tmp_path: Path) -> None:
    check = "import sys, streaming_agent; assert 'aws_cdk' not in sys.modules; import importlib.util as u;"
    run(str(python), "-c", f"{check} assert u.find_spec('aws_cdk') is None", cwd=tmp_path, PYTHONPATH="")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["chat", "--help"], ["local", "--help"], ["--version"]])
def test_the_command_helps_without_any_extra(python: Path, arguments: list[str], tmp_path: Path) -> None:
    said = run(str(python.with_name("streaming-agent")), *arguments, cwd=tmp_path, PYTHONPATH="")
    if "--version" not in arguments:
        assert "usage: streaming-agent" in said
    for verb, extra in (("chat", "client"), ("local", "local")):
        if arguments[:1] == [verb]:
            assert f"pip install 'streaming-agent[{extra}]'" in " ".join(said.split())


@pytest.mark.parametrize(("verb", "extra"), [("chat", "client"), ("local", "local")])
def test_a_command_without_its_extra_ends_with_one_sentence(
    python: Path, verb: str, extra: str, tmp_path: Path
) -> None:
    (tmp_path / "cdk.json").write_text('{"app": "true"}', encoding="utf-8")
    command = [str(python.with_name("streaming-agent")), verb]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"pip install 'streaming-agent[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_wheel_holds_the_package_and_nothing_else(package: Path) -> None:
    with zipfile.ZipFile(wheel(package)) as archive:
        names = archive.namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"streaming_agent"}
    assert "streaming_agent/py.typed" in names
    assert not [name for name in names if "/tests/" in name or name.endswith("conftest.py")]


def test_its_sdist_can_be_built_from(package: Path, tmp_path: Path) -> None:
    (sdist,) = package.glob("*.tar.gz")
    options = ["--quiet", "--no-build-isolation", "--wheel", "--out-dir", str(tmp_path)]
    run("uv", "build", *options, str(sdist), cwd=tmp_path)
    assert wheel(tmp_path).name == wheel(package).name
