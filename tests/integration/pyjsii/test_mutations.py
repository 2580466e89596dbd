"""Would it be seen if the translation were wrong? Six changes to the TypeScript, and the gate that catches each."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import pacmak
from tests.kept import ROOT, Kept

from .public_api import differences, public_api, without_options

SOURCE = ROOT / "src"
# What a change is, in which file, the text and what it becomes.
UNSEEN_BY_JSII = {
    "a changed default": ("throttle.ts", "_DEFAULT_RATE_LIMIT = 100;", "_DEFAULT_RATE_LIMIT = 101;"),
    "a dropped property": ("invocation.ts", "responseTransferMode: apigateway.ResponseTransferMode.STREAM, ", ""),
    "a changed default enum": ("agent-auth.ts", "token : TokenType.ID;", "token : TokenType.ACCESS;"),
    "a changed @default": ("streaming-agent-api.ts", "@default Duration.minutes(15)", "@default Duration.minutes(5)"),
    "a renamed method": ("streaming-agent-api.ts", "public addAgent(", "public addAnotherAgent("),
}
APP = """
import json, sys
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from streaming_agent_construct import AgentSource, AgentAuth, SessionBinding, StreamingAgentApi
stack = Stack(App(), "Test")
agent = AgentSource.from_image_uri("123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1")
StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.cognito(), session=SessionBinding.PER_REQUEST)
print(json.dumps(Template.from_stack(stack).to_json(), indent=1))
"""


def _mutated(package: Path, to: Path, changes: list[tuple[str, str, str]]) -> Path:
    for folder in ("src", "assets"):
        shutil.copytree(package / folder, to / folder)
    for name in ("package.json", "README.md", "LICENSE"):
        shutil.copy(package / name, to / name)
    (to / "node_modules").symlink_to(ROOT / "npm" / "node_modules")
    for file, text, other in changes:
        path = next((to / "src").rglob(file))
        source = path.read_text(encoding="utf-8")
        assert text in source, f"{file} has no {text}: name another mutation"
        path.write_text(source.replace(text, other), encoding="utf-8")
    return to


def _jsii(package: Path) -> subprocess.CompletedProcess[str]:
    tool = ROOT / "npm" / "node_modules" / ".bin" / "jsii"
    command = [str(tool), "--silence-warnings=reserved-word"]
    return subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)


def _template(path: Path) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(path)}
    done = subprocess.run([sys.executable, "-c", APP], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def mutated(jsii_package: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python package that jsii makes of the TypeScript with the five changes that jsii does not see."""

    def make(out: Path) -> None:
        folder = _mutated(jsii_package, tmp_path_factory.mktemp("mutated"), list(UNSEEN_BY_JSII.values()))
        done = _jsii(folder)
        assert done.returncode == 0, done.stdout + done.stderr
        pacmak(folder, "python", out)

    made_of = [jsii_package / "digest", Path(__file__)]
    return kept.folder("mutated", made_of, make, tmp_path_factory.mktemp("package")) / "python" / "src"


@pytest.fixture(scope="module")
def lines(mutated: Path) -> tuple[set[str], set[str]]:
    """The lines of the template that only the native package has, and those that only the mutated one has."""
    native, other = set(_template(SOURCE)), set(_template(mutated))
    return native - other, other - native


def _said(lines: set[str], words: str) -> bool:
    return any(words in line for line in lines)


def test_a_changed_default_changes_the_template(lines: tuple[set[str], set[str]]) -> None:
    assert _said(lines[1], '"ThrottlingRateLimit": 101')


def test_a_dropped_property_changes_the_template(lines: tuple[set[str], set[str]]) -> None:
    assert _said(lines[0], '"ResponseTransferMode": "STREAM"')


def test_a_changed_default_enum_changes_the_template(lines: tuple[set[str], set[str]]) -> None:
    assert _said(lines[0], '"AllowedAudience"')
    assert _said(lines[1], '"AllowedScopes"')


def test_a_renamed_option_is_refused_by_jsii(jsii_package: Path, kept: Kept, tmp_path: Path) -> None:
    made_of = [jsii_package / "digest", Path(__file__)]
    said = kept.said("renamed", made_of)
    if said is None:
        renamed = ("streaming-agent-api.ts", "readonly agent: AgentSource;", "readonly source: AgentSource;")
        done = _jsii(_mutated(jsii_package, tmp_path, [renamed]))
        said = {"status": done.returncode, "words": done.stdout + done.stderr}
        kept.keep("renamed", made_of, said)
    assert said["status"] != 0
    assert "Property 'agent' does not exist on type 'StreamingAgentApiProps'" in said["words"]


def test_changed_docs_and_a_renamed_method_are_found_by_comparing_the_apis(mutated: Path) -> None:
    native = public_api(SOURCE / "streaming_agent_construct")
    found = differences(native, without_options(public_api(mutated / "streaming_agent_construct"), native))
    assert any(line.startswith("StreamingAgentApi.init.timeout") and "minutes(5)" in line for line in found), found
    assert any(line.startswith("StreamingAgentApi.members.add_agent") for line in found), found
    assert any(line.startswith("StreamingAgentApi.members.add_another_agent") for line in found), json.dumps(found)
