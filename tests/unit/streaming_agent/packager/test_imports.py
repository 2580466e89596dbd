"""What the agent's code imports and nothing brings, and what hides another module: said at synthesis."""

from pathlib import Path

import pytest

from .conftest import Pack
from .packages import project, wheel, write

MISSING = "streaming-agent-construct:missing-import"
HIDDEN = "streaming-agent-construct:hidden-module"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import requests\n", ("'agent.py' imports 'requests' in line 1", "the line 'requests'")),
        ("\nfrom yaml import safe_load\n", ("line 2", "the line 'pyyaml'")),
        ("import strands.models\n", ("the line 'strands-agents'",)),
        ("from google.cloud import storage\n", ("google",)),
        ("if __name__ == '__main__':\n    import uvicorn\n", ("'uvicorn' in line 2",)),
        ("with open('x'):\n    import requests\n", ("'requests'",)),
        ("import cgi\n", ("'cgi'", "no such module any more")),
    ],
)
def test_an_import_that_nothing_brings(agent: Path, pack: Pack, code: str, words: tuple[str, ...]) -> None:
    write(agent, agent_py=code)
    told = pack(agent).warnings[MISSING]
    for word in words:
        assert word in told


@pytest.mark.parametrize(
    "code",
    [
        "import json, os.path\nfrom collections.abc import Iterator\n",
        "try:\n    import uvloop\nexcept ImportError:\n    uvloop = None\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import boto3\n",
        "import sys\nif sys.platform == 'win32':\n    import winloop\n",
        "def later():\n    import boto3\n",
        "import tools.search\nfrom tools import search\nfrom . import nothing\n",
        "import geometry\nfrom geometry import VERSION\n",
        "this is no Python\n",
    ],
)
def test_an_import_that_is_there_or_may_be_missing(agent: Path, pack: Pack, code: str) -> None:
    wheel(agent / "wheels", "geometry")
    write(agent, agent_py=code, tools__search_py="", requirements_txt="--no-index\n-f wheels\ngeometry\n")
    assert pack(agent).warnings == {}


def test_a_module_that_an_older_python_still_has(agent: Path, pack: Pack) -> None:
    write(agent, agent_py="import cgi\nimport imp\n")
    assert [text for text in pack(agent, python="3.12").warnings.values() if "'cgi'" in text] == []
    assert "'imp'" in pack(agent, python="3.12").warnings[MISSING]


def test_the_agents_own_files_are_followed(agent: Path, pack: Pack) -> None:
    write(agent, agent_py="from tools import search\n", unused_py="import unheard_of\n")
    write(agent, tools__search_py="from .index import look\n", tools__index_py="import whoosh\n")
    assert list(pack(agent).warnings) == [MISSING]
    assert "'tools/index.py' imports 'whoosh'" in pack(agent).warnings[MISSING]


def test_part_of_a_namespace_that_nothing_brings(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "protos", files={"google/protobuf/__init__.py": ""})
    write(agent, agent_py="import google.protobuf.message\nimport google.cloud.storage\n")
    write(agent, requirements_txt="--no-index\n-f wheels\nprotos\n")
    assert "'google.cloud.storage'" in pack(agent).warnings[MISSING]


@pytest.mark.parametrize("place", ["shared.py", "shared/__init__.py"])
def test_a_folder_beside_the_agents(agent: Path, pack: Pack, place: str) -> None:
    (agent.parent / place).parent.mkdir(exist_ok=True)
    (agent.parent / place).write_text("X = 1\n", encoding="utf-8")
    write(agent, agent_py="import shared\n")
    told = pack(agent).warnings[MISSING]
    assert f"'../{place.removesuffix('/__init__.py')}' lies outside of the agent's folder" in told
    assert ("add the line '../shared'" in told) is (place != "shared.py")  # a file alone is no requirement


def test_a_package_beside_the_agents_folder(agent: Path, pack: Pack) -> None:
    project(agent.parent / "libs" / "prices", "prices")
    write(agent.parent, libs__x_txt="")
    project(agent.parent / "prices-lib", "prices")
    write(agent, agent_py="import prices\n")
    assert "add the line '../prices-lib'" in pack(agent).warnings[MISSING]


def test_the_line_fits_the_file_that_names_requirements(agent: Path, pack: Pack) -> None:
    wheel(agent / "wheels", "geometry")
    text = '[project]\nname = "a"\nversion = "1"\ndependencies = ["geometry"]\n[tool.uv]\nno-index = true\n'
    write(agent, agent_py="import yaml\n", pyproject_toml=f'{text}find-links = ["wheels"]\n')
    assert "'uv add pyyaml'" in pack(agent).warnings[MISSING]


@pytest.mark.parametrize("name", ["random.py", "logging/__init__.py"])
def test_a_file_that_hides_pythons_own(agent: Path, pack: Pack, name: str) -> None:
    (agent / name).parent.mkdir(exist_ok=True)
    (agent / name).write_text("", encoding="utf-8")
    assert f"'{name}' hides Python's own module" in pack(agent).warnings[HIDDEN]


@pytest.mark.parametrize("own", ["geometry.py", "geometry/__init__.py"])
@pytest.mark.parametrize("inside", [{}, {"geometry/__init__.py": ""}])
def test_a_file_that_shares_its_name_with_a_package(agent: Path, pack: Pack, own: str, inside: dict[str, str]) -> None:
    wheel(agent / "wheels", "geometry", files=inside)
    (agent / own).parent.mkdir(exist_ok=True)
    (agent / own).write_text("OWN = 1\n", encoding="utf-8")
    write(agent, requirements_txt="--no-index\n-f wheels\ngeometry\n")
    assert "both called 'geometry'" in pack(agent).warnings[HIDDEN]


def test_each_warning_has_an_id_of_its_own(agent: Path, pack: Pack) -> None:
    write(agent, agent_py="import requests\nimport yaml\n")
    assert set(pack(agent).warnings) == {MISSING, f"{MISSING}-2"}


def test_the_entry_files_folder_is_looked_in_too(agent: Path, pack: Pack) -> None:
    write(agent, bot__start_py="import tools\nfrom tools import shop\n", bot__tools__shop_py="import six\n")
    write(agent, bot__tools____init___py="")
    told = pack(agent, entrypoint=["bot/start.py"]).warnings
    assert list(told) == [MISSING]
    assert "'bot/tools/shop.py' imports 'six'" in told[MISSING]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "move it to the top of the agent's folder"),
        ({"pyproject_toml": "[build-system]\nrequires = []\n"}, "add the line '.' to the agent's requirements.txt"),
        ({"pyproject_toml": '[project]\nname = "shop"\nversion = "1"\n'}, "give the pyproject.toml a [build-system]"),
    ],
)
def test_a_module_in_another_folder_is_never_looked_for_in_an_index(
    agent: Path, pack: Pack, files: dict[str, str], words: str
) -> None:
    write(agent, agent_py="import shop\n", src__shop_py="X = 1\n", **files)
    told = pack(agent).warnings[MISSING]
    assert "'src/shop.py' is not where Python looks for it" in told
    assert words in told
    write(agent, agent_py="import sys\nsys.path.insert(0, 'src')\nimport shop\n")
    assert pack(agent).warnings == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import google.protobuf.message", "protobuf"),
        ("import google.genai.types", "google-genai"),
        ("from google import genai", "google-genai"),
        ("from google.genai import types", "google-genai"),
        ("import google.cloud.storage", "google-cloud-storage"),
        ("from google.cloud import storage", "google-cloud-storage"),
        ("import azure.identity.aio", "azure-identity"),
        ("from azure.storage.blob import BlobClient", "azure-storage-blob"),
        ("from azure.data.tables import TableClient", "azure-data-tables"),
        ("import opentelemetry.trace", "opentelemetry-api"),
        ("from opentelemetry import trace", "opentelemetry-api"),
        ("from opentelemetry.sdk.trace import TracerProvider", "opentelemetry-sdk"),
    ],
)
@pytest.mark.parametrize("beside", [None, "google/auth", "azure/core", "opentelemetry/util"])
def test_a_part_of_a_shared_namespace_is_asked_for_by_its_own_name(
    agent: Path, pack: Pack, line: str, name: str, beside: str | None
) -> None:
    write(agent, agent_py=f"{line}\n")
    if beside is not None:  # another distribution brings another part
        (agent / beside).mkdir(parents=True)
        (agent / beside / "__init__.py").touch()
    (told,) = pack(agent).warnings.values()
    assert f"add the line '{name}'" in told
