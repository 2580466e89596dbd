"""Where requirements come from: each kind of file, packaged as it says or refused with the command that converts it."""

import contextlib
from pathlib import Path

import pytest
from streaming_agent.packager.refusal import PackagingError
from streaming_agent.packager.sources import find_requirements

from .conftest import Pack, Refused, modules
from .packages import lock, project, snapshot, wheel, write

OFFLINE = "--no-index\n--find-links wheels\n"
TOOL_UV = '[tool.uv]\nno-index = true\nfind-links = ["wheels"]\n'


def _pyproject(dependencies: str, more: str = "", python: str = ">=3.11") -> str:
    return (
        f'[project]\nname = "weather-agent"\nversion = "0.1"\nrequires-python = "{python}"\n'
        f"dependencies = [{dependencies}]\n{more}"
    )


# ---------------------------------------------------------------- uv.lock
def test_the_lock_decides_the_versions(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV))
    lock(agent)
    wheel(agent / "wheels", "geometry", version="2.0")
    made = pack(agent)
    assert (Path(made.path) / "geometry.py").read_text() == "VERSION = '1.0'\n"
    assert made.warnings == {}


def test_a_workspaces_lock_above_the_folder_decides(agent: Path, pack: Pack) -> None:
    root = agent.parent
    wheel(root / "wheels", "geometry")
    write(agent, pyproject_toml=_pyproject('"geometry"'))
    write(root, pyproject_toml=f'[tool.uv.workspace]\nmembers = ["ag*"]\n{TOOL_UV}')
    lock(root)
    wheel(root / "wheels", "geometry", version="2.0")
    before = snapshot(root)
    assert (Path(pack(agent).path) / "geometry.py").read_text() == "VERSION = '1.0'\n"
    assert snapshot(root) == before


@pytest.mark.parametrize("python", [">=3.11", ">=3.13"], ids=["checked by uv", "no such Python here"])
def test_a_lock_that_does_not_match_stops_packaging(agent: Path, refused: Refused, pack: Pack, python: str) -> None:
    wheel(agent / "wheels", "geometry")
    wheel(agent / "wheels", "legend")
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV))
    lock(agent)
    text = (agent / "uv.lock").read_text().replace('requires-python = ">=3.11"', f'requires-python = "{python}"')
    write(agent, uv_lock=text, pyproject_toml=_pyproject('"geometry"', TOOL_UV, python))
    assert "geometry.py" in modules(pack(agent))
    write(agent, pyproject_toml=_pyproject('"geometry", "legend"', TOOL_UV, python))
    refused("SAC181", agent, "does not match", f"run 'uv lock' in '{agent}'")


def test_a_lock_that_leaves_linux_out_is_told(agent: Path, refused: Refused) -> None:
    wheel(agent / "wheels", "geometry")
    environments = "environments = [\"sys_platform == 'darwin'\"]\n"
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV + environments))
    lock(agent)
    refused("SAC015", agent, "leaves out arm64 Linux", "tool.uv.environments")


# ---------------------------------------------------------------- pyproject.toml without a lock
def test_default_groups_come_along_with_and_without_a_lock(agent: Path, pack: Pack) -> None:
    for name in ("geometry", "legend", "pencil", "tester"):
        wheel(agent / "wheels", name)
    groups = (
        "[dependency-groups]\n"
        'drawing = ["pencil"]\nserving = ["legend", {include-group = "drawing"}]\ndev = ["tester"]\n'
    )
    text = _pyproject('"geometry"', f'{groups}{TOOL_UV}default-groups = ["serving", "dev"]\n')
    write(agent, pyproject_toml=text)
    without = modules(pack(agent))
    lock(agent)
    assert {"geometry.py", "legend.py", "pencil.py"} <= without
    assert "tester.py" not in without
    assert modules(pack(agent)) == without | {"uv.lock"}


def test_a_group_that_is_not_there(agent: Path, refused: Refused) -> None:
    write(agent, pyproject_toml=_pyproject("", '[tool.uv]\ndefault-groups = ["serving"]\n'))
    refused("SAC182", agent, "'serving'", "[dependency-groups]")


def test_a_pyproject_that_only_configures_tools_names_nothing(agent: Path, pack: Pack) -> None:
    write(agent, pyproject_toml="[tool.ruff]\nline-length = 100\n")
    assert modules(pack(agent)) == {"agent.py", "pyproject.toml"}


def test_a_pyproject_that_is_no_toml(agent: Path, refused: Refused) -> None:
    write(agent, pyproject_toml="[project\n")
    refused("SAC182", agent, "pyproject.toml' is no TOML file")


@pytest.mark.parametrize(
    ("wanted", "python", "allowed"),
    [
        (">=3.14", "3.13", False),
        ("<3.13", "3.13", False),
        ("==3.12.*", "3.13", False),
        ("~=3.12.0", "3.13", False),
        ("!=3.13.*", "3.13", False),
        (">=3.13.5", "3.13", True),
        ("~=3.12", "3.13", True),
        (">=3.11,<4", "3.13", True),
        (">3.13.0", "3.13", True),
        ("==3.13.2", "3.13", True),
        ("something odd", "3.13", True),
    ],
)
def test_the_projects_python_is_compared_with_the_runtimes(
    agent: Path, refused: Refused, pack: Pack, wanted: str, python: str, allowed: bool
) -> None:
    write(agent, pyproject_toml=_pyproject("", python=wanted))
    if allowed:
        pack(agent, python=python)
    else:
        refused("SAC183", agent, f'requires-python = "{wanted}"', f"Python {python}", "python_runtime", python=python)


# ---------------------------------------------------------------- requirements.txt
def test_files_that_include_each_other_from_where_they_stand(agent: Path, pack: Pack) -> None:
    wheel(agent.parent / "vendor", "geometry")
    wheel(agent / "reqs" / "wheels", "legend")
    wheel(agent / "reqs" / "wheels", "pencil")
    wheel(agent / "reqs" / "wheels", "pencil", version="2.0")
    write(
        agent,
        requirements_txt="-r reqs/base.txt\n../vendor/geometry-1.0-py3-none-any.whl ; python_version > '3'\n",
        reqs__base_txt="--no-index\n-f wheels  # beside this file\nlegend \\\n  >= 1\npencil\n-c limits.txt\n",
        reqs__limits_txt="pencil<2\nnever-required==5\n",
    )
    made = pack(agent)
    assert {"geometry.py", "legend.py", "pencil.py"} <= modules(made)
    assert (Path(made.path) / "pencil.py").read_text() == "VERSION = '1.0'\n"


def test_markers_are_the_runtimes(agent: Path, pack: Pack) -> None:
    for name in ("here", "there"):
        wheel(agent / "wheels", name)
    lines = "here ; platform_machine == 'aarch64' and python_version == '3.12'\nthere ; sys_platform == 'win32'\n"
    write(agent, requirements_txt=OFFLINE + lines)
    found = modules(pack(agent, python="3.12"))
    assert "here.py" in found
    assert "there.py" not in found


def test_a_file_that_is_included_and_is_not_there(agent: Path, refused: Refused) -> None:
    write(agent, requirements_txt="-r pins.txt\n")
    refused("SAC182", agent, "includes 'pins.txt'", "-r pins.txt")


def test_what_powershell_writes_is_read(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    (agent / "requirements.txt").write_text(f"{OFFLINE}geometry\n", encoding="utf-16")
    assert "geometry.py" in modules(pack(agent))


def test_a_requirements_file_of_comments_names_nothing(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    write(agent, requirements_txt="# nothing yet\n", pyproject_toml=_pyproject('"geometry"', TOOL_UV))
    assert "geometry.py" in modules(pack(agent))


# ---------------------------------------------------------------- two that compete
def test_what_is_not_read_is_said(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    wheel(agent / "wheels", "legend")
    write(agent, requirements_txt=f"{OFFLINE}geometry\n", environment_yml="dependencies:\n  - ffmpeg\n")
    assert "environment.yml" in pack(agent).warnings["streaming-agent-construct:requirements-ignored"]
    (agent / "environment.yml").unlink()
    write(agent, pyproject_toml=_pyproject('"geometry", "legend"', TOOL_UV))
    told = pack(agent).warnings["streaming-agent-construct:requirements-ignored"]
    assert f"read from '{agent / 'requirements.txt'}', and pyproject.toml" in told
    lock(agent)
    made = pack(agent)
    assert "requirements.txt" in made.warnings["streaming-agent-construct:requirements-ignored"]
    assert "legend.py" in modules(made)


def test_a_file_made_from_the_other_does_not_compete(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    header = "# This file was autogenerated by uv via the following command:\n#    uv pip compile pyproject.toml\n"
    text = f"{header}{OFFLINE}geometry==1.0\n"
    write(agent, requirements_txt=text, pyproject_toml=_pyproject('"geometry"', TOOL_UV))
    assert pack(agent).warnings == {}


def test_a_file_that_the_projects_build_reads_does_not_compete(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    dynamic = '[tool.setuptools.dynamic]\ndependencies = { file = ["requirements.txt"] }\n'
    head = '[project]\nname = "weather-agent"\nversion = "1"\ndynamic = ["dependencies"]\n'
    write(agent, requirements_txt=f"{OFFLINE}geometry\n", pyproject_toml=head + dynamic)
    assert pack(agent).warnings == {}


# ---------------------------------------------------------------- files of other tools
@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("Pipfile", '[packages]\nsix = "*"\n', "pipenv requirements > requirements.txt"),
        ("setup.py", "from setuptools import setup\nsetup()\n", "the line '.'"),
        ("setup.cfg", "[options]\ninstall_requires =\n  six\n", "the line '.'"),
        ("environment.yml", "dependencies:\n  - six\n", "requirements.txt"),
        ("requirements.in", "six\n", "uv pip compile requirements.in"),
        ("requirements-prod.txt", "six\n", "-r requirements-prod.txt"),
        ("requirements/prod.txt", "six\n", "-r requirements/prod.txt"),
        ("Requirements.txt", "six\n", "call it requirements.txt"),
        ("requirement.txt", "six\n", "call it requirements.txt"),
        ("PyProject.toml", "[project]\n", "call it pyproject.toml"),
        ("pdm.lock", "", "pdm export"),
        ("uv.lock", "", "pyproject.toml"),
        ("pylock.agent.toml", 'lock-version = "1.0"\n', "call it pylock.toml"),
    ],
)
def test_a_file_that_only_another_tool_reads_is_refused(
    agent: Path, refused: Refused, name: str, text: str, command: str
) -> None:
    (agent / name).parent.mkdir(exist_ok=True)
    (agent / name).write_text(text, encoding="utf-8")
    refused("SAC180", agent, name.partition("/")[0], command)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ('[tool.poetry.dependencies]\npython = "^3.11"\nsix = "1.16.0"\n', "tool.poetry.dependencies"),
        ('[tool.poetry.group.main.dependencies]\nsix = "1.16.0"\n', "tool.poetry.group.main.dependencies"),
        ('[tool.flit.metadata]\nrequires = ["six >=1"]\n', "tool.flit.metadata"),
        ('[tool.pixi.pypi-dependencies]\nsix = "*"\n', "tool.pixi.pypi-dependencies"),
    ],
)
def test_a_table_that_only_another_tool_reads_is_refused(agent: Path, refused: Refused, table: str, name: str) -> None:
    write(agent, pyproject_toml=table)
    refused("SAC180", agent, f"six in [{name}]")


@pytest.mark.parametrize("place", ['path = "geometry"', 'git = "https://host.example/a"', 'source = "ours"'])
def test_where_poetry_takes_a_requirement_from_is_not_passed_over(agent: Path, refused: Refused, place: str) -> None:
    wheel(agent / "wheels", "geometry")  # another one of that name
    poetry = f"[tool.poetry.dependencies]\ngeometry = {{ {place} }}\n"
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV + poetry))
    refused("SAC180", agent, "geometry in [tool.poetry.dependencies]", "uvx migrate-to-uv")


def test_uvs_own_source_says_it_for_poetrys(agent: Path, pack: Pack) -> None:
    project(agent / "geometry", "geometry")
    sources = '[tool.uv.sources]\ngeometry = { path = "geometry" }\n'
    poetry = '[tool.poetry.dependencies]\ngeometry = { path = "geometry" }\n'
    write(agent, pyproject_toml=_pyproject('"geometry"', sources + poetry))
    assert "geometry/__init__.py" in modules(pack(agent))


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_an_index_that_only_another_tool_reads_is_said(agent: Path, pack: Pack, tool: str) -> None:
    wheel(agent / "wheels", "geometry")
    index = f'[[tool.{tool}.source]]\nname = "ours"\nurl = "https://index.example/simple/"\n'
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV + index))
    (told,) = pack(agent).warnings.values()
    assert f"the package index 'ours' in [[tool.{tool}.source]], which is not read" in told
    known = '[[tool.uv.index]]\nurl = "https://index.example/simple"\n'
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV + known + index))
    assert pack(agent).warnings == {}


@pytest.mark.parametrize("says", ["[tool.poetry]\npackage-mode = false\n", "[tool.pdm]\ndistribution = false\n"])
def test_a_project_that_another_tool_calls_no_package_is_not_built(agent: Path, pack: Pack, says: str) -> None:
    wheel(agent / "wheels", "geometry")
    build = '[build-system]\nrequires = ["nothing-that-is-there"]\nbuild-backend = "nothing"\n'
    write(agent, pyproject_toml=_pyproject('"geometry"', build + says + TOOL_UV))
    made = pack(agent)
    assert "geometry.py" in modules(made)
    assert made.warnings == {}


def test_poetry_beside_what_is_read_is_no_matter(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    poetry = '[tool.poetry.dependencies]\npython = "^3.11"\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
    write(agent, pyproject_toml=_pyproject('"geometry"', TOOL_UV + poetry))
    assert "geometry.py" in modules(pack(agent))


def test_a_scripts_own_metadata_is_refused_with_the_command(agent: Path, refused: Refused) -> None:
    write(agent, agent_py='# /// script\n# dependencies = ["six"]\n# ///\nimport six\n')
    refused("SAC180", agent, "uv export --script agent.py")


# ---------------------------------------------------------------- what decides, as a digest
def test_the_digest_changes_with_all_that_decides_and_nothing_else(agent: Path) -> None:
    write(agent, requirements_txt="-r pins.txt\n../prices\n", pins_txt="a==1\n")
    prices = project(agent.parent / "prices", "prices")
    seen = [find_requirements(agent).digest()]
    write(agent, agent_py="print('another')\n")
    assert find_requirements(agent).digest() == seen[0]
    write(agent, pins_txt="a==2\n")
    seen.append(find_requirements(agent).digest())
    (prices / "src" / "prices" / "__init__.py").write_text("NAME = 'other'\n", encoding="utf-8")
    seen.append(find_requirements(agent).digest())
    assert len(set(seen)) == 3


# ---------------------------------------------------------------- hostile files
@pytest.mark.parametrize("value", ["5", '"x"', "[5]", "{a = 5}", "[[]]", "true"])
@pytest.mark.parametrize(
    "text",
    [
        "project = V",
        "[project]\ndependencies = V",
        '[project]\nname = "a"\nrequires-python = V',
        '[project]\nname = V\ndependencies = ["x"]\ndynamic = V',
        "[tool]\nuv = V",
        '[project]\nname = "a"\ndependencies = ["x"]\n[tool.uv]\nsources = V\nindex = V\nfind-links = V',
        '[project]\nname = "a"\ndependencies = ["x"]\n[tool.uv.sources]\nx = V',
        '[project]\nname = "a"\ndependencies = ["x"]\n[tool.uv.sources]\nx = { path = V }',
        '[project]\nname = "a"\n[tool.uv]\nworkspace = { members = V, exclude = V }',
        '[project]\nname = "a"\n[dependency-groups]\nx = V\n[tool.uv]\ndefault-groups = ["x"]',
        'dependency-groups = V\n[project]\nname = "a"\n[tool.uv]\ndefault-groups = V',
        "[tool.poetry]\ndependencies = V\ngroup = V",
        "[tool.flit]\nmetadata = V",
    ],
)
def test_a_table_of_another_shape_is_passed_over_or_refused_in_a_sentence(agent: Path, text: str, value: str) -> None:
    write(agent, pyproject_toml=text.replace("V", value) + "\n")
    with contextlib.suppress(PackagingError):
        find_requirements(agent).digest()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "x[" * 30_000),
        ("requirements.txt", "-r " + "a" * 5000),
        ("requirements.txt", "./nul\0byte"),
        ("requirements.txt", "a:b" * 30_000 + "@c"),
        ("pyproject.toml", "[" * 50_000),
        ("pyproject.toml", f"a = {'9' * 5000}"),
        ("pyproject.toml", "a = " + "[" * 5000),
        (".dockerignore", "[" * 80_000),
        (".dockerignore", "**/" * 2000 + "x\n" + "*a" * 2000),
    ],
)
def test_a_hostile_file_takes_no_time_and_gives_no_traceback(agent: Path, pack: Pack, name: str, text: str) -> None:
    (agent / name).write_text(text, encoding="utf-8")
    if name.endswith("ignore"):
        pack(agent)
    else:
        with pytest.raises(PackagingError) as caught:
            pack(agent)
        assert len(caught.value.sentence) < 2500
