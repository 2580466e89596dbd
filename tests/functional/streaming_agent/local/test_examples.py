"""`streaming-agent local` on every example, with the scripted model: it streams, it refuses, and it leaves nothing."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from streaming_agent.client import AgentClient

from tests import example_apps
from tests.functional.streaming_agent.local.calls import ask
from tests.functional.streaming_agent.local.processes import descendants, is_gone, local_process
from tests.kept import Kept

HELLO = ("--agent", str(example_apps.FOLDER / "hello_agent" / "agent"))
NODE = pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH: `make install` brings one")

# Each example as its README runs it here, and the paths of the agents behind it.
OPTIONS: dict[str, tuple[str, ...]] = {
    "bring_your_own": HELLO,
    "chat_web": ("--env", "CORS_ALLOW_ORIGINS=http://localhost:8000"),
    "frameworks": (),
    "hello_agent": (),
    "machine_to_machine": (),
    "oidc_provider": (),
    "private_vpc": (),
    "production": HELLO,
    "two_agents": (),
}
PATHS = {
    "frameworks": (
        "invocations",
        *(f"agents/{name}/invocations" for name in ("strands", "langgraph", "openai", "pydantic")),
    ),
    "two_agents": ("invocations", "agents/research/invocations"),
}


@dataclass(frozen=True)
class Run:
    """One example's local run."""

    name: str
    process: subprocess.Popen[str]
    ready: dict[str, str]
    token: str

    @property
    def entrances(self) -> list[str]:
        """The addresses of its agents."""
        return [self.ready["url"] + path for path in PATHS.get(self.name, ("invocations",))]

    @property
    def key(self) -> dict[str, str]:
        """The API key, where the example asks for one."""
        return {"x-api-key": self.ready["api_key"]} if "api_key" in self.ready else {}


def examples() -> list[object]:
    return [pytest.param(name, marks=NODE) if name == "oidc_provider" else name for name in OPTIONS]


@pytest.fixture(scope="module", params=examples())
def run(request: pytest.FixtureRequest, kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    name = request.param
    folder = tmp_path_factory.mktemp("run")
    assembly = example_apps.assembly(name, kept, folder)
    options: tuple[str | Path, ...] = ("--assembly", assembly, "--env", "AGENT_MODEL=scripted", *OPTIONS[name])
    with (
        local_process(folder, *options) as local,
        AgentClient.local(folder / ".streaming-agent" / "local.json") as client,
    ):
        yield Run(name, local.process, json.loads(local.line), client.token())


def test_every_example_is_run_here() -> None:
    assert sorted(OPTIONS) == example_apps.EXAMPLES


def test_a_caller_with_the_right_token_sees_the_answer_come(run: Run) -> None:
    for entrance in run.entrances:
        answer = ask(entrance, {"prompt": "Hello"}, token=run.token, headers=run.key)

        assert answer.status == 200
        assert answer.whole
        assert len(answer.arrivals) > 3
        assert answer.arrivals[-1] - answer.arrivals[0] > 0.2
        assert "".join(str(event.get("text", "")) for event in answer.events).strip().endswith("the end.")


@pytest.mark.parametrize("token", [None, "not.a.token"])
def test_a_caller_without_it_is_refused_at_both_layers(run: Run, token: str | None) -> None:
    for entrance in (*run.entrances, run.ready["runtime_url"]):
        answer = ask(entrance, {"prompt": "Hello"}, token=token, headers=run.key)

        assert (answer.status, answer.headers["x-amzn-errortype"]) == (401, "UnauthorizedException")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_sigterm_ends_it_and_everything_that_it_started(run: Run) -> None:
    # the last test of an example: it ends the run
    started = descendants(run.process.pid)
    run.process.terminate()

    assert run.process.wait(10) == 0
    assert started
    assert all(is_gone(pid, within=1) for pid in started)
