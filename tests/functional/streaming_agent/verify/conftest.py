"""The hello agent behind StreamingAgentApi with a page that may ask, streaming and with STREAM taken out."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentSource, Cors, StreamingAgentApi
from tests.functional.streaming_agent.local.emulators import emulator_of

ROOT = Path(__file__).parents[4]
ORIGIN = "https://chat.example.com"
SCRIPTED = {"AGENT_MODEL": "scripted"}


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("verify") / "cdk.out"
    app = App(outdir=str(outdir), context={"aws:cdk:bundling-stacks": []})
    agent = AgentSource.from_directory(str(ROOT / "examples" / "hello_agent" / "agent"))
    StreamingAgentApi(Stack(app, "Hello"), "Agent", agent=agent, cors=Cors(allow_origins=[ORIGIN]))
    app.synth()
    return outdir


@pytest.fixture(scope="session")
def streaming(assembly: Path) -> Iterator[Endpoints]:
    with emulator_of(assembly, environment=SCRIPTED) as ready:
        yield ready


@pytest.fixture(scope="session")
def buffered(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """The same template with STREAM taken out."""
    copy = tmp_path_factory.mktemp("buffered") / "cdk.out"
    shutil.copytree(assembly, copy)
    file = copy / "Hello.template.json"
    template = json.loads(file.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::ApiGateway::Method":
            resource["Properties"]["Integration"].pop("ResponseTransferMode", None)
            resource["Properties"]["Integration"].pop("TimeoutInMillis", None)
    file.write_text(json.dumps(template))
    with emulator_of(copy, environment=SCRIPTED) as ready:
        yield ready
