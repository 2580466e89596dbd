"""The project's tests: the template, the agent, and a local run of both."""

from .choices import Auth, Choices


def test_files(choices: Choices) -> dict[str, str]:
    """By path in the project."""
    return {
        "tests/test_app.py": _APP,
        "tests/test_agent.py": _AGENT,
        "tests/test_local_run.py": _local_run(choices),
    }


_APP = '''"""What the app deploys. A change of it is a change of what runs on AWS: look at it before you take it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1]
REVIEWED = Path(__file__).with_name("template.json")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    assembly = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((PROJECT / "cdk.json").read_text()).get("context", {})
    # the agent's folder goes in as it is, so that nothing is downloaded
    context["aws:cdk:bundling-stacks"] = []
    environment = os.environ | {"CDK_OUTDIR": str(assembly), "CDK_CONTEXT_JSON": json.dumps(context)}
    subprocess.run([sys.executable, "app.py"], cwd=PROJECT, env=environment, check=True)
    (written,) = assembly.glob("*.template.json")
    # hashes of assets say nothing to a reader
    return json.loads(re.sub(r"[0-9a-f]{64}", "asset-hash", written.read_text()))


def test_the_template_is_the_one_that_was_reviewed(template: Any) -> None:
    if not REVIEWED.exists():
        REVIEWED.write_text(json.dumps(template, indent=2, sort_keys=True) + "\\n")
    assert template == json.loads(REVIEWED.read_text()), f"if you want this change, delete {REVIEWED} and test again"


def test_answers_are_streamed(template: Any) -> None:
    methods = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::ApiGateway::Method"]
    modes = [method["Integration"].get("ResponseTransferMode") for method in methods if method["HttpMethod"] == "POST"]
    assert modes == ["STREAM"]
'''

_AGENT = '''"""The agent, asked without a server."""

import importlib
from typing import Any

import pytest
from streaming_agent import Usage
from streaming_agent.testing import ask


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AGENT_MODEL", "scripted")
    return importlib.import_module("agent")


def test_it_answers_word_by_word(agent: Any) -> None:
    words = [event for event in ask(agent.app, "Hello") if not isinstance(event, Usage)]
    assert len(words) > 10
    assert "".join(str(word) for word in words).strip().endswith("the end.")
'''


def _local_run(choices: Choices) -> str:
    needs_node = choices.auth is Auth.OIDC
    skip = (
        '@pytest.mark.skipif(shutil.which("node") is None, reason="the authorizer needs Node")\n' if needs_node else ""
    )
    more = "import shutil\n" if needs_node else ""
    pytest = "import pytest\n" if needs_node else ""
    return f'''"""The whole stack on this machine: sign-in, gateway and agent."""

{more}import subprocess
from pathlib import Path

{pytest}from streaming_agent.client import AgentClient

PROJECT = Path(__file__).parents[1]


{skip}def test_a_caller_sees_the_answer_come(tmp_path: Path) -> None:
    command = ["streaming-agent", "local", "--port", "0", "--json", "--app", "python app.py"]
    command += ["--env", "AGENT_MODEL=scripted"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=log, text=True) as run,
    ):
        try:
            assert run.stdout is not None
            ready = tmp_path / "local.json"
            ready.write_text(run.stdout.readline())
            assert ready.read_text(), (tmp_path / "log").read_text()
            with AgentClient.local(ready) as client, client.invoke("Hello") as answer:
                pieces = [event.text for event in answer if event.text]
        finally:
            run.terminate()
    assert len(pieces) > 10
    assert "".join(pieces).strip().endswith("the end.")
'''
