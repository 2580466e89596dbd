"""Graphs and swarms of Strands: what their nodes say, as one answer."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest
from strands import Agent
from strands.agent import AgentResult
from strands.hooks import BeforeNodeCallEvent, BeforeToolCallEvent
from strands.multiagent import GraphBuilder, Swarm
from strands.telemetry import EventLoopMetrics
from streaming_agent import AnswerError, StreamingAgent, Tool, ToolState, Usage, from_strands
from streaming_agent.testing import ask

from ..caller import Caller, signed_in
from .script import HANG, TOKENS, Call, Script
from .strands_agent import ScriptedModel, good

SESSION = "s" * 33
READ, WRITTEN = TOKENS
pytestmark = pytest.mark.filterwarnings("ignore:graph has no max_node_executions")


class Handing(ScriptedModel):
    async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
        async for event in super().stream(messages, *args, **kwargs):
            use = event.get("contentBlockDelta", {}).get("delta", {}).get("toolUse")
            if use is not None and self.script.turns[len(self.script.heard) - 1][-1] == Call("handoff_to_agent"):
                use["input"] = '{"agent_name": "second", "message": "go on"}'
            yield event


def agent(name: str, turns: list[Any] | Script, **options: Any) -> Agent:
    script = turns if isinstance(turns, Script) else Script(turns)
    return Agent(name=name, model=Handing(script), callback_handler=None, **options)


def graph(nodes: dict[str, Any], edges: list[Any], most: int | None = None) -> Any:
    builder = GraphBuilder()
    for name, node in nodes.items():
        builder.add_node(node, name)
    for edge in edges:
        builder.add_edge(*edge)
    if most is not None:
        builder.set_max_node_executions(most)
    return builder.build()


def serve(make: Callable[[], Any]) -> StreamingAgent:
    return StreamingAgent(from_strands(lambda context: make()))


def told(app: StreamingAgent, prompt: str = "?", **context: Any) -> list[Any]:
    events = ask(app, prompt, session_id=SESSION, **context)
    return [event.code if isinstance(event, AnswerError) else event for event in events]


def test_of_a_graph_the_last_node_is_heard_and_tools_and_tokens_of_all_are_told() -> None:
    def make() -> Any:
        first = agent("first", [[Call("good")], ["notes"]], tools=[good])
        return graph({"first": first, "second": agent("second", [["It is ", "fine."]])}, [("first", "second")])

    started, finished = Tool("good", id="t1"), Tool("good", id="t1", state=ToolState.FINISHED)
    assert told(serve(make)) == [started, finished, "It is ", "fine.", Usage(3 * READ, 3 * WRITTEN)]


def test_two_nodes_that_answer_at_once_are_heard_one_after_the_other() -> None:
    def make() -> Any:
        return graph({name: agent(name, [[f"{name} 1, ", f"{name} 2."]]) for name in ("a", "b")}, [])

    answer = "".join(event for event in told(serve(make)) if isinstance(event, str))
    assert answer in {"a 1, a 2.\n\nb 1, b 2.", "b 1, b 2.\n\na 1, a 2."}


def test_a_node_is_heard_whose_followers_do_not_run() -> None:
    def make() -> Any:
        nodes = {"first": agent("first", [["enough"]]), "second": agent("second", [["more"]])}
        return graph(nodes, [("first", "second", lambda state: False)])

    assert told(serve(make)) == ["enough", Usage(READ, WRITTEN)]


def test_of_a_swarm_each_agent_is_heard_as_it_speaks() -> None:
    def make() -> Any:
        return Swarm([agent("first", [["Wait. ", Call("handoff_to_agent")], ["Bye."]]), agent("second", [["Fine."]])])

    events = told(serve(make))
    assert "".join(event for event in events if isinstance(event, str)) == "Wait. Bye.\n\nFine."
    assert Tool("handoff_to_agent", id="t1") in events
    assert events[-1] == Usage(3 * READ, 3 * WRITTEN)


def test_a_swarm_in_a_graph_speaks_for_its_node() -> None:
    def make() -> Any:
        return graph(
            {"first": agent("first", [["notes"]]), "team": Swarm([agent("a", [["one ", "two"]])])}, [("first", "team")]
        )

    assert told(serve(make)) == ["one ", "two", Usage(2 * READ, 2 * WRITTEN)]


def test_tokens_are_of_this_answer() -> None:
    app = serve(lambda: graph({"only": agent("only", [["word"]])}, []))
    for _ in range(3):
        assert told(app)[-1] == Usage(READ, WRITTEN)


def test_the_agents_of_a_graph_remember_and_those_of_a_swarm_do_not() -> None:
    for group, count in ((lambda one: graph({"only": one}, []), 1), (lambda one: Swarm([one]), 0)):
        script = Script([["word"]])
        app = serve(lambda group=group, script=script: group(agent("only", script)))  # type: ignore[misc]
        told(app, "first question")
        told(app, "second question")
        assert str(script.heard[-1]).count("first question") == count
        assert "second question" in str(script.heard[-1])


@pytest.mark.parametrize("kind", ["graph", "swarm"])
def test_what_a_node_raises_is_told_as_an_agents_error(kind: str) -> None:
    from strands.types.exceptions import ContextWindowOverflowException, MaxTokensReachedException

    for error, code in (
        (MaxTokensReachedException("secret"), "answer_too_long"),
        (ContextWindowOverflowException("secret"), "conversation_too_long"),
        (RuntimeError("secret"), "agent_failed"),
        (AnswerError("sold_out", "it is sold out"), "sold_out"),
    ):
        script = Script([[error], ["fine"]])

        def make(script: Script = script) -> Any:
            one = agent("only", script, conversation_manager=None)
            return graph({"only": one}, []) if kind == "graph" else Swarm([one])

        app = serve(make)
        assert told(app, "broken question")[-1] == code
        script.turns = [["fine"]]
        assert told(app, "again")[0] == "fine"
        assert "broken question" not in str(script.heard[-1])


def test_too_many_steps() -> None:
    def endless() -> Any:
        return Swarm([agent("first", [[Call("handoff_to_agent")], ["x"]]), agent("second", [["y"]])], max_handoffs=1)

    def ring() -> Any:
        nodes = {"first": agent("first", [["x"]]), "second": agent("second", [["y"]])}
        return graph(nodes, [("first", "second")], most=1)

    assert told(serve(endless))[-1] == "too_many_steps"
    assert told(serve(ring))[-1] == "too_many_steps"


@pytest.mark.parametrize("kind", ["graph", "swarm", "swarm in a graph"])
@pytest.mark.parametrize("where", ["tool", "node"])
def test_a_run_that_waits_for_a_person_says_so_and_the_conversation_goes_on(kind: str, where: str) -> None:
    def wait(event: Any) -> None:
        if "plain" not in questions[-1]:
            event.interrupt("sure?")

    def wait_tool(event: BeforeToolCallEvent) -> None:
        wait(event)

    def wait_node(event: BeforeNodeCallEvent) -> None:
        wait(event)

    questions: list[str] = []
    script = Script([[Call("good")], ["words"]] if where == "tool" else [["words"]])

    def make() -> Any:
        one = agent("only", script, tools=[good], hooks=[wait_tool] if where == "tool" else [])
        group = graph({"only": one}, []) if kind == "graph" else Swarm([one])
        if " " in kind:
            group = graph({"only": group}, [])
        if where == "node":
            group.add_hook(wait_node, BeforeNodeCallEvent)
        return group

    app = serve(make)
    for question, last in (("buy", "approval_needed"), ("plain", Usage(READ, WRITTEN))):
        questions.append(question)
        assert told(app, question)[-1] == last


@pytest.mark.parametrize("kind", ["graph", "swarm", "swarm in a graph"])
@pytest.mark.parametrize("held_back", [False, True])
def test_a_caller_who_leaves_closes_the_models_stream(kind: str, held_back: bool) -> None:
    script = Script([["x" * 1000] * 200 + [HANG] if held_back else ["half", HANG]])

    def make() -> Any:
        one = agent("only", script)
        return Swarm([one]) if kind == "swarm" else graph({"only": Swarm([one]) if " " in kind else one}, [])

    app = serve(make)

    async def talk() -> None:
        caller = Caller(app, {"prompt": "broken question"}, headers=signed_in("ada"))
        await caller.until(lambda c: bool(c.text))
        if held_back:
            caller.reading.clear()
            await asyncio.sleep(0.3)
        assert not script.closed.is_set()
        gc.disable()
        caller.leave()
        caller.reading.set()
        await caller.end()
        assert await asyncio.to_thread(script.closed.wait, 1)
        script.turns = [["fine"]]
        while (again := await Caller(app, {"prompt": "next"}, headers=signed_in("ada")).end()).text != "fine":
            assert again.events[0]["error"]["code"] == "conversation_busy"
        assert "broken question" not in str(script.heard[-1])

    try:
        asyncio.run(talk())
    finally:
        gc.enable()


def test_an_agent_that_two_conversations_graphs_share_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    shared = agent("only", [["word"]])
    app = serve(lambda: graph({"only": shared}, []))
    assert told(app, conversation_id="a")[0] == "word"
    assert told(app, conversation_id="b") == ["agent_failed"]
    assert "SAA010" in caplog.text


class Remote:
    """An agent that is asked over the network: one result, no stream of words."""

    async def invoke_async(self, prompt: Any = None, **options: Any) -> Any:
        raise NotImplementedError

    def __call__(self, prompt: Any = None, **options: Any) -> Any:
        raise NotImplementedError

    async def stream_async(self, prompt: Any = None, **options: Any) -> Any:
        message = {"role": "assistant", "content": [{"text": "from far away"}]}
        yield {"result": AgentResult("end_turn", message, EventLoopMetrics(), {})}  # type: ignore[arg-type]


def test_a_node_that_does_not_stream_is_heard() -> None:
    assert told(serve(lambda: graph({"remote": Remote()}, []))) == ["from far away", Usage(0, 0)]


def test_a_builder_is_no_graph(caplog: pytest.LogCaptureFixture) -> None:
    assert told(serve(GraphBuilder)) == ["agent_failed"]
    assert "SAA013" in caplog.text
