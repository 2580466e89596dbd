"""The shortest agents through the whole chain: packaged, run locally behind their gateway, asked with chat."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streaming_agent.client import AgentClient

from tests.functional.streaming_agent.local.calls import ask
from tests.functional.streaming_agent.local.processes import COMMAND, LocalProcess, local_process

ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "examples" / "frameworks"
# the agent, and its path behind the gateway
AGENTS = {
    "plain": "invocations",
    "strands": "agents/strands/invocations",
    "langgraph": "agents/langgraph/invocations",
}
APP = f"""
from aws_cdk import App, Stack
from streaming_agent_construct import AgentSource, StreamingAgentApi

app = App()
stack = Stack(app, "SixLines")
api = StreamingAgentApi(stack, "Api", agent=AgentSource.from_directory({str(EXAMPLE / "plain_agent")!r}))
for name in ("strands", "langgraph"):
    api.add_agent(name, agent=AgentSource.from_directory(f"{EXAMPLE}/{{name}}_agent"))
app.synth()
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProcess]:
    folder = tmp_path_factory.mktemp("six_lines")
    (folder / "app.py").write_text(APP)
    with local_process(folder, "--app", f"{sys.executable} app.py", "--env", "AGENT_MODEL=scripted") as local:
        yield local


@pytest.mark.parametrize("name", AGENTS)
def test_chat_shows_the_answer_as_it_comes(run: LocalProcess, name: str) -> None:
    chosen = [] if name == "plain" else ["--agent", name]
    chat = subprocess.run(
        [COMMAND, "chat", "Hello.", "--timeline", *chosen], cwd=run.folder, capture_output=True, text=True, check=False
    )
    assert chat.returncode == 0, chat.stderr
    lines = [line.strip().partition("  ") for line in chat.stdout.splitlines() if line.strip()]
    times = [float(time) for time, _, _ in lines]
    events = [json.loads(event) for _, _, event in lines]
    texts = [event["text"] for event in events if "text" in event]
    assert len(texts) > 10
    assert "".join(texts).strip().endswith("the end.")
    # nothing beside the model's words and notices
    assert {key for event in events for key in event} <= {"text", "usage", "end"}
    # a word is there long before the last: a first answer of a session also starts its process
    assert times[-1] - times[0] > 0.4


@pytest.mark.parametrize("name", AGENTS)
def test_the_first_byte_comes_before_half_the_answer_and_the_frame_is_small(run: LocalProcess, name: str) -> None:
    ready = json.loads(run.line)
    with AgentClient.local(run.folder / ".streaming-agent" / "local.json") as client:
        token = client.token()
    answer = ask(ready["url"] + AGENTS[name], {"prompt": "Hello."}, token=token)
    assert answer.whole
    assert answer.arrivals[0] < answer.arrivals[-1] / 2
    text = "".join(event.get("text", "") for event in answer.events)
    words = [event for event in answer.events if "text" in event]
    rest = [event for event in answer.events if "text" not in event]
    framed = sum(len(json.dumps(event, separators=(",", ":"), ensure_ascii=False)) + 8 for event in words)
    assert (framed - len(text)) / len(words) <= 30
    assert [list(event) for event in rest] in ([["end"]], [["usage"], ["end"]])


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("name", ["plain_agent", "strands_agent", "langgraph_agent", "openai_agent", "pydantic_agent"])
def test_each_is_packaged_for_arm64(name: str, tmp_path: Path) -> None:
    wheels, output = tmp_path / "wheels", tmp_path / "cdk.out"
    uv = str(Path(sys.executable).with_name("uv"))
    build = [uv, "build", "--quiet", "--wheel", "--out-dir", str(wheels), str(ROOT / "streaming-agent")]
    subprocess.run(build, check=True)
    app = (
        "from aws_cdk import App, Stack\n"
        "from streaming_agent_construct import AgentSource, StreamingAgentApi\n"
        "app = App()\n"
        "stack = Stack(app, 'Packaged')\n"
        f"StreamingAgentApi(stack, 'Api', agent=AgentSource.from_directory({str(EXAMPLE / name)!r}))\n"
        "app.synth()\n"
    )
    environment = os.environ | {"CDK_OUTDIR": str(output), "UV_FIND_LINKS": str(wheels)}
    subprocess.run([sys.executable, "-c", app], env=environment, check=True, stderr=subprocess.DEVNULL)
    (module,) = output.glob("asset.*/streaming_agent/server.py")
    assert (module.parents[1] / "agent.py").is_file()
    assert (module.parents[1] / "uvicorn").is_dir()
