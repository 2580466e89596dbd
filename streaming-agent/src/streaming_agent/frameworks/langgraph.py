"""LangGraph (langchain.com): what a compiled graph streams in the mode `messages`, as an answer's events."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from importlib import import_module
from typing import Any

from ..context import Context
from ..errors import AgentMistake
from ..events import AnswerError, AnswerEvent, Source, Thinking, Tool, ToolState, Usage
from .conversations import TOO_MANY_STEPS, WAITS, Conversations, Make, check_make, made, structured, tool_state

_TOLD = {
    "GraphRecursionError": TOO_MANY_STEPS,
}

_SHAPE = {"stream_mode", "subgraphs", "version"}
_HANDS_BACK = "__is_handoff_back"
"""How langgraph-supervisor marks the messages that it invents."""
_ANSWERS = {"AIMessageChunk", "ai"}
"""Kinds of messages: in chunks, or whole where a node wrote it or its model does not stream."""


def from_langgraph(
    make: Make, *, conversations: int = 100, thinking: bool = False
) -> Callable[[str, Context], AsyncGenerator[AnswerEvent, None]]:
    """Answers with the graph that `make` compiles. It holds no conversation, so `make` may return one graph each time.

    The checkpointer's thread is the session, the user and the conversation; without a checkpointer nothing is
    remembered. What the graph's state is called is ``messages``, as in ``MessagesState``.

    Example::

        StreamingAgent(from_langgraph(lambda context: builder.compile(checkpointer=checkpointer)))

    :param make: Takes the `Context` and returns a compiled graph, or a coroutine of one.
    :param conversations: How many compiled graphs are kept in one session.
    :param thinking: Whether callers get the model's thinking, which can hold what the answer leaves out.
    :return: The answer for `StreamingAgent`.
    :raises AgentMistake: a graph in the place of a function.
    """
    check_make("from_langgraph", make, "astream")
    kept: Conversations[Any] = Conversations(conversations)

    async def answer(prompt: str, context: Context) -> AsyncGenerator[AnswerEvent, None]:
        async def new() -> Any:
            graph = await made("from_langgraph", make, context, "a compiled graph: builder.compile()", "get_graph")
            if hasattr(graph, "builder") and "messages" not in graph.channels:
                raise AgentMistake(
                    "SAA013",
                    "from_langgraph asks a graph through its state's messages, got one without: write "
                    "StateGraph(MessagesState), or call langgraph_events with a state of your own",
                )
            return graph

        turns = [(turn.role, turn.text) for turn in context.history or ()]
        # A graph with a checkpointer needs a thread; a caller who is nobody gets one that nobody comes back to.
        remembered = context.session_id is not None and context.history is None
        thread = [context.session_id, context.user_id, context.conversation_id] if remembered else [context.request_id]
        config = {"configurable": {"thread_id": "/".join(str(part).replace("/", "%2F") for part in thread)}}
        state = {"messages": [*turns, ("user", prompt)]}
        async with (
            kept.of(context, new) as graph,
            aclosing(langgraph_events(graph, state, thinking=thinking, config=config)) as events,
        ):
            async for event in events:
                yield event

    return answer


async def langgraph_events(
    graph: Any, state: Any, *, thinking: bool = False, **options: Any
) -> AsyncGenerator[AnswerEvent, None]:
    """What a compiled graph and its subgraphs report, inside an answer of one's own. What a tool does stays inside it.

    :param graph: A compiled graph.
    :param state: Its input, such as ``{"messages": [("user", prompt)]}``.
    :param thinking: Whether to report the model's thinking.
    :param options: More for ``astream``, such as ``config``.
    """
    if taken := sorted(_SHAPE & options.keys()):
        raise TypeError(f"langgraph_events chooses {taken[0]} itself: leave it out, or read graph.astream on your own")
    reports = _Reports(_tool_nodes(graph), thinking)
    shape = {"stream_mode": ["messages", "updates"], "subgraphs": True}
    try:
        async with aclosing(graph.astream(state, **shape, **options)) as reported:
            async for place, mode, report in reported:
                if mode == "messages":
                    for event in reports.of(place, *report):
                        yield event
                elif not place and "__interrupt__" in report:
                    raise AnswerError(*WAITS)
                elif not place:
                    for update in report.values():
                        for event in _updated(update, reports) if isinstance(update, Mapping) else ():
                            yield event
    except Exception as error:
        if type(error).__name__ in _TOLD:
            raise AnswerError(*_TOLD[type(error).__name__]) from error
        raise
    for event in reports.left_open():
        yield event
    yield Usage(reports.read, reports.written)


def _updated(update: Mapping[str, Any], reports: "_Reports") -> Iterator[AnswerEvent]:
    messages = update.get("messages")
    for message in messages if isinstance(messages, list) else [messages]:
        match message:
            case (str(), str()) | {"role": _, "content": _}:
                # a node may write a message in this short form, which the mode `messages` does not report
                (whole,) = import_module("langchain_core.messages").convert_to_messages([message])
                yield from reports.of((), whole, {})
    if update.get("structured_response") is not None:
        yield structured(update["structured_response"])


def _tool_nodes(graph: Any) -> dict[str, Any]:
    """The nodes that run tools, in the graph and in those that its nodes are."""
    if not hasattr(graph, "nodes"):  # it runs elsewhere
        return {}
    graphs = [graph, *(inner for _, inner in graph.get_subgraphs(recurse=True))]
    nodes = [(name, node.bound) for one in graphs for name, node in one.nodes.items()]
    return {name: bound for name, bound in nodes if type(bound).__name__ == "ToolNode"}


class _Reports:
    """One run's messages, as events."""

    def __init__(self, tool_nodes: Mapping[str, Any], thinking: bool) -> None:
        self.read = self.written = 0
        self._tool_nodes = tool_nodes.keys()
        tools = [tool for node in tool_nodes.values() for tool in node.tools_by_name.values()]
        self._direct = {tool.name for tool in tools if getattr(tool, "return_direct", False)}
        """Tools whose result is the answer."""
        self._thinking = thinking
        self._names: dict[str, str] = {}
        self._running: dict[str, None] = {}
        self._texts: dict[str | None, str] = {}
        """What came in chunks, by the message's id."""

    def of(self, place: tuple[str, ...], message: Any, about: Mapping[str, Any]) -> list[AnswerEvent]:
        """:param place: The subgraphs that it comes from, each as ``node:id``."""
        if message.type in _ANSWERS and (usage := message.usage_metadata):
            self.read += usage["input_tokens"]
            self.written += usage["output_tokens"]
        if self._is_inside_a_tool(place, about) or message.response_metadata.get(_HANDS_BACK):
            return []
        if message.type == "tool":
            self._running.pop(message.tool_call_id, None)
            name = self._names.get(message.tool_call_id) or message.name or ""
            state = tool_state(message.status)
            is_answer = name in self._direct and state is ToolState.FINISHED and message.text
            return [Tool(name, id=message.tool_call_id, state=state), *([message.text] if is_answer else [])]
        if message.type not in _ANSWERS or about.get("langgraph_node") in self._tool_nodes:
            return []  # the caller's own, or of a model that a tool asks
        if message.type == "AIMessageChunk":
            self._texts[message.id] = self._texts.get(message.id, "") + message.text
        elif message.text and message.text in self._texts.values():
            return []  # a node made a message of its own of what came in chunks
        return [*self._started(message), *_content(message, self._thinking)]

    def left_open(self) -> list[Tool]:
        """Tools that led to another agent: their messages are of the graph that it is in."""
        return [Tool(self._names[call], id=call, state=ToolState.FINISHED) for call in self._running]

    def _is_inside_a_tool(self, place: tuple[str, ...], about: Mapping[str, Any]) -> bool:
        root, task = (str(about.get(key, "")).split("|")[0] for key in ("checkpoint_ns", "langgraph_checkpoint_ns"))
        if root not in ("", task):  # a graph with a thread of its own, which that task runs
            return root.partition(":")[0] in self._tool_nodes or bool(self._running)
        return not self._tool_nodes.isdisjoint(step.partition(":")[0] for step in place)

    def _started(self, message: Any) -> Iterator[Tool]:
        for call in message.tool_call_chunks if message.type == "AIMessageChunk" else message.tool_calls:
            if call["id"] and call["name"] and call["id"] not in self._names:
                self._names[call["id"]] = call["name"]
                self._running[call["id"]] = None
                yield Tool(call["name"], id=call["id"])


def _content(message: Any, thinking: bool) -> Iterator[AnswerEvent]:
    for block in message.content_blocks:
        if block["type"] == "reasoning" and block.get("reasoning") and thinking:
            yield Thinking(block["reasoning"])
        elif block["type"] == "text":
            if block["text"]:
                yield block["text"]
            for note in block.get("annotations") or ():
                if note["type"] == "citation":
                    yield Source(note.get("title") or "", note.get("url"))
