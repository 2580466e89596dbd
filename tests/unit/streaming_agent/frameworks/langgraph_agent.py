"""A LangGraph graph with a scripted model."""

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from .script import TOKENS, Call, Cited, Script, Thought


class ScriptedModel(BaseChatModel):
    script: Any

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _astream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        heard = [(message.type, str(message.text)) for message in messages]
        async for piece in self.script.pieces(heard):
            yield ChatGenerationChunk(message=_chunk(piece))
        read, written = TOKENS
        usage: Any = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
        yield ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=usage))


def _chunk(piece: Any) -> AIMessageChunk:
    match piece:
        case Call():
            call: Any = {"name": piece.name, "args": "{}", "id": piece.id, "index": 0}
            return AIMessageChunk(content="", tool_call_chunks=[call])
        case Thought():
            return AIMessageChunk(content=[{"type": "reasoning", "reasoning": piece.text}])
        case Cited():
            note = {"type": "citation", "title": piece.title, "url": piece.url}
            return AIMessageChunk(content=[{"type": "text", "text": "", "annotations": [note]}])
    return AIMessageChunk(content=piece)


@tool
def good() -> str:
    """Works."""
    return "secret result"


@tool
def bad() -> str:
    """Fails."""
    raise RuntimeError("secret reason")


def make_agent(script: Script) -> Any:
    model = ScriptedModel(script=script)

    async def answer(state: MessagesState) -> Any:
        return {"messages": [await model.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("model", answer)
    graph.add_node("tools", ToolNode([good, bad], handle_tool_errors=True))
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", tools_condition)
    graph.add_edge("tools", "model")
    return graph.compile(checkpointer=InMemorySaver())
