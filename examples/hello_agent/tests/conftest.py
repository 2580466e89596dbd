"""The agent with a model that notes what it is asked."""

import importlib
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

EXAMPLE = Path(__file__).parents[1]


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module agent.py, as AgentCore runs it: from its own folder, configured by its environment."""
    monkeypatch.setenv("AGENT_MODEL", "scripted")
    monkeypatch.setenv("CORS_ALLOW_ORIGINS", "https://chat.example.com")
    monkeypatch.syspath_prepend(EXAMPLE / "agent")
    yield importlib.import_module("agent")
    for name in {path.stem for path in (EXAMPLE / "agent").glob("*.py")} & sys.modules.keys():
        del sys.modules[name]


class Model(Protocol):
    """What a test sets on the agent's model, and what it reads there."""

    words: Sequence[str | Exception]
    stop_reason: str
    asked: list[list[str]]


@pytest.fixture
def model(agent: Any) -> Model:
    """The agent's model."""
    scripted_model = importlib.import_module("scripted_model")

    class ObservedModel(scripted_model.ScriptedModel):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__(["Hello, ", "wörld ", "🙂"], pause_seconds=0)
            self.asked: list[list[str]] = []

        async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            self.asked.append([f"{message['role']}: {message['content'][0]['text']}" for message in messages])
            async for event in super().stream(messages):
                yield event

    agent.model = ObservedModel()
    return agent.model
