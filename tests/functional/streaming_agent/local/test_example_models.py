"""Each example run with the model settings of its own template: the model that it names is the one that answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.client import AgentClient

from tests import example_apps
from tests.functional.streaming_agent.local.calls import ask
from tests.functional.streaming_agent.local.fake_models import fake_models
from tests.functional.streaming_agent.local.processes import local_process
from tests.functional.streaming_agent.local.test_examples import HELLO, NODE, PATHS
from tests.kept import Kept

# How the local run finds the agent, where the example's own needs AWS, and what its README passes beside the model.
OPTIONS: dict[str, tuple[str, ...]] = {
    "production": HELLO,
    "chat_web": ("--env", "CORS_ALLOW_ORIGINS=http://localhost:8000"),
}
# Its agent is an image of yours, which knows its model by itself.
WITHOUT_A_MODEL = {"bring_your_own"}
# It has no model at all.
PLAIN = {("frameworks", "invocations")}
EXAMPLES = [name for name in example_apps.EXAMPLES if name not in WITHOUT_A_MODEL]


@pytest.fixture(scope="module")
def models() -> Iterator[str]:
    with fake_models() as address:
        yield address


def named_models(assembly: Path) -> dict[str, str]:
    """The model that the template names for each path: `BEDROCK_MODEL_ID`, or the agent's own `AGENT_MODEL`."""
    (written,) = assembly.glob("*.template.json")
    resources = json.loads(written.read_text(encoding="utf-8"))["Resources"]
    found = {}
    for name, resource in resources.items():
        if resource["Type"] != "AWS::BedrockAgentCore::Runtime":
            continue
        variables = resource["Properties"].get("EnvironmentVariables", {})
        path = next((path for path in all_paths() if path != "invocations" and path.split("/")[1] in name), "")
        found[path or "invocations"] = variables.get("BEDROCK_MODEL_ID", variables.get("AGENT_MODEL"))
    return found


def all_paths() -> list[str]:
    return [path for paths in PATHS.values() for path in paths]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=NODE) if name == "oidc_provider" else name for name in EXAMPLES]
)
def test_the_model_of_the_template_answers(name: str, models: str, kept: Kept, tmp_path: Path) -> None:
    assembly = example_apps.assembly(name, kept, tmp_path)
    expected = named_models(assembly)
    environment = {
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": models,
        "OPENAI_BASE_URL": f"{models}/v1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "OPENAI_API_KEY": "key",
    }
    options: list[Any] = [one for name, value in environment.items() for one in ("--env", f"{name}={value}")]

    with (
        local_process(tmp_path, "--assembly", assembly, *options, *OPTIONS.get(name, ())) as local,
        AgentClient.local(tmp_path / ".streaming-agent" / "local.json") as client,
    ):
        ready = json.loads(local.line)
        headers = {"x-api-key": ready["api_key"]} if "api_key" in ready else {}
        answers = {
            path: ask(ready["url"] + path, {"prompt": "Who are you?"}, token=client.token(), headers=headers)
            for path in PATHS.get(name, ("invocations",))
            if (name, path) not in PLAIN
        }

    said = {path: "".join(str(event.get("text", "")) for event in answer.events) for path, answer in answers.items()}
    assert said == {path: f"I am {expected[path]}" for path in answers}


def test_every_example_is_asked() -> None:
    assert sorted([*EXAMPLES, *WITHOUT_A_MODEL]) == example_apps.EXAMPLES
