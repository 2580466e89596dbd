"""The events of agents' libraries and protocols, each by the fields that only it has.

What each sends was seen from its own release (2026-11): strands-agents 1.62, langgraph 1.2 and langchain-core 1.8,
openai 3.57 and openai-agents 0.24, ag-ui-protocol 1.0, anthropic's streaming page, npm ai 6, pydantic-ai 2.68,
google-adk 2.13, Bedrock's ConverseStream, A2A 1.0, autogen-agentchat 0.7, Semantic Kernel 1.
"""

import re
from collections.abc import Callable
from typing import Any

from .shapes import Found, Kind, content_text, unnamed

Library = Callable[[Any], Found | None]

_CONVERSE = frozenset(
    {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}
)
_STRANDS_NOTICES = frozenset(
    {"init_event_loop", "start", "start_event_loop", "current_tool_use", "tool_stream_event", "reasoning", "complete"}
)
_ANTHROPIC = frozenset({"message_start", "message_delta", "message_stop", "content_block_start", "content_block_stop"})
_AI_SDK = re.compile(
    r"start|finish|abort|file|(?:start|finish)-step|message-metadata|(?:text|reasoning)-(?:start|delta|end)"
    r"|(?:tool|source|data)-[\w-]+"
)
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+")


def strands(data: Any) -> Found | None:
    """Strands' `stream_async`: each piece comes twice, as the model's event and as `data`."""
    if not isinstance(data, dict):
        return None
    if data.get("type") == "multiagent_node_stream":  # a graph's or a swarm's
        return strands(data.get("event"))
    if isinstance(data.get("event"), dict):
        found = converse(data["event"])
        return Found("Strands", found.kind, found.text, "event") if found is not None else None
    if isinstance(data.get("data"), str) and ("delta" in data or len(data) == 1):
        return Found("Strands", Kind.PIECE, data["data"], "data")
    message = data.get("message")
    if isinstance(message, dict) and isinstance(message.get("content"), list) and "role" in message:
        return Found("Strands", Kind.WHOLE, content_text(message)) if "type" not in data else None
    is_notice = not _STRANDS_NOTICES.isdisjoint(data) and data.keys().isdisjoint(("text", "content"))
    return Found("Strands") if is_notice else None


def converse(data: Any) -> Found | None:
    """Amazon Bedrock's ConverseStream."""
    if not isinstance(data, dict) or len(data) != 1 or not _CONVERSE & data.keys():
        return None
    delta = _at(data, "contentBlockDelta", "delta")
    text = delta.get("text") if isinstance(delta, dict) else None
    return Found("Bedrock", Kind.PIECE, text) if isinstance(text, str) else Found("Bedrock")


def langgraph(data: Any) -> Found | None:
    """LangGraph's `(mode, chunk)` tuples, LangChain's messages and its `astream_events`."""
    if isinstance(data, list):
        return _langgraph_tuple(data)
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("ns"), list) and "data" in data:  # version="v2": type, ns, data
        return _langgraph_tuple([data.get("type"), data["data"]])
    event = data.get("event")
    if isinstance(event, str) and event.startswith("on_"):
        piece = event in ("on_chat_model_stream", "on_llm_stream")
        return _langchain_message(_at(data, "data", "chunk"), Kind.PIECE) if piece else Found("LangGraph")
    if isinstance(data.get("messages"), list):
        return _langchain_message(data["messages"][-1] if data["messages"] else None, Kind.WHOLE)
    if len(data) == 1:
        (update,) = data.values()
        if isinstance(update, dict) and isinstance(update.get("messages"), list):
            return langgraph(update)
    is_message = "lc" in data or str(data.get("type", "")).startswith("AIMessage")
    return _langchain_message(data, Kind.PIECE) if is_message else None


def _langgraph_tuple(data: list[Any]) -> Found | None:
    if len(data) == 3 and isinstance(data[0], list) and isinstance(data[1], str):
        data = data[1:]  # the name of the subgraph stands before
    if len(data) != 2:
        return None
    mode, chunk = data
    if isinstance(mode, dict) and isinstance(chunk, dict):
        is_message = "lc" in mode or "Message" in str(mode.get("type", "")) or "langgraph_node" in chunk
        return _langchain_message(mode, Kind.PIECE) if is_message else None
    if mode == "messages" and isinstance(chunk, list) and chunk:
        return _langchain_message(chunk[0], Kind.PIECE)
    if mode in ("values", "updates") and isinstance(chunk, dict):
        return langgraph(chunk) or Found("LangGraph")
    if mode == "custom":
        found = unnamed(chunk)
        text = chunk if isinstance(chunk, str) else found.text if found is not None else ""
        return Found("LangGraph", Kind.PIECE, text)
    return Found("LangGraph") if mode in ("debug", "tasks", "checkpoints") else None


def _langchain_message(message: Any, kind: Kind) -> Found:
    if isinstance(message, dict) and "lc" in message and isinstance(message.get("kwargs"), dict):
        names = message.get("id")
        message = {"type": names[-1] if isinstance(names, list) and names else "", **message["kwargs"]}
    if not isinstance(message, dict):
        return Found("LangGraph")
    said_by = str(message.get("type", "AIMessageChunk"))
    if said_by not in ("ai", "assistant") and not said_by.startswith("AIMessage"):
        return Found("LangGraph")
    whole = said_by in ("ai", "AIMessage") and kind is Kind.PIECE
    return Found("LangGraph", Kind.WHOLE if whole else kind, content_text(message.get("content")))


def openai(data: Any) -> Found | None:
    """OpenAI's chat completions and responses, and the OpenAI Agents SDK around them."""
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("choices"), list):
        return _openai_choice(data["choices"][0] if data["choices"] else None)
    kind = data.get("type")
    if kind == "raw_response_event":
        return openai(data.get("data")) or Found("OpenAI")
    if kind in ("run_item_stream_event", "agent_updated_stream_event"):
        return Found("OpenAI", Kind.WHOLE, _openai_output([_at(data, "item", "raw_item")]))
    if isinstance(kind, str) and kind.startswith("response."):
        if kind in ("response.output_text.delta", "response.refusal.delta"):
            return Found("OpenAI", Kind.PIECE, content_text(data.get("delta")))
        if kind == "response.output_text.done":
            return Found("OpenAI", Kind.WHOLE, content_text(data.get("text")))
        return Found("OpenAI", Kind.ALL, _openai_output(_at(data, "response", "output")))
    if data.get("object") == "response":
        return Found("OpenAI", Kind.WHOLE, _openai_output(data.get("output")))
    return None


def _openai_choice(choice: Any) -> Found:
    for key, kind in (("delta", Kind.PIECE), ("message", Kind.WHOLE)):
        if isinstance(_at(choice, key), dict):
            return Found("OpenAI", kind, content_text(_at(choice, key, "content")))
    return Found("OpenAI", Kind.PIECE, content_text(_at(choice, "text")))


def _openai_output(items: Any) -> str:
    messages = [item for item in items if _at(item, "type") == "message"] if isinstance(items, list) else []
    return "".join(content_text(message.get("content")) for message in messages)


def anthropic(data: Any) -> Found | None:
    """Anthropic's messages."""
    kind = _at(data, "type")
    if kind == "stream_event":  # of the Claude Agent SDK
        return anthropic(data.get("event")) or Found("Anthropic")
    if kind == "content_block_delta":
        text = _at(data, "delta", "text")
        return Found("Anthropic", Kind.PIECE, text if isinstance(text, str) else "")
    if kind == "content_block_start":
        return Found("Anthropic", Kind.PIECE, content_text(_at(data, "content_block")))
    if kind == "message" and isinstance(_at(data, "content"), list):
        return Found("Anthropic", Kind.WHOLE, content_text(data["content"]))
    return Found("Anthropic") if isinstance(kind, str) and kind in _ANTHROPIC else None


def ag_ui(data: Any) -> Found | None:
    """AG-UI."""
    kind = _at(data, "type")
    if kind in ("TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CHUNK"):
        return Found("AG-UI", Kind.PIECE, content_text(_at(data, "delta")))
    if kind == "MESSAGES_SNAPSHOT":
        messages = data.get("messages")
        return Found("AG-UI", Kind.WHOLE, content_text(messages[-1]) if isinstance(messages, list) and messages else "")
    return Found("AG-UI") if isinstance(kind, str) and _CONSTANT.fullmatch(kind) else None


def ai_sdk(data: Any) -> Found | None:
    """The AI SDK's UI message stream."""
    kind = _at(data, "type")
    if not isinstance(kind, str) or _AI_SDK.fullmatch(kind) is None:
        return None
    if kind == "text-delta":
        return Found("AI SDK", Kind.PIECE, content_text(data.get("delta") or data.get("textDelta")))
    return Found("AI SDK")


def pydantic_ai(data: Any) -> Found | None:
    """pydantic-ai's events."""
    kind = _at(data, "event_kind")
    if not isinstance(kind, str):
        return None
    if kind == "part_start" and _at(data, "part", "part_kind") == "text":
        return Found("pydantic-ai", Kind.PIECE, content_text(_at(data, "part", "content")))
    if kind == "part_delta" and _at(data, "delta", "part_delta_kind") == "text":
        return Found("pydantic-ai", Kind.PIECE, content_text(_at(data, "delta", "content_delta")))
    if kind == "agent_run_result":
        return Found("pydantic-ai", Kind.WHOLE, content_text(_at(data, "result", "output")))
    return Found("pydantic-ai")


def google(data: Any) -> Found | None:
    """Google's ADK and Gemini."""
    if isinstance(_at(data, "candidates"), list):
        first = data["candidates"][0] if data["candidates"] else None
        return Found("Google", Kind.PIECE, content_text(_at(first, "content")))
    if isinstance(_at(data, "content", "parts"), list):
        kind = Kind.PIECE if data.get("partial") else Kind.WHOLE
        return Found("Google", kind, content_text(data["content"]))
    return None


def ollama(data: Any) -> Found | None:
    """Ollama's lines: `done` stands in each."""
    if not isinstance(_at(data, "done"), bool):
        return None
    return Found("Ollama", Kind.PIECE, content_text(data.get("message")) or content_text(data.get("response")))


def json_rpc(data: Any) -> Found | None:
    """A2A's and MCP's answers."""
    if not isinstance(_at(data, "jsonrpc"), str):
        return None
    result = data.get("result")
    if "method" in data or isinstance(_at(result, "content"), list):
        return Found("MCP", Kind.WHOLE, content_text(_at(result, "content")))
    artifact = _at(result, "artifactUpdate", "artifact") or _at(result, "artifact")
    if isinstance(artifact, dict):
        return Found("A2A", Kind.PIECE, _a2a_text(artifact))
    message = _at(result, "message") or (result if _at(result, "kind") == "message" else None)
    if isinstance(message, dict):
        return Found("A2A", Kind.WHOLE, _a2a_text(message))
    task = _at(result, "task") or _at(result, "statusUpdate") or result
    artifacts = _at(task, "artifacts")
    if isinstance(artifacts, list):
        return Found("A2A", Kind.WHOLE, "".join(map(_a2a_text, artifacts)))
    if str(_at(task, "status", "state")).lower().endswith(("completed", "input-required", "input_required")):
        return Found("A2A", Kind.ALL, _a2a_text(_at(task, "status", "message")))
    return Found("A2A")


def _a2a_text(message: Any) -> str:
    return content_text(_at(message, "parts"))


def microsoft(data: Any) -> Found | None:
    """AutoGen's messages; Semantic Kernel's and the Agent Framework's updates."""
    kind, source = _at(data, "type"), _at(data, "source")
    if isinstance(source, str) and isinstance(kind, str) and "content" in data:
        if kind == "ModelClientStreamingChunkEvent":
            return Found("AutoGen", Kind.PIECE, content_text(data["content"]))
        is_answer = kind in ("TextMessage", "StructuredMessage") and source != "user"
        return Found("AutoGen", Kind.WHOLE, content_text(data["content"])) if is_answer else Found("AutoGen")
    if isinstance(_at(data, "messages"), list) and "stop_reason" in data:
        return Found("AutoGen")
    for key in ("items", "contents"):
        if isinstance(_at(data, key), list) and "role" in data:
            return Found("Semantic Kernel" if key == "items" else "Agent Framework", Kind.PIECE, content_text(data))
    return None


def crewai(data: Any) -> Found | None:
    """CrewAI's events."""
    if _at(data, "type") != "llm_stream_chunk":
        return None
    return Found("CrewAI", Kind.PIECE, content_text(data.get("chunk")))


LIBRARIES: tuple[Library, ...] = (
    openai,
    microsoft,
    ag_ui,
    ai_sdk,
    anthropic,
    pydantic_ai,
    langgraph,
    strands,
    converse,
    json_rpc,
    google,
    ollama,
    crewai,
)


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
