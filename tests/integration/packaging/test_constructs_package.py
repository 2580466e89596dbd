"""What is published of the constructs installs into a fresh environment and synthesises the three-line app."""

import email
import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from .environments import ROOT, build, fresh, run, wheel

APP = """
from aws_cdk import App, Stack
from streaming_agent_construct import AgentSource, StreamingAgentApi
app = App(context={"aws:cdk:bundling-stacks": []})
stack = Stack(app, "Chat")
StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory("agent"))
app.synth()
"""


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What goes to PyPI."""
    return build(ROOT, tmp_path_factory.mktemp("native"))


@pytest.fixture(scope="module")
def through_jsii(python_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python package that jsii makes."""
    out = tmp_path_factory.mktemp("jsii")
    shutil.copytree(python_package.parent, out / "python")
    return build(out / "python", out / "dist")


def _synthesised(package: Path, folder: Path) -> bytes:
    """The template of the three-line app in a fresh environment that has the package, and the CDK of this one."""
    python = fresh(folder / "fresh", package, linked=None)
    (folder / "agent").mkdir()
    (folder / "agent" / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    run(str(python), "-c", APP, cwd=folder, CDK_OUTDIR=str(folder / "out"), PYTHONPATH="")
    return (folder / "out" / "Chat.template.json").read_bytes()


def test_both_python_packages_install_and_give_the_same_template(
    native: Path, through_jsii: Path, tmp_path: Path
) -> None:
    (tmp_path / "native").mkdir()
    (tmp_path / "jsii").mkdir()
    ours = _synthesised(wheel(native), tmp_path / "native")
    assert b'"ResponseTransferMode": "STREAM"' in ours
    assert _synthesised(wheel(through_jsii), tmp_path / "jsii") == ours


def test_the_wheel_holds_the_package_and_nothing_else(native: Path) -> None:
    with zipfile.ZipFile(wheel(native)) as archive:
        names = archive.namelist()
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
    with zipfile.ZipFile(wheel(native)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    # publib pins twine<6.2.0, which refuses 2.5.
    assert metadata["Metadata-Version"] == "2.4"
    assert metadata["License-Expression"] == "Apache-2.0"
    description = str(metadata.get_payload())
    assert "StreamingAgentApi(" in description
    # PyPI shows it far from the repository
    assert re.findall(r'\]\((?!https?://|#)[^)]*\)|src="(?!https?://)[^"]*"', description) == []
    assert metadata.get_all("Provides-Extra") == ["client", "local"]
    assert [one for one in metadata.get_all("Requires-Dist", []) if "extra ==" in one] == [
        f"streaming-agent[{extra}]=={metadata['Version']}; extra == '{extra}'" for extra in ("client", "local")
    ]
