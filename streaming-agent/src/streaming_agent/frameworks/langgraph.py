"""LangGraph (langchain.com): what a compiled graph streams in the mode `messages`, as an answer's events."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from ..context import Context
from ..events import AnswerError, AnswerEvent, Source, Thinking, Tool, ToolState, Usage
from .conversations import Conversations, Make, check_make, made

_TOLD = {
    "GraphRecursionError": ("too_many_steps", "the answer took too many steps: ask for less at once"),
}


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
            return await made(make, context)

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
    """What a compiled graph reports, inside an answer of one's own.

    :param graph: A compiled graph.
    :param state: Its input, such as ``{"messages": [("user", prompt)]}``.
    :param thinking: Whether to report the model's thinking.
    :param options: More for ``astream``, such as ``config``.
    """
    names: dict[str, str] = {}
    read = written = 0
    try:
        async with aclosing(graph.astream(state, stream_mode="messages", **options)) as reported:
            async for message, _ in reported:
                for event in _events(message, names, thinking):
                    yield event
                if message.type == "AIMessageChunk" and (usage := message.usage_metadata):
                    read += usage["input_tokens"]
                    written += usage["output_tokens"]
    except Exception as error:
        if type(error).__name__ in _TOLD:
            raise AnswerError(*_TOLD[type(error).__name__]) from error
        raise
    yield Usage(read, written)


def _events(message: Any, names: dict[str, str], thinking: bool) -> list[AnswerEvent]:
    if message.type == "tool":
        name = names.get(message.tool_call_id) or message.name or ""
        return [Tool(name, id=message.tool_call_id, state=_state(message.status))]
    if message.type != "AIMessageChunk":
        # whole messages repeat what came in chunks, and human ones are the caller's own
        return []
    events: list[AnswerEvent] = []
    for call in message.tool_call_chunks:
        if call["id"] and call["name"]:
            names[call["id"]] = call["name"]
            events.append(Tool(call["name"], id=call["id"]))
    for block in message.content_blocks:
        if block["type"] == "reasoning" and block.get("reasoning") and thinking:
            events.append(Thinking(block["reasoning"]))
        elif block["type"] == "text":
            if block["text"]:
                events.append(block["text"])
            events += [
                Source(note.get("title") or "", note.get("url"))
                for note in block.get("annotations") or ()
                if note["type"] == "citation"
            ]
    return events


def _state(status: str) -> ToolState:
    return ToolState.FINISHED if status == "success" else ToolState.FAILED
