"""Which of the files in an asset are the agent's own, and which Python runs them."""

import subprocess
import sys
from pathlib import Path

import pytest
import uv
from streaming_agent.local.agent_code import agent_program, find_agent
from streaming_agent.local.agentcore import CodeArtifact
from streaming_agent.template import Refusal


def artifact(folder: Path | None, *entry_point: str, language: str = "PYTHON_3_13") -> CodeArtifact:
    return CodeArtifact(folder=folder, entry_point=entry_point or ("agent.py",), language=language)


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """An asset as packagers make it: the agent's files, and beside them packages for another architecture."""
    folder = tmp_path / "asset"
    for path in ("agent.py", "prompts/system.txt", "vendored/__init__.py", "vendored/core.aarch64.so", "six.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("raise ImportError" if "vendored" in path or path == "six.py" else "")
    info = folder / "vendored-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: vendored\nVersion: 1.0\n")
    (info / "RECORD").write_text(
        'vendored/__init__.py,sha256=x,1\nvendored/core.aarch64.so,,\n"six.py",sha256=x,1\n'
        "vendored-1.0.dist-info/METADATA,,\n"
    )
    return folder


def test_packages_unpacked_beside_the_agent_are_left_where_they_are(packaged: Path, tmp_path: Path) -> None:
    code = find_agent(artifact(packaged), None, tmp_path / "work")

    files = {str(path.relative_to(code.folder)) for path in code.folder.rglob("*") if path.is_file()}
    assert files == {"agent.py", "prompts/system.txt"}
    assert code.script == code.folder / "agent.py"


def test_plain_sources_are_run_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "agent.py").touch()

    assert find_agent(artifact(tmp_path), None, tmp_path / "work").folder == tmp_path


def test_what_instruments_the_agent_on_aws_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "main.py").touch()
    code = find_agent(artifact(tmp_path, "opentelemetry-instrument", "main.py"), None, tmp_path / "work")

    assert code.script == tmp_path / "main.py"


def test_an_agent_that_is_given_goes_before_the_templates(packaged: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.py"
    own.touch()

    assert find_agent(artifact(packaged), own, tmp_path / "work").script == own


def test_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"agent must be Python to run locally, got NODE_22 \(SAL022\)"):
        find_agent(artifact(tmp_path, language="NODE_22"), None, tmp_path)


def interpreter_for(requirements: str, tmp_path: Path) -> Path:
    (tmp_path / "agent.py").touch()
    (tmp_path / "requirements.txt").write_text(requirements)
    code = find_agent(artifact(tmp_path), None, tmp_path / "work")
    return agent_program(code, {}, tmp_path / "cache").interpreter


@pytest.mark.parametrize("requirements", ["", "bedrock-agentcore\n", "bedrock-agentcore>=1.25,<2\n# a comment\n"])
def test_the_current_python_runs_an_agent_whose_requirements_it_has(requirements: str, tmp_path: Path) -> None:
    assert interpreter_for(requirements, tmp_path) == Path(sys.executable)


def test_another_agent_gets_a_python_of_its_own_once(tmp_path: Path) -> None:
    wheel = tmp_path / "wheels" / "only_here-1.0-py2.py3-none-any.whl"
    build_wheel(wheel)
    requirements = f"only-here @ {wheel.as_uri()}\n"
    first = interpreter_for(requirements, tmp_path)
    made = first.stat().st_mtime_ns

    printed = subprocess.run([first, "-c", "import only_here"], check=False)
    assert first != Path(sys.executable)
    assert printed.returncode == 0
    assert interpreter_for(requirements, tmp_path) == first
    assert first.stat().st_mtime_ns == made


def test_requirements_that_cannot_be_had_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(Refusal) as refused:
        interpreter_for("no-such-package-anywhere==1.0\n", tmp_path)

    assert refused.value.code == "SAL026"
    assert str(refused.value).startswith(f"{tmp_path / 'requirements.txt'} must be installable to run the agent")


def build_wheel(path: Path) -> None:
    source = path.parents[1] / "source"
    (source / "only_here").mkdir(parents=True)
    (source / "only_here" / "__init__.py").touch()
    (source / "pyproject.toml").write_text(
        '[project]\nname = "only-here"\nversion = "1.0"\n[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel]\npackages = ["only_here"]\n'
    )
    command = [uv.find_uv_bin(), "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*command, "-o", path.parent, source], check=True)


def test_the_environment_is_the_templates_and_not_the_developers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    (tmp_path / "agent.py").touch()
    code = find_agent(artifact(tmp_path), None, tmp_path / "work")
    environment = agent_program(code, {"MODEL": "small"}, tmp_path / "cache").environment

    assert environment["MODEL"] == "small"
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert environment["PYTHONPYCACHEPREFIX"].startswith(str(tmp_path / "cache"))
