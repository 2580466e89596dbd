"""What is published installs into a fresh environment and synthesises the three-line app; nothing else is in it."""

import email
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
APP = """
from aws_cdk import App, Stack
from streaming_agent_construct import AgentSource, StreamingAgentApi
app = App(context={"aws:cdk:bundling-stacks": []})
stack = Stack(app, "Chat")
StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory("agent"))
app.synth()
"""


def _run(*command: str, cwd: Path, **environment: str) -> None:
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What goes to PyPI."""
    out = tmp_path_factory.mktemp("native")
    _build(ROOT, out)
    return out


def _build(source: Path, out: Path) -> None:
    options = ["--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(out)]
    _run("uv", "build", *options, cwd=source)


@pytest.fixture(scope="module")
def through_jsii(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python package that jsii makes."""
    out = tmp_path_factory.mktemp("jsii")
    _run(sys.executable, "npm/build.py", "compile", cwd=ROOT)
    tool = ROOT / "npm" / "node_modules" / ".bin" / "jsii-pacmak"
    command = [str(tool), "--force", "--code-only", "--targets", "python", "--outdir", str(out)]
    _run(*command, cwd=ROOT / "npm" / "build")
    _build(out / "python", out / "dist")
    return out / "dist"


def _synthesised(wheel: Path, folder: Path) -> bytes:
    """The template of the three-line app in a fresh environment that has the package, and the CDK of this one."""
    venv.create(folder / "fresh", with_pip=False)
    python = folder / "fresh" / "bin" / "python"
    options = ["--quiet", "--offline", "--no-deps", "--python", str(python)]
    _run("uv", "pip", "install", *options, str(wheel), cwd=folder, VIRTUAL_ENV="", UV_PROJECT_ENVIRONMENT="")
    (folder / "agent").mkdir()
    (folder / "agent" / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    dependencies = next(Path(p) for p in sys.path if (Path(p) / "aws_cdk").is_dir())
    site = next((folder / "fresh" / "lib").glob("python*/site-packages"))
    # A .pth would bring this repository's own editable install along: only what the fresh environment lacks is linked.
    for entry in dependencies.iterdir():
        if not (site / entry.name).exists() and "streaming_agent" not in entry.name and entry.suffix != ".pth":
            (site / entry.name).symlink_to(entry)
    _run(str(python), "-c", APP, cwd=folder, CDK_OUTDIR=str(folder / "out"), PYTHONPATH="")
    return (folder / "out" / "Chat.template.json").read_bytes()


def test_both_python_packages_install_and_give_the_same_template(
    native: Path, through_jsii: Path, tmp_path: Path
) -> None:
    (tmp_path / "native").mkdir()
    (tmp_path / "jsii").mkdir()
    ours = _synthesised(next(native.glob("*.whl")), tmp_path / "native")
    assert b'"ResponseTransferMode": "STREAM"' in ours
    assert _synthesised(next(through_jsii.glob("*.whl")), tmp_path / "jsii") == ours


def test_the_wheel_holds_the_package_and_nothing_else(native: Path) -> None:
    with zipfile.ZipFile(next(native.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    tops = {name.split("/")[0].split("-")[0] for name in names}
    assert tops == {"streaming_agent_construct"}
    assert "streaming_agent_construct/py.typed" in names
    assert not [name for name in names if "test" in name.lower() or "pyjsii" in name]


def test_the_sdist_can_be_built_from(native: Path) -> None:
    with tarfile.open(next(native.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    # Its version is read from npm/package.json, its long description from README.md.
    assert {"pyproject.toml", "npm/package.json", "README.md", "LICENSE"} <= names
    assert not [name for name in names if name.startswith(("tests/", "tools/", "examples/"))]


def test_the_metadata_is_of_a_version_that_publib_can_upload(native: Path) -> None:
    with zipfile.ZipFile(next(native.glob("*.whl"))) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith("/METADATA"))
        metadata = email.message_from_bytes(wheel.read(name))
    # publib pins twine<6.2.0, which refuses 2.5.
    assert metadata["Metadata-Version"] == "2.4"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_payload(), "the wheel has no long description"
