"""Four frameworks, with real agents of theirs on scripted models: the same events, whatever each one reports."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import streaming_agent
from streaming_agent import Context, Source, StreamingAgent, Thinking, Tool, ToolState, Usage
from streaming_agent.context import SESSION_HEADER
from streaming_agent.testing import ask

from ..caller import Caller, signed_in
from .script import HANG, TOKENS, Call, Cited, Script, Thought

NAMES = ["strands", "langgraph", "openai_agents", "pydantic_ai"]
READ, WRITTEN = TOKENS
SESSION = "s" * 33
SOON = 5.0  # beside other tests; half a second is what a caller's leaving may take (test_leaving.py)


class Framework:
    """One framework: its adaptor, and what makes an agent of a script."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.adaptor: Callable[..., Any] = getattr(streaming_agent, f"from_{name}")
        self.events: Callable[..., Any] = getattr(streaming_agent, f"{name}_events")
        self.make: Callable[[Script], Any] = import_module(f"..{name}_agent", f"{__name__}").make_agent

    def app(self, script: Script, **options: Any) -> StreamingAgent:
        kept: list[Any] = []

        def make(context: Context) -> Any:
            if self.name == "langgraph" and kept:
                return kept[0]
            kept.append(self.make(script))
            return kept[-1]

        return StreamingAgent(self.adaptor(make, **options))


@pytest.fixture(params=NAMES, scope="module")
def framework(request: pytest.FixtureRequest) -> Framework:
    return Framework(request.param)


def without_tokens(events: list[Any]) -> list[Any]:
    return [event for event in events if not isinstance(event, Usage)]


def test_words_tools_and_tokens(framework: Framework) -> None:
    script = Script([["Let me ", "look. ", Call("good")], ["It is ", "fine."]])
    events = ask(framework.app(script), "How is it?", session_id=SESSION)
    assert without_tokens(events) == [
        "Let me ",
        "look. ",
        Tool("good", id="t1"),
        Tool("good", id="t1", state=ToolState.FINISHED),
        "It is ",
        "fine.",
    ]
    (usage,) = [event for event in events if isinstance(event, Usage)]
    assert events[-1] == usage
    if framework.name != "pydantic_ai":  # its scripted model counts by itself
        assert usage == Usage(2 * READ, 2 * WRITTEN)


def test_a_tool_that_fails_says_so_and_nothing_more(framework: Framework) -> None:
    script = Script([[Call("bad")], ["Sorry."]])
    events = ask(framework.app(script), "How is it?", session_id=SESSION)
    # OpenAI Agents hands the message to the model as the tool's output, and reports no failure
    state = ToolState.FINISHED if framework.name == "openai_agents" else ToolState.FAILED
    assert without_tokens(events) == [Tool("bad", id="t1"), Tool("bad", id="t1", state=state), "Sorry."]


def test_thinking_stays_with_the_agent_unless_asked_for(framework: Framework) -> None:
    script = Script([[Thought("hm"), "Yes."]])
    assert without_tokens(ask(framework.app(script), "?", session_id=SESSION)) == ["Yes."]
    shown = without_tokens(ask(framework.app(script, thinking=True), "?", session_id=SESSION))
    assert shown == [Thinking("hm"), "Yes."]


def test_sources(framework: Framework) -> None:
    if framework.name == "pydantic_ai":
        pytest.skip("reports no sources")
    script = Script([["Yes.", Cited("A page", "https://example.com")]])
    events = without_tokens(ask(framework.app(script), "?", session_id=SESSION))
    assert events == ["Yes.", Source("A page", "https://example.com")]


def test_a_conversation_is_remembered_and_no_other_hears_of_it(framework: Framework) -> None:
    script = Script([["one"], ["two"], ["three"], ["four"], ["five"]])
    app = framework.app(script)
    ask(app, "first question", session_id=SESSION, user_id="ada")
    ask(app, "second question", session_id=SESSION, user_id="ada")
    assert "first question" in str(script.heard[1])
    assert "one" in str(script.heard[1])
    for other in (
        {"session_id": SESSION, "user_id": "ada", "conversation_id": "other"},
        {"session_id": SESSION, "user_id": "bob"},
        {"session_id": "t" * 33, "user_id": "ada"},
    ):
        ask(app, "another question", **other)  # type: ignore[arg-type]
        assert "first question" not in str(script.heard[-1])


def test_without_a_session_nothing_is_remembered(framework: Framework) -> None:
    script = Script([["one"], ["two"]])
    app = framework.app(script)

    async def twice() -> None:
        for _ in range(2):
            await Caller(app, {"prompt": "a question"}).end()

    asyncio.run(twice())
    assert str(script.heard[1]).count("a question") == 1


def test_the_callers_history_is_used_where_the_caller_keeps_it(framework: Framework) -> None:
    script = Script([["one"], ["two"], ["three"]])
    app = framework.app(script)
    history = [{"role": "user", "content": "earlier question"}, {"role": "assistant", "content": "earlier answer"}]

    async def chat(messages: list[Any]) -> Caller:
        payload = {"messages": messages, "stream": True}
        return await Caller(app, payload, path="/v1/chat/completions", headers={SESSION_HEADER: SESSION}).end()

    async def thrice() -> None:
        await chat([{"role": "user", "content": "q1"}])
        await chat([*history, {"role": "user", "content": "q2"}])
        await chat([{"role": "user", "content": "q3"}])

    asyncio.run(thrice())
    assert str(script.heard[1]).count("earlier question") == str(script.heard[1]).count("earlier answer") == 1
    assert "q1" not in str(script.heard[1])
    assert "q2" not in str(script.heard[2])
    assert "q1" not in str(script.heard[2])


@pytest.mark.parametrize("how", ["leaves", "fails"])
def test_a_question_without_its_answer_does_not_spoil_the_next(framework: Framework, how: str) -> None:
    script = Script([["one"], ["half", HANG if how == "leaves" else RuntimeError("secret")], ["three"]])
    app = framework.app(script)
    headers = signed_in("ada", SESSION)

    async def question(prompt: str) -> Caller:
        return await Caller(app, {"prompt": prompt}, headers=headers).end()

    async def talk() -> None:
        await question("first question")
        script.closed.clear()
        broken = Caller(app, {"prompt": "broken question"}, headers=headers)
        await broken.until(lambda caller: "half" in caller.text)
        if how == "leaves":
            broken.leave()
        await broken.end()
        # the model's own stream is closed with it
        assert await asyncio.to_thread(script.closed.wait, SOON)
        while (again := await question("third question")).text != "three":
            assert again.events[0]["error"]["code"] == "conversation_busy"

    asyncio.run(talk())
    heard = str(script.heard[-1])
    assert "first question" in heard
    if framework.name != "langgraph":  # its checkpointer keeps a question as soon as it is asked
        assert "broken question" not in heard
        assert "half" not in heard


def test_a_reader_who_stops_and_leaves_closes_the_models_stream_too(framework: Framework) -> None:
    import gc

    script = Script([["x" * 1000] * 200 + [HANG]])

    async def talk() -> None:
        caller = Caller(framework.app(script), {"prompt": "?"}, headers=signed_in("ada"))
        await caller.until(lambda c: bool(c.text))
        caller.reading.clear()
        await asyncio.sleep(0.3)  # the agent is held back by then, between two events
        assert not script.closed.is_set()
        gc.disable()
        caller.leave()
        caller.reading.set()
        await caller.end()
        assert await asyncio.to_thread(script.closed.wait, SOON)

    try:
        asyncio.run(talk())
    finally:
        gc.enable()


def test_a_second_question_meanwhile_is_told(framework: Framework) -> None:
    script = Script([["half", HANG]])
    app = framework.app(script)

    async def talk() -> None:
        first = Caller(app, {"prompt": "first"}, headers=signed_in("ada"))
        await first.until(lambda caller: caller.text == "half")
        second = await Caller(app, {"prompt": "second"}, headers=signed_in("ada")).end()
        assert second.events == [
            {
                "error": {
                    "code": "conversation_busy",
                    "message": "this conversation is still being answered: wait, or start another one",
                }
            }
        ]
        other = Caller(app, {"prompt": "other", "conversation_id": "other"}, headers=signed_in("ada"))
        await other.until(lambda caller: caller.text == "half")
        for caller in (first, other):
            caller.leave()
            await caller.end()

    asyncio.run(talk())


def test_a_hundred_and_first_conversation_takes_the_place_of_the_oldest() -> None:
    framework = Framework("strands")
    script = Script([["word"]])
    app = framework.app(script, conversations=2)
    for conversation in ("a", "b", "a", "c"):
        ask(app, f"question in {conversation}", session_id=SESSION, conversation_id=conversation)
    ask(app, "still there?", session_id=SESSION, conversation_id="a")
    assert str(script.heard[-1]).count("question in a") == 2
    ask(app, "still there?", session_id=SESSION, conversation_id="b")
    assert "question in b" not in str(script.heard[-1])


def test_one_agent_for_two_conversations_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    framework = Framework("strands")
    shared = framework.make(Script([["word"]]))
    app = StreamingAgent(streaming_agent.from_strands(lambda context: shared))
    assert without_tokens(ask(app, "?", session_id=SESSION, conversation_id="a")) == ["word"]
    ask(app, "?", session_id=SESSION, conversation_id="b")
    assert "SAA010" in caplog.text


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("strands", "strands.types.exceptions:ModelThrottledException", "model_busy"),
        ("strands", "strands.types.exceptions:ContextWindowOverflowException", "conversation_too_long"),
        ("strands", "strands.types.exceptions:MaxTokensReachedException", "answer_too_long"),
        ("langgraph", "langgraph.errors:GraphRecursionError", "too_many_steps"),
        ("openai_agents", "agents:MaxTurnsExceeded", "too_many_steps"),
        ("pydantic_ai", "pydantic_ai:UsageLimitExceeded", "too_many_steps"),
    ],
)
def test_errors_worth_a_code(name: str, error: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, kind = error.partition(":")
    raised = getattr(import_module(module), kind)("secret")
    # Strands waits and asks again before it gives up
    monkeypatch.setattr("strands.event_loop._retry.DEFAULT_MAX_RETRY_ATTEMPTS", 1, raising=False)

    class Raising:
        messages: tuple[Any, ...] = ()

        async def _raise(self, *args: Any, **options: Any) -> Any:
            raise raised
            yield

        stream_async = astream = stream_events = _raise

        def cancel(self) -> None: ...

        def run_stream_events(self, *args: Any, **options: Any) -> Any:
            raise raised

    async def read() -> None:
        agent = Raising()
        agent.messages = []  # type: ignore[assignment]
        arguments = (agent,) if name == "openai_agents" else (agent, "?")
        async for _ in getattr(streaming_agent, f"{name}_events")(*arguments):
            pass

    with pytest.raises(streaming_agent.AnswerError) as told:
        asyncio.run(read())
    assert told.value.code == code
    assert "secret" not in told.value.message


def test_pydantic_ai_and_a_model_that_has_too_much_to_do() -> None:
    from pydantic_ai.exceptions import ModelHTTPError

    framework = Framework("pydantic_ai")
    script = Script([[ModelHTTPError(429, "scripted", None)]])
    (error,) = ask(framework.app(script), "?", session_id=SESSION)
    assert error.code == "model_busy"  # type: ignore[union-attr]


def test_a_busy_strands_agent_keeps_the_messages_of_the_answer_that_still_runs() -> None:
    from strands.types.exceptions import ConcurrencyException

    class Busy:
        def __init__(self) -> None:
            self.messages = ["before"]

        async def stream_async(self, prompt: str) -> Any:
            self.messages.append("what the other answer says meanwhile")
            raise ConcurrencyException("busy")
            yield

    agent = Busy()

    async def read() -> None:
        async for _ in streaming_agent.strands_events(agent, "?"):
            pass

    with pytest.raises(streaming_agent.AnswerError) as told:
        asyncio.run(read())
    assert told.value.code == "conversation_busy"
    assert agent.messages == ["before", "what the other answer says meanwhile"]


def test_strands_tokens_are_of_this_answer_and_not_of_the_agents_life() -> None:
    framework = Framework("strands")
    app = framework.app(Script([["word"]]))
    for _ in range(3):
        events = ask(app, "?", session_id=SESSION)
        assert events[-1] == Usage(READ, WRITTEN)
