"""Packaging an agent's folder with uv: for arm64 Linux, without Docker, the same bytes on every machine."""

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
import uv
from aws_cdk import App, Stack
from aws_cdk.assertions import Annotations, Match

from streaming_agent_construct import AgentSource, StreamingAgentApi
from tests.unit.streaming_agent.packager.packages import project

from .conftest import Refused

pytestmark = pytest.mark.native_only


def _wheel(folder: Path, tag: str, name: str = "tiny", size: int = 0) -> Path:
    """A package that needs no registry: a module, a script and its metadata."""
    path = folder / f"{name}-1.0-py3-none-{tag}.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "VALUE = 1\n" + "#" * size,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}={name}:main\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path


def _agent(tmp_path: Path, requirement: str) -> Path:
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / "agent.py").write_text("import tiny\n", encoding="utf-8")
    (folder / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    return folder


def _synthesise(folder: Path, out: Path) -> Path:
    app = App(outdir=str(out))
    StreamingAgentApi(Stack(app, "Test"), "Agent", agent=AgentSource.from_directory(str(folder)))
    app.synth()
    return next(path for path in out.glob("asset.*"))


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def test_requirements_come_along_for_arm64(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path, "manylinux2014_aarch64")
    asset = _synthesise(_agent(tmp_path, str(wheel)), tmp_path / "out")
    assert {"agent.py", "requirements.txt", "tiny.py"} <= {path.name for path in asset.iterdir()}


def test_a_package_for_another_machine_is_refused_with_its_name(tmp_path: Path, refused: Refused) -> None:
    wheel = _wheel(tmp_path, "manylinux2014_x86_64")
    with refused("SAC015", "cannot be installed for arm64 Linux", "tiny", "from_dockerfile"):
        _synthesise(_agent(tmp_path, str(wheel)), tmp_path / "out")


def test_the_same_requirements_give_the_same_asset(tmp_path: Path) -> None:
    """Otherwise every machine that deploys replaces the agent's code."""
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    first, second = (_synthesise(folder, tmp_path / name) for name in ("one", "two"))
    assert first.name == second.name
    assert _digest(first) == _digest(second)
    assert not list(first.rglob("direct_url.json"))


def test_a_pyproject_names_requirements_too(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path, "any")
    folder = _agent(tmp_path, "")
    (folder / "requirements.txt").unlink()
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "agent"\nversion = "1"\ndependencies = ["tiny @ {wheel.as_uri()}"]\n', encoding="utf-8"
    )
    assert (_synthesise(folder, tmp_path / "out") / "tiny.py").is_file()


def test_an_agent_larger_than_agentcore_unpacks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    from streaming_agent_construct.assets.packager import limits

    monkeypatch.setattr(limits, "UNPACKED_BYTES", 1_000_000)
    wheel = _wheel(tmp_path, "any", size=1_100_000)
    with refused("SAC016", "take 1 MB", "takes 1 MB unpacked"):
        _synthesise(_agent(tmp_path, str(wheel)), tmp_path / "out")


def test_without_uv_the_sentence_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uv", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with refused("SAC014", "pip install uv"):
        _synthesise(_agent(tmp_path, str(_wheel(tmp_path, "any"))), tmp_path / "out")


def test_what_the_packager_says_becomes_annotations(tmp_path: Path) -> None:
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    (folder / "agent.py").write_text("import tiny\nimport requests\n", encoding="utf-8")
    (folder / "id_rsa").write_text("made-up\n", encoding="utf-8")
    stack = Stack(App(outdir=str(tmp_path / "out")), "Test")
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(str(folder)))
    said = Annotations.from_stack(stack)
    said.has_warning("*", Match.string_like_regexp("imports 'requests' in line 2.*the line 'requests'"))
    said.has_info("*", Match.string_like_regexp("left out of the agent's package: id_rsa"))


def test_the_assembly_says_where_the_folder_is_and_the_template_does_not(tmp_path: Path) -> None:
    """The local run finds the sources by it."""
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    app = App(outdir=str(tmp_path / "out"))
    source = AgentSource.from_directory(str(folder), exclude=["data"])
    StreamingAgentApi(Stack(app, "Test"), "Agent", agent=source)
    app.synth()
    metadata = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["artifacts"]["Test"]
    file = metadata.get("additionalMetadataFile")
    entries = json.loads((tmp_path / "out" / file).read_text()) if file is not None else metadata["metadata"]
    (path,) = [path for path, found in entries.items() if "streaming-agent-construct:agent" in str(found)]
    (entry,) = [one for one in entries[path] if one["type"] == "streaming-agent-construct:agent"]
    assert path == "/Test/Agent/Runtime"
    assert json.loads(entry["data"]) == {
        "folder": str(folder),
        "entrypoint": ["agent.py"],
        "python": "3.13",
        "exclude": ["data"],
    }
    assert str(folder) not in (tmp_path / "out" / "Test.template.json").read_text(encoding="utf-8")


def test_exclude_leaves_files_out(tmp_path: Path) -> None:
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    (folder / "debug.log").write_text("x", encoding="utf-8")
    app = App(outdir=str(tmp_path / "out"))
    source = AgentSource.from_directory(str(folder), exclude=["*.log"])
    StreamingAgentApi(Stack(app, "Test"), "Agent", agent=source)
    app.synth()
    (asset,) = (tmp_path / "out").glob("asset.*")
    assert {"agent.py", "tiny.py"} <= {path.name for path in asset.iterdir()}
    assert not (asset / "debug.log").exists()


def test_the_output_folder_inside_the_agents_is_no_part_of_it(tmp_path: Path) -> None:
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    first = _synthesise(folder, folder / "build")
    second = _synthesise(folder, folder / "build")
    assert not (second / "build").exists()
    assert first == second


def test_two_stacks_share_one_package(tmp_path: Path) -> None:
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    app = App(outdir=str(tmp_path / "out"))
    for name in ("One", "Two"):
        StreamingAgentApi(Stack(app, name), "Agent", agent=AgentSource.from_directory(str(folder)))
    app.synth()
    assert len(list((tmp_path / "out").glob("asset.*"))) == 1


def test_a_workspace_with_two_agents_and_a_package_that_both_use(tmp_path: Path) -> None:
    """A monorepo: each agent gets what it requires, from the workspace's lock, and nothing of the other."""
    root = tmp_path / "shop"
    for name in ("tiny", "large"):
        (root / "wheels").mkdir(parents=True, exist_ok=True)
        _wheel(root / "wheels", "any", name)
    project(root / "libs" / "prices", "prices", dependencies='"tiny"')
    workspace = '[tool.uv.workspace]\nmembers = ["agents/*", "libs/*"]\n[tool.uv]\nno-index = true\n'
    (root / "pyproject.toml").write_text(f'{workspace}find-links = ["wheels"]\n', encoding="utf-8")
    for agent, more in (("orders", ""), ("support", ', "large"')):
        folder = root / "agents" / agent
        folder.mkdir(parents=True)
        (folder / "agent.py").write_text("import prices\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text(
            f'[project]\nname = "{agent}"\nversion = "1"\nrequires-python = ">=3.11"\n'
            f'dependencies = ["prices"{more}]\n[tool.uv.sources]\nprices = {{ workspace = true }}\n',
            encoding="utf-8",
        )
    subprocess.run([uv.find_uv_bin(), "lock", "--quiet"], cwd=root, check=True)
    app = App(outdir=str(tmp_path / "out"))
    stack = Stack(app, "Shop")
    api = StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(str(root / "agents" / "orders")))
    api.add_agent("support", agent=AgentSource.from_directory(str(root / "agents" / "support")))
    app.synth()
    packaged = [{path.name for path in asset.iterdir()} for asset in (tmp_path / "out").glob("asset.*")]
    orders, support = sorted((found for found in packaged if "agent.py" in found), key=len)
    assert {"prices", "tiny.py"} <= orders
    assert "large.py" not in orders
    assert {"prices", "tiny.py", "large.py"} <= support
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("imports|read from"))


def test_without_staging_the_package_is_refused(tmp_path: Path, refused: Refused) -> None:
    """The assembly would point into a cache that is cleaned."""
    folder = _agent(tmp_path, str(_wheel(tmp_path, "any")))
    stack = Stack(App(context={"aws:cdk:disable-asset-staging": True}), "Test")
    with refused("SAC190", "--no-staging", str(folder)):
        StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(str(folder)))


def test_a_synthesis_that_bundles_nothing_runs_no_uv(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path / "out"), context={"aws:cdk:bundling-stacks": []})
    folder = _agent(tmp_path, "a-package-that-does-not-exist==1")
    StreamingAgentApi(Stack(app, "Test"), "Agent", agent=AgentSource.from_directory(str(folder)))
    app.synth()
    asset = next((tmp_path / "out").glob("asset.*"))
    assert sorted(path.name for path in asset.iterdir()) == ["agent.py", "requirements.txt"]
