"""What the hello agent promises its callers, on Strands itself with a scripted model."""

import importlib
from typing import Any

import pytest
from streaming_agent import AnswerError, Usage
from streaming_agent.testing import ask

ADA: dict[str, Any] = {"session_id": "session-of-ada-0123456789-0123456789", "user_id": "ada"}


def words(events: list[Any]) -> list[Any]:
    return [event for event in events if not isinstance(event, Usage)]


def code(events: list[Any]) -> str:
    (error,) = [event for event in events if isinstance(event, AnswerError)]
    return error.code


def test_each_word_is_one_event(agent: Any, model: Any) -> None:
    assert words(ask(agent.app, "Hi")) == ["Hello, ", "wörld ", "🙂"]


def test_a_conversation_is_remembered(agent: Any, model: Any) -> None:
    ask(agent.app, "My name is Ada.", **ADA)
    ask(agent.app, "Who am I?", **ADA)
    assert model.asked[-1] == ["user: My name is Ada.", "assistant: Hello, wörld 🙂", "user: Who am I?"]


@pytest.mark.parametrize(
    "other",
    [
        {**ADA, "conversation_id": "another"},
        {**ADA, "user_id": "eve"},
        {"session_id": "session-of-eve-0123456789-0123456789"},
        {},
    ],
)
def test_and_no_other_hears_of_it(agent: Any, model: Any, other: dict[str, Any]) -> None:
    ask(agent.app, "My name is Ada.", **ADA)
    ask(agent.app, "Who am I?", **other)
    assert model.asked[-1] == ["user: Who am I?"]


def test_it_goes_on_after_a_failed_answer_as_if_nothing_had_been_asked(agent: Any, model: Any) -> None:
    model.words = ["so far ", ValueError("password=hunter2")]
    events = ask(agent.app, "Fail.", **ADA)
    assert (events[0], code(events)) == ("so far ", "agent_failed")
    assert "hunter2" not in str(events[-1])
    ask(agent.app, "Again?", **ADA)
    assert model.asked[-1] == ["user: Again?"]


def test_what_the_model_cannot_do_has_a_code(agent: Any, model: Any) -> None:
    model.stop_reason = "max_tokens"
    assert code(ask(agent.app, "Hi")) == "answer_too_long"


def test_a_page_of_another_origin_is_refused(agent: Any, model: Any) -> None:
    with pytest.raises(AssertionError, match="origin_not_allowed"):
        ask(agent.app, "Hi", headers={"X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin": "https://evil.example.com"})
    assert model.asked == []


@pytest.mark.parametrize("name", ["", "openai", "nonsense:x", "scripted:x"])
def test_a_model_that_there_is_none_of_is_said(agent: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    models = importlib.import_module("models")
    monkeypatch.setenv("AGENT_MODEL", name)
    with pytest.raises(SystemExit, match="AGENT_MODEL must be such as"):
        models.model_from_environment()
