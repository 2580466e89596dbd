"""A uv workspace with a shared library, two agents and a CDK app: packaged, run, both asked."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .terminals import Terminals, copy_of, environment, local

pytestmark = pytest.mark.network
TRAINS = ("--agent", "trains")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of("monorepo", tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The agents as `cdk synth` packaged them on a machine that is gone, each by its entry point."""
    workspace = copy_of("monorepo", tmp_path_factory.mktemp("build-machine"))
    out = tmp_path_factory.mktemp("cdk.out")
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=workspace / "infra",
        env={**environment(), "CDK_OUTDIR": str(out)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower()
    after = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    assert after == before
    shutil.rmtree(workspace)
    template = json.loads((out / "House.template.json").read_text())
    files = json.loads((out / "House.assets.json").read_text())["files"]
    found = {}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::BedrockAgentCore::Runtime":
            code = resource["Properties"]["AgentRuntimeArtifact"]["CodeConfiguration"]
            key = code["Code"]["S3"]["Prefix"].removesuffix(".zip")
            found[code["EntryPoint"][0]] = out / files[key]["source"]["path"]
    return found


def test_each_package_has_the_shared_library_and_what_its_own_agent_requires(packages: dict[str, Path]) -> None:
    distributions = {
        name: {path.name.partition("-")[0] for path in package.glob("*.dist-info")}
        for name, package in packages.items()
    }
    served = {"house_style", "starlette", "uvicorn", "anyio", "idna", "click", "h11", "typing_extensions"}

    assert distributions == {"agent.py": served, "main.py": served | {"inflection", "roman_numerals"}}
    assert all((package / "house_style" / "__init__.py").is_file() for package in packages.values())
    assert (packages["main.py"] / "rails" / "table.py").is_file()


def test_no_package_points_to_the_machine_that_built_it(packages: dict[str, Path]) -> None:
    files = [path for package in packages.values() for path in package.rglob("*") if path.is_file()]

    assert [path for path in files if b"build-machine" in path.read_bytes()] == []
    assert [path for path in files if path.suffix == ".pth" or path.name == "direct_url.json"] == []


@pytest.fixture(scope="module")
def terminals(workspace: Path) -> Iterator[Terminals]:
    with local(workspace / "infra") as terminals:
        yield terminals


def test_both_agents_answer(terminals: Terminals) -> None:
    assert terminals.type("chat", "Vienna") == "It will rain in Vienna. \n"
    assert terminals.type("chat", *TRAINS, "bad ischl") == "Bad Ischl: platform IV, at noon. \n"


def test_the_log_tells_the_agents_apart(terminals: Terminals) -> None:
    before_a_session = re.findall(r"\[(.*?)starting\]", terminals.log())

    assert set(before_a_session) == {"ApiRuntime457FEF44 ", "ApiAgenttrainsRuntime96D313E7 "}, before_a_session


def test_an_edit_of_the_shared_library_is_seen_by_both_at_the_next_question(
    terminals: Terminals, workspace: Path
) -> None:
    library = workspace / "packages" / "shared" / "src" / "house_style" / "__init__.py"
    library.write_text(library.read_text().replace("word + ", "word.upper() + "))

    assert terminals.type("chat", "Vienna") == "IT WILL RAIN IN VIENNA. \n"
    assert terminals.type("chat", *TRAINS, "graz") == "GRAZ: PLATFORM IV, AT NOON. \n"


def test_what_the_build_wrote_runs_without_its_sources(packages: dict[str, Path], tmp_path: Path) -> None:
    with local(tmp_path, "--assembly", str(packages["main.py"].parent)) as terminals:
        assert terminals.type("chat", "Graz") == "It will rain in Graz. \n"
        assert terminals.type("chat", *TRAINS, "graz") == "Graz: platform IV, at noon. \n"
