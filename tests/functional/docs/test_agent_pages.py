"""The agents on the pages answer, on scripted models where they name a real one; their commands are the command's."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from streaming_agent import StreamingAgent, Usage
from streaming_agent.cli import main
from streaming_agent.testing import ask

from tests.unit.streaming_agent.frameworks import langgraph_agent, openai_agents_agent, pydantic_ai_agent, strands_agent
from tests.unit.streaming_agent.frameworks.script import Script

from .code_blocks import ROOT, CodeBlock, agents_of, pages

BLOCKS = [block for page in pages() for block in agents_of(page)]
SCRIPT = [["Hello ", "from ", "the ", "model."]]


@pytest.fixture(autouse=True)
def scripted_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every model that a page names says the script."""
    import langchain_aws
    import pydantic_ai
    import strands.models
    from agents.models.multi_provider import MultiProvider

    monkeypatch.setattr(strands.models, "BedrockModel", lambda **_: strands_agent.ScriptedModel(Script(SCRIPT)))
    monkeypatch.setattr(
        langchain_aws, "ChatBedrockConverse", lambda **_: langgraph_agent.ScriptedModel(script=Script(SCRIPT))
    )
    monkeypatch.setattr(
        MultiProvider, "get_model", lambda self, name: openai_agents_agent.ScriptedModel(Script(SCRIPT))
    )
    monkeypatch.setattr(pydantic_ai, "Agent", lambda model: pydantic_ai_agent.make_agent(Script(SCRIPT)))
    monkeypatch.setattr("streaming_agent.testing.sessions", lambda module: [["a"], ["b"]])
    monkeypatch.setenv("SHOP_KEY", "")  # one agent sets it


def namespace_of(block: CodeBlock) -> dict[str, Any]:
    given: dict[str, Any] = {"__name__": "agent"}
    if "graph.compile" in block.text and "StateGraph(" not in block.text:
        given["graph"] = langgraph_graph()
    exec(compile(block.text, str(block), "exec"), given)
    return given


def langgraph_graph() -> Any:
    from langgraph.graph import START, MessagesState, StateGraph

    async def think(state: MessagesState) -> MessagesState:
        model = langgraph_agent.ScriptedModel(script=Script(SCRIPT))
        return {"messages": [await model.ainvoke(state["messages"])]}

    return StateGraph(MessagesState).add_node(think).add_edge(START, "think")


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_an_agent_on_a_page_answers(block: CodeBlock) -> None:
    namespace = namespace_of(block)
    for name, value in namespace.items():
        if name.startswith("test_"):
            value()
    if isinstance(app := namespace.get("app"), StreamingAgent):
        events = ask(app, "Hello", session_id="s" * 33)
        texts = [event for event in events if isinstance(event, str)]
        assert "".join(texts).strip()
        assert not [event for event in events if isinstance(event, Exception)]
        if "Bedrock" in block.text or "gpt-" in block.text or "bedrock:" in block.text:
            assert "".join(texts).endswith("Hello from the model.")
            assert any(isinstance(event, Usage) for event in events)


def test_the_readmes_show_agents() -> None:
    shown = {str(block.path.relative_to(ROOT)) for block in BLOCKS}
    assert {"README.md", "streaming-agent/README.md", "docs/first-agent.md", "docs/agent.md"} <= shown
    six_lines = [block for block in BLOCKS if block.path == ROOT / "README.md"]
    assert len(six_lines) == 3


def commands() -> list[str]:
    text = (ROOT / "docs" / "first-agent.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]


def test_the_first_agents_commands_are_the_commands_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [shlex.split(line) for line in commands()]
    ours = [line[line.index("streaming-agent") + 1 :] for line in lines if "streaming-agent" in line]
    assert [arguments[0] for arguments in ours] == ["init", "local", "chat", "chat", "chat"]
    assert main([*ours[0], "--yes"]) == 0
    assert (tmp_path / "my-agent" / "agent" / "agent.py").is_file()
    from streaming_agent.cli.main import _parser

    for arguments in ours[1:]:
        assert _parser().parse_args(arguments).run is not None
    package = (tmp_path / "my-agent" / "package.json").read_text()
    assert all("cdk" not in line or "aws-cdk" in package for line in commands())
