"""What a graph may look like: subgraphs, whole messages, models inside tools, and runs that wait for a person."""

from collections.abc import Callable
from typing import Any, TypedDict

import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import interrupt
from pydantic import BaseModel
from streaming_agent import AnswerError, Data, StreamingAgent, Tool, ToolState, Usage, from_langgraph, langgraph_events
from streaming_agent.testing import ask

from .langgraph_agent import ScriptedModel, good, make_agent
from .script import Call, Script

SESSION = "s" * 33


class Whole(ScriptedModel):
    """A model that does not stream."""

    def _generate(self, messages: Any, *args: Any, **options: Any) -> ChatResult:
        calls: Any = [{"name": "good", "id": "t1", "args": {}}]
        usage: Any = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
        ended = messages[-1].type == "tool"
        said = AIMessage("all at once", usage_metadata=usage) if ended else AIMessage("", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=said)])


class Place(BaseModel):
    name: str


def one_node(node: Any, **options: Any) -> Any:
    return StateGraph(MessagesState).add_node("node", node).add_edge(START, "node").compile(**options)


def asking(model: Any) -> Any:
    async def think(state: MessagesState) -> Any:
        return {"messages": [await model.ainvoke(state["messages"])]}

    return think


def with_tools(model: Any, *tools: Any) -> Any:
    graph = StateGraph(MessagesState).add_node("think", asking(model)).add_node("tools", ToolNode(list(tools)))
    graph.add_edge(START, "think").add_conditional_edges("think", tools_condition).add_edge("tools", "think")
    return graph.compile()


def speaking(*turns: list[Any]) -> ScriptedModel:
    return ScriptedModel(script=Script(list(turns) or [["two ", "words"]]))


def a_subgraph() -> Any:
    return one_node(with_tools(speaking()))


def a_subgraph_that_a_node_calls() -> Any:
    inner = with_tools(speaking())

    async def node(state: MessagesState) -> Any:
        return await inner.ainvoke(state)

    return one_node(node)


def a_graph_with_a_thread_of_its_own() -> Any:
    inner = make_agent(Script([["two ", "words"]]))

    async def node(state: MessagesState) -> Any:
        return await inner.ainvoke(state, {"configurable": {"thread_id": "1"}})

    return one_node(node)


def a_copy_of_what_was_streamed() -> Any:
    model = speaking()

    async def node(state: MessagesState) -> Any:
        return {"messages": [AIMessage((await model.ainvoke(state["messages"])).text)]}

    return one_node(node)


def no_model() -> Any:
    return one_node(lambda state: {"messages": [AIMessage("two words")]})


@pytest.mark.parametrize(
    "make",
    [
        a_subgraph,
        a_subgraph_that_a_node_calls,
        a_graph_with_a_thread_of_its_own,
        a_copy_of_what_was_streamed,
        no_model,
    ],
    ids=lambda make: make.__name__,
)
def test_what_a_graph_says_arrives_once(make: Callable[[], Any]) -> None:
    events = ask(StreamingAgent(from_langgraph(lambda context: make())), "?", session_id=SESSION)
    assert events[:-1] == (["two words"] if make is no_model else ["two ", "words"])


def test_a_model_that_does_not_stream_is_told_whole() -> None:
    app = StreamingAgent(from_langgraph(lambda context: with_tools(Whole(script=None, disable_streaming=True), good)))
    assert ask(app, "?", session_id=SESSION) == [
        Tool("good", id="t1"),
        Tool("good", id="t1", state=ToolState.FINISHED),
        "all at once",
        Usage(1, 2),
    ]


@pytest.mark.parametrize("thread", [{}, {"configurable": {"thread_id": "1"}}], ids=["the same thread", "its own"])
@pytest.mark.parametrize("is_nested", [True, False])
def test_what_a_tool_does_stays_inside_it_and_costs_its_tokens(thread: Any, is_nested: bool) -> None:
    model = speaking(["secret of a model"])
    agent = make_agent(Script([[Call("good", "inner")], ["secret of an agent"]]))

    @tool
    async def ask_others() -> str:
        """Asks a model and an agent."""
        await agent.ainvoke({"messages": [("user", "?")]}, thread)
        return (await model.ainvoke("?")).text

    graph = with_tools(speaking([Call("ask_others")], ["fine"]), ask_others)
    graph = one_node(graph) if is_nested else graph
    *events, usage = ask(StreamingAgent(from_langgraph(lambda context: graph)), "?", session_id=SESSION)
    assert events == [Tool("ask_others", id="t1"), Tool("ask_others", id="t1", state=ToolState.FINISHED), "fine"]
    assert usage == Usage(5 * 7, 5 * 3)


def test_a_tool_whose_result_is_the_answer() -> None:
    @tool(return_direct=True)
    def direct() -> str:
        """Answers by itself."""
        return "the answer"

    model = speaking([Call("direct")])
    graph = StateGraph(MessagesState).add_node("think", asking(model)).add_node("tools", ToolNode([direct]))
    graph.add_edge(START, "think").add_edge("think", "tools")
    *events, _ = ask(StreamingAgent(from_langgraph(lambda context: graph.compile())), "?", session_id=SESSION)
    assert events == [Tool("direct", id="t1"), Tool("direct", id="t1", state=ToolState.FINISHED), "the answer"]


def test_a_structured_response_is_data() -> None:
    class State(MessagesState):
        structured_response: Any

    def node(state: State) -> Any:
        return {"structured_response": Place(name="Bern")}

    graph = StateGraph(State).add_node("node", node).add_edge(START, "node").compile()
    (data, _) = ask(StreamingAgent(from_langgraph(lambda context: graph)), "?", session_id=SESSION)
    assert data == Data("output", {"name": "Bern"})


def test_a_tool_that_leads_to_another_agent_is_closed() -> None:
    graph = one_node(asking(speaking([Call("transfer"), "over"])))
    *events, _ = ask(StreamingAgent(from_langgraph(lambda context: graph)), "?", session_id=SESSION)
    assert events == [Tool("transfer", id="t1"), "over", Tool("transfer", id="t1", state=ToolState.FINISHED)]


def test_what_a_supervisor_invents_is_not_told() -> None:
    message = AIMessage("Transferring back", response_metadata={"__is_handoff_back": True})
    graph = one_node(lambda state: {"messages": [message, AIMessage("words")]})
    *events, _ = ask(StreamingAgent(from_langgraph(lambda context: graph)), "?", session_id=SESSION)
    assert events == ["words"]


def test_a_graph_that_waits_for_a_person_says_so() -> None:
    def node(state: MessagesState) -> Any:
        return {"messages": [AIMessage(interrupt("sure?"))]}

    app = StreamingAgent(from_langgraph(lambda context: one_node(node, checkpointer=InMemorySaver())))
    (error,) = ask(app, "?", session_id=SESSION)
    assert isinstance(error, AnswerError)
    assert error.code == "approval_needed"


@pytest.mark.parametrize("options", [{"stream_mode": "custom"}, {"subgraphs": True}, {"version": "v2"}])
def test_what_langgraph_events_chooses_cannot_be_given(options: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(prompt: str) -> Any:
        async for event in langgraph_events(no_model(), {"messages": []}, **options):
            yield event

    ask(StreamingAgent(answer), "?")
    assert f"langgraph_events chooses {next(iter(options))} itself" in caplog.text


@pytest.mark.parametrize(
    "written",
    [
        [("ai", "fine")],
        ("assistant", "fine"),
        {"role": "assistant", "content": "fine"},
        [{"role": "user", "content": "x"}, ("ai", "fine")],
    ],
    ids=str,
)
def test_a_message_in_its_short_form_is_heard(written: Any) -> None:
    app = StreamingAgent(from_langgraph(lambda context: one_node(lambda state: {"messages": written})))
    assert ask(app, "?", session_id=SESSION) == ["fine", Usage(0, 0)]


def test_a_short_form_of_what_came_in_chunks_is_heard_once() -> None:
    model = ScriptedModel(script=Script([["fi", "ne"]]))

    async def think(state: MessagesState) -> Any:
        return {"messages": [("ai", (await model.ainvoke(state["messages"])).text)]}

    events = ask(StreamingAgent(from_langgraph(lambda context: one_node(think))), "?", session_id=SESSION)
    assert events[:-1] == ["fi", "ne"]


def test_a_graph_that_no_question_reaches_is_named(caplog: pytest.LogCaptureFixture) -> None:
    class Question(TypedDict):
        text: str

    graph = StateGraph(Question).add_node("say", lambda state: {"text": "x"}).add_edge(START, "say")
    (error,) = ask(StreamingAgent(from_langgraph(lambda context: graph.compile())), "?", session_id=SESSION)
    assert isinstance(error, AnswerError)
    assert "write StateGraph(MessagesState)" in caplog.text
