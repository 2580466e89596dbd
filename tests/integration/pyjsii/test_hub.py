"""Construct Hub takes the packed tarball: its rules (cdklabs/construct-hub, npm follower and ingestion), offline."""

import json
import subprocess
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.kept import ROOT, Kept

FRAMEWORKS = {"aws-cdk-lib", "cdk8s", "cdktf", "constructs", "projen"}
LICENSES = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CDDL-1.0", "EPL-1.0", "EPL-2.0", "ISC", "MIT", "MPL-2.0"}
PAGES = {
    "typescript": "new StreamingAgentApi(scope: Construct, id: string, props: StreamingAgentApiProps)",
    "python": "streaming_agent_construct.StreamingAgentApi(",
    "java": "StreamingAgentApi.Builder.create(Construct scope, java.lang.String id)",
    "csharp": "new StreamingAgentApi(Construct Scope, string Id, StreamingAgentApiProps Props",
    "go": "NewStreamingAgentApi(scope Construct, id *string, props StreamingAgentApiProps)",
}


@pytest.fixture(scope="module")
def files(tarball: Path) -> set[str]:
    with tarfile.open(tarball) as tar:
        return {name.removeprefix("package/") for name in tar.getnames()}


def _json(tarball: Path, name: str) -> dict[str, Any]:
    with tarfile.open(tarball) as tar:
        stream = tar.extractfile(f"package/{name}")
        assert stream is not None
        loaded: dict[str, Any] = json.load(stream)
        return loaded


def refusals(package: dict[str, Any], assembly: dict[str, Any]) -> list[str]:
    """Why the Hub would not list a package; nothing if it is accepted."""
    dependencies = {
        n for kind in ("dependencies", "devDependencies", "peerDependencies") for n in package.get(kind, {})
    }
    found = []
    if "jsii" not in package:
        found.append("package.json has no jsii section")
    if not dependencies & FRAMEWORKS and not set(package.get("keywords", [])) & {"cdk", "aws-cdk", "awscdk"}:
        found.append("no construct framework among dependencies and keywords")
    if package.get("license") not in LICENSES:
        found.append(f"the license {package.get('license')}")
    found += [f"{key} differs" for key in ("name", "version", "license") if package.get(key) != assembly.get(key)]
    found += [f"no target {t}" for t in ("python", "java", "dotnet", "go") if t not in assembly["targets"]]
    return found


def test_the_hub_accepts_the_tarball(tarball: Path) -> None:
    assert refusals(_json(tarball, "package.json"), _json(tarball, ".jsii")) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"license": "UNLICENSED"}, "the license UNLICENSED"),
        ({"version": "9.9.9"}, "version differs"),
        ({"peerDependencies": {}, "devDependencies": {}, "keywords": []}, "no construct framework"),
    ],
)
def test_the_gate_closes(tarball: Path, change: dict[str, Any], reason: str) -> None:
    assert any(reason in r for r in refusals(_json(tarball, "package.json") | change, _json(tarball, ".jsii")))


def test_the_tarball_holds_what_runs_and_nothing_else(files: set[str]) -> None:
    kinds = {Path(name).suffix for name in files - {"LICENSE", "README.md", "package.json", ".jsii", ".jsii.tabl.json"}}
    assert kinds <= {".js", ".ts", ".mjs", ".py"}
    assert not [name for name in files if name.endswith(".ts") and not name.endswith(".d.ts")]
    assert {"lib/index.js", "lib/index.d.ts", "lib/host.js", "assets/oidc_authorizer/index.mjs"} <= files


def test_the_hub_names_the_python_package_that_is_on_pypi(tarball: Path) -> None:
    package = _json(tarball, "package.json")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["name"] == package["name"]
    # The Hub prints this name after `pip install`: it must be the package that is on PyPI.
    assert package["jsii"]["targets"]["python"]["distName"] == package["name"]


@pytest.fixture(scope="module")
def pages(jsii_package: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages that the Hub shows, by language."""
    tool = ROOT / "npm" / "node_modules" / ".bin" / "jsii-docgen"
    languages = [option for language in PAGES for option in ("--language", language)]

    def write(out: Path) -> None:
        subprocess.run([str(tool), *languages, "--output", str(out / "API")], cwd=jsii_package, check=True)

    out = kept.folder("pages", [jsii_package / "digest", *languages], write, tmp_path_factory.mktemp("pages"))
    return {language: (out / f"API.{language}.md").read_text(encoding="utf-8") for language in PAGES}


@pytest.mark.parametrize("language", PAGES)
def test_the_hub_can_show_every_language(language: str, pages: dict[str, str]) -> None:
    assert PAGES[language] in pages[language]


def test_an_example_reads_as_its_language_does(pages: dict[str, str]) -> None:
    assert 'StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory("agent"))' in pages["python"]
    assert 'StreamingAgentApi.Builder.create(stack, "Agent")' in pages["java"]
    assert "Agent = AgentSource.FromDirectory(" in pages["csharp"]


def test_api_md_is_the_hubs_page_of_today(pages: dict[str, str]) -> None:
    committed = (ROOT / "API.md").read_text(encoding="utf-8")
    assert committed == pages["python"], "API.md is old: run `make npm` and commit it"
