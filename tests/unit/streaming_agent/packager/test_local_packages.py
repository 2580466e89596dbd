"""Packages of the user's own: built as wheels from copies, in the package as files, nothing written where they lie."""

import os
from pathlib import Path

import pytest

from .conftest import Pack, Refused, files, modules
from .packages import lock, project, snapshot, wheel, write


def _no_trace_of(machine: Path, made: str) -> None:
    for path in Path(made).rglob("*"):
        if path.is_file():
            assert os.fsencode(machine) not in path.read_bytes(), path
            assert path.suffix != ".pth"


@pytest.mark.parametrize(
    "line",
    [
        "./prices",
        "prices/",
        "-e ./prices",
        "--editable=prices",
        "prices @ file://{agent}/prices",
        "-e file://{agent}/prices",
        "prices @ ./prices",
        "./prices[fast] ; python_version > '3'",
        "{agent}/prices",
    ],
)
def test_a_folder_that_requirements_name_is_built(agent: Path, pack: Pack, line: str) -> None:
    project(agent / "prices", "prices")
    write(agent, requirements_txt=line.format(agent=agent) + "\n")
    before = snapshot(agent)
    made = pack(agent)
    assert "prices/__init__.py" in modules(made)
    assert (Path(made.path) / "prices" / "__init__.py").read_text() == "NAME = 'prices'\n"
    assert snapshot(agent) == before
    if "{agent}" not in line:
        _no_trace_of(agent, made.path)


def test_a_path_starts_at_the_file_that_names_it(agent: Path, pack: Pack) -> None:
    project(agent.parent / "lib" / "prices", "prices")
    write(agent, requirements_txt="-r reqs/local.txt\n", reqs__local_txt="../../lib/prices\n")
    assert "prices/__init__.py" in modules(pack(agent))


@pytest.mark.parametrize("line", ["-e .", ".", "./"])
def test_the_project_itself_from_requirements(agent: Path, pack: Pack, line: str) -> None:
    project(agent, "helper")
    write(agent, requirements_txt=f"{line}\n")
    before = snapshot(agent)
    made = pack(agent)
    assert "helper/__init__.py" in modules(made)
    assert made.warnings == {}
    assert snapshot(agent) == before


def test_a_src_layout_is_built(agent: Path, pack: Pack) -> None:
    """src/helper is where Python on AgentCore does not look."""
    project(agent, "helper")
    write(agent, agent_py="import helper\n")
    made = pack(agent)
    assert "helper/__init__.py" in modules(made)
    assert made.warnings == {}


def test_a_project_that_is_no_package_is_not_built(agent: Path, pack: Pack) -> None:
    project(agent, "helper", more="[tool.uv]\npackage = false\n")
    assert "helper/__init__.py" not in modules(pack(agent))


def test_a_flat_project_whose_build_fails_is_packaged_as_it_lies(agent: Path, pack: Pack) -> None:
    """`uv run` in such a folder works, and so does the agent: its files are beside agent.py."""
    wheel(agent / "wheels", "geometry")
    build = '[build-system]\nrequires = []\nbuild-backend = "nothing"\nbackend-path = ["."]\n'
    text = f'[project]\nname = "flat"\nversion = "1"\ndependencies = ["geometry"]\n{build}'
    write(agent, pyproject_toml=f'{text}[tool.uv]\nno-index = true\nfind-links = ["wheels"]\n')
    made = pack(agent)
    assert "geometry.py" in modules(made)
    assert "cannot be built" in made.warnings["streaming-agent-construct:project-not-built"]


@pytest.mark.parametrize("locked", [False, True], ids=["without a lock", "with the workspace's lock"])
def test_a_member_of_the_workspace_and_what_it_needs(agent: Path, pack: Pack, locked: bool) -> None:
    root = agent.parent
    wheel(root / "wheels", "geometry")
    workspace = "[tool.uv.sources]\n{} = {{ workspace = true }}\n"
    project(root / "libs" / "prices", "prices", dependencies='"taxes"', more=workspace.format("taxes"))
    project(root / "libs" / "taxes", "taxes", dependencies='"geometry"')
    write(root, pyproject_toml='[tool.uv.workspace]\nmembers = ["agent", "libs/*"]\n[tool.uv]\nno-index = true\n'
          'find-links = ["wheels"]\n')  # fmt: skip
    write(agent, pyproject_toml='[project]\nname = "helper"\nversion = "1"\nrequires-python = ">=3.11"\n'
          f'dependencies = ["prices"]\n{workspace.format("prices")}')  # fmt: skip
    if locked:
        lock(root)
    before = snapshot(root)
    made = pack(agent)
    assert {"prices/__init__.py", "taxes/__init__.py", "geometry.py"} <= modules(made)
    assert snapshot(root) == before
    _no_trace_of(root, made.path)


def test_a_path_source_and_its_own_path_source(agent: Path, pack: Pack) -> None:
    """An index might have another package called taxes."""
    root = agent.parent
    project(root / "taxes", "taxes")
    project(
        root / "prices", "prices", dependencies='"taxes"', more='[tool.uv.sources]\ntaxes = { path = "../taxes" }\n'
    )
    source = '[tool.uv.sources]\nprices = { path = "../prices", editable = true }\n[tool.uv]\nno-index = true\n'
    write(agent, pyproject_toml=f'[project]\nname = "a"\nversion = "1"\ndependencies = ["prices"]\n{source}')
    assert {"prices/__init__.py", "taxes/__init__.py"} <= modules(pack(agent))
    (agent / "pyproject.toml").unlink()
    write(agent, requirements_txt="--no-index\n../prices\n")
    assert {"prices/__init__.py", "taxes/__init__.py"} <= modules(pack(agent))


def test_a_wheel_and_a_source_archive_in_the_folder(agent: Path, pack: Pack) -> None:
    import tarfile

    wheel(agent / "vendor", "geometry")
    project(agent.parent / "prices-1", "prices")
    (agent.parent / "prices-1" / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: prices\nVersion: 1\n")
    with tarfile.open(agent / "vendor" / "prices-1.tar.gz", "w:gz") as archive:
        archive.add(agent.parent / "prices-1", "prices-1")
    write(agent, requirements_txt="--no-index\n./vendor/geometry-1.0-py3-none-any.whl\nvendor/prices-1.tar.gz\n")
    assert {"geometry.py", "prices/__init__.py"} <= modules(pack(agent))


def test_a_package_for_a_newer_python_is_built_with_the_one_that_is_here(agent: Path, pack: Pack) -> None:
    project(agent / "prices", "prices", python=">=3.13")
    write(agent, requirements_txt="./prices\n")
    assert "prices/__init__.py" in modules(pack(agent))


def test_a_local_package_that_is_compiled_for_this_machine(agent: Path, refused: Refused) -> None:
    project(agent / "prices", "prices", tag="manylinux2014_x86_64")
    write(agent, requirements_txt="./prices\n")
    refused("SAC015", agent, "prices-1-py3-none-manylinux2014_x86_64", "build a wheel of it for arm64 Linux")


def test_a_local_package_that_is_not_there(agent: Path, refused: Refused) -> None:
    write(agent, requirements_txt="./nowhere\n")
    refused("SAC182", agent, "requires './nowhere', and nothing is there")
    (agent / "requirements.txt").unlink()
    source = '[tool.uv.sources]\nprices = { path = "../prices" }\n'
    write(agent, pyproject_toml=f'[project]\nname = "a"\nversion = "1"\ndependencies = ["prices"]\n{source}')
    refused("SAC184", agent, "requires 'prices'", "nothing is there")


def test_a_local_package_whose_build_fails(agent: Path, refused: Refused) -> None:
    project(agent / "prices", "prices")
    (agent / "prices" / "backend.py").write_text("raise SystemExit('no compiler')\n", encoding="utf-8")
    write(agent, requirements_txt="./prices\n")
    sentence = refused("SAC184", agent, f"'{agent / 'prices'}' cannot be built", "no compiler")
    assert "arm64" not in sentence
    assert "copy-" not in sentence


def test_credentials_beside_a_local_package_are_not_built_in(agent: Path, pack: Pack) -> None:
    prices = project(agent.parent / "prices", "prices")
    (prices / "src" / "prices" / ".env").write_text("TOKEN=1\n", encoding="utf-8")
    write(agent, requirements_txt="../prices\n")
    assert not [path for path in files(pack(agent)) if path.endswith(".env")]


@pytest.mark.parametrize(
    "place", ['directory = { path = "prices" }', 'directory = { path = ".", subdirectory = "prices" }']
)
@pytest.mark.parametrize("machine", ["linux", "win32"])
def test_a_folder_in_a_pylock_keeps_its_marker(agent: Path, pack: Pack, place: str, machine: str) -> None:
    project(agent / "prices", "prices")
    package = f'[[packages]]\nname = "prices"\nmarker = "sys_platform == \'{machine}\'"\n{place}\n'
    write(agent, pylock_toml=f'lock-version = "1.0"\ncreated-by = "a test"\n{package}')
    assert ("prices/__init__.py" in modules(pack(agent))) is (machine == "linux")


def test_a_place_that_a_marker_decides_wants_a_lock(agent: Path, refused: Refused) -> None:
    project(agent / "here", "prices")
    project(agent / "there", "prices")
    sources = (
        'prices = [{ path = "here", marker = "sys_platform == \'linux\'" }, '
        '{ path = "there", marker = "sys_platform == \'win32\'" }]'
    )
    dependencies = 'dependencies = ["prices"]'
    write(agent, pyproject_toml=f'[project]\nname = "a"\nversion = "1"\n{dependencies}\n[tool.uv.sources]\n{sources}\n')
    refused("SAC184", agent, "takes 'prices' from a place that depends on a marker", "run 'uv lock'")


def test_but_not_for_what_is_not_required(agent: Path, pack: Pack) -> None:
    project(agent.parent / "prices", "prices")
    dependencies = 'dependencies = ["prices"]'
    sources = 'prices = { path = "../prices" }\ncheck = { path = "../check", group = "test" }\n'
    groups = '[dependency-groups]\ntest = ["check"]\n'
    write(
        agent,
        pyproject_toml=f'[project]\nname = "a"\nversion = "1"\n{dependencies}\n{groups}[tool.uv.sources]\n{sources}',
    )
    assert "prices/__init__.py" in modules(pack(agent))
