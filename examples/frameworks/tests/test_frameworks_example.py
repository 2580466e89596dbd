"""Each agent of the example, asked without a socket; and what the app deploys."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent import Usage
from streaming_agent.testing import ask
from syrupy.assertion import SnapshotAssertion

EXAMPLE = Path(__file__).parents[1]
AGENTS = ["plain_agent", "strands_agent", "langgraph_agent", "openai_agent", "pydantic_agent"]


@pytest.fixture(params=AGENTS)
def agent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module agent.py, as AgentCore runs it: from its own folder, configured by its environment."""
    monkeypatch.setenv("AGENT_MODEL", "scripted")
    monkeypatch.syspath_prepend(EXAMPLE / request.param)
    yield importlib.import_module("agent")
    for name in ("agent", "scripted_model"):
        sys.modules.pop(name, None)


def test_it_streams_its_words(agent: Any) -> None:
    events = ask(agent.app, "Hello.", session_id="s" * 33)
    words = [event for event in events if not isinstance(event, Usage)]
    assert all(isinstance(word, str) for word in words)
    assert len(words) > 10
    assert "".join(map(str, words)).strip().endswith("the end.")


@pytest.mark.parametrize("name", AGENTS)
def test_it_is_short(name: str) -> None:
    assert len((EXAMPLE / name / "agent.py").read_text(encoding="utf-8").splitlines()) <= 30


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot
