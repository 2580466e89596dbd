"""A JavaScript app on the packed tarball synthesises the template that the Python app synthesises, byte for byte."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kept import ROOT
from tests.unit.streaming_agent.packager.packages import wheel

PYTHON = """
from aws_cdk import App, Stack
from streaming_agent_construct import AgentSource, StreamingAgentApi
app = App()
stack = Stack(app, "Chat")
StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory("agent"))
app.synth()
"""
# What uses the CDK's newer classes.
OLDEST = """
const { App, Stack, Duration, aws_bedrockagentcore: agentcore } = require('aws-cdk-lib');
const api = require('streaming-agent-construct');
const discoveryUrl = 'https://login.example.com/.well-known/openid-configuration';
const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const variants = {
  Cognito: { model: api.BedrockModel.inferenceProfile('eu.amazon.nova-lite-v1:0') },
  Oidc: { auth: api.AgentAuth.oidc({ discoveryUrl, audiences: ['agents'] }), cors: { allowOrigins: ['*'] } },
  Protected: { protection: { apiKeys: { clients: ['web'] }, runtimeGuard: api.RuntimeGuard.sharedSecret() } },
  Options: {
    endpoint: api.ApiEndpoint.edgeOptimized({ maxIdle: Duration.seconds(20) }),
    runtime: { liveVersion: '1', platformVersion: 'V2', tracing: true },
  },
};
for (const [name, options] of Object.entries(variants)) {
  const agent = api.AgentSource.fromDirectory('agent');
  new api.StreamingAgentApi(new Stack(app, name), 'Agent', { agent, ...options });
}
console.log(app.synth().stacks.length);
"""
JAVASCRIPT = """
const { App, Stack } = require('aws-cdk-lib');
const { AgentSource, StreamingAgentApi } = require('streaming-agent-construct');
const app = new App();
const stack = new Stack(app, 'Chat');
new StreamingAgentApi(stack, 'Agent', { agent: AgentSource.fromDirectory('agent') });
app.synth();
"""
# The asset's files.
PACKAGED = {
    "agent.py",
    "requirements.txt",
    "geometry.py",
    "geometry-run",
    "METADATA",
    "RECORD",
    "WHEEL",
    "entry_points.txt",
}
# The npm packages that the wheels carry: the very CDK that Python runs on.
WHEELS = {
    "aws_cdk": "aws-cdk-lib",
    "aws_cdk.cloud_assembly_schema": "@aws-cdk/cloud-assembly-schema",
    "aws_cdk.asset_awscli_v1": "@aws-cdk/asset-awscli-v1",
    "constructs": "constructs",
}


def _unpack(tarball: Path, to: Path) -> None:
    to.mkdir(parents=True)
    subprocess.run(["tar", "-xzf", tarball, "-C", to, "--strip-components=1"], check=True)


def _carried(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return next((Path(spec.submodule_search_locations[0]) / "_jsii").glob("*.tgz"))


@pytest.fixture(scope="module")
def workspace(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an agent, and with node_modules that hold the tarball and the CDK."""
    folder = tmp_path_factory.mktemp("workspace")
    modules = folder / "node_modules"
    for module, name in WHEELS.items():
        _unpack(_carried(module), modules / name)
    _unpack(tarball, modules / "streaming-agent-construct")
    (folder / "agent").mkdir()
    (folder / "agent" / "agent.py").write_text("import geometry\n", encoding="utf-8")
    wheel(folder / "wheels", "geometry")
    (folder / "agent" / "requirements.txt").write_text("../wheels/geometry-1.0-py3-none-any.whl\n", encoding="utf-8")
    return folder


def _synthesise(workspace: Path, out: str, *command: str) -> dict[str, bytes]:
    environment = os.environ | {
        "CDK_OUTDIR": out,
        "PYTHONPATH": str(ROOT / "src"),
        "STREAMING_AGENT_CACHE_DIR": str(workspace / f"{out}.cache"),
    }
    done = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assets = [path for asset in (workspace / out).glob("asset.*") for path in asset.rglob("*") if path.is_file()]
    files = [*(workspace / out).glob("*.template.json"), *assets]
    return {str(path.relative_to(workspace / out)): path.read_bytes() for path in files}


def test_a_javascript_app_gives_the_template_and_the_package_of_the_python_app(workspace: Path) -> None:
    python = _synthesise(workspace, "out.python", sys.executable, "-c", PYTHON)
    javascript = _synthesise(workspace, "out.javascript", "node", "-e", JAVASCRIPT)
    assert {path.rpartition("/")[2] for path in python} == {"Chat.template.json", *PACKAGED}
    assert javascript == python


def test_it_synthesises_on_the_oldest_cdk_that_it_asks_for(workspace: Path, tmp_path: Path) -> None:
    """Python's tests run on a newer one; npm/package-lock.json has the oldest, which jsii compiles against."""
    modules = tmp_path / "node_modules"
    modules.mkdir()
    for name in ("aws-cdk-lib", "constructs"):
        (modules / name).symlink_to(ROOT / "npm" / "node_modules" / name)
    shutil.copytree(workspace / "node_modules" / "streaming-agent-construct", modules / "streaming-agent-construct")
    oldest = json.loads((modules / "aws-cdk-lib" / "package.json").read_text(encoding="utf-8"))["version"]
    asked_for = json.loads((ROOT / "npm" / "package.json").read_text(encoding="utf-8"))["peerDependencies"]
    assert asked_for["aws-cdk-lib"] == f"^{oldest}"

    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "agent.py").write_text("", encoding="utf-8")
    done = subprocess.run(["node", "-e", OLDEST], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("4", 0), done.stderr
