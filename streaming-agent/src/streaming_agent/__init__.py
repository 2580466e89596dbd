"""What an agent imports: `StreamingAgent`, what its answers yield, and adaptors for four frameworks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .context import Context as Context
    from .context import Turn as Turn
    from .errors import AgentMistake as AgentMistake
    from .events import AnswerError as AnswerError
    from .events import AnswerEvent as AnswerEvent
    from .events import Data as Data
    from .events import Source as Source
    from .events import Thinking as Thinking
    from .events import Tool as Tool
    from .events import ToolState as ToolState
    from .events import Usage as Usage
    from .frameworks.langgraph import from_langgraph as from_langgraph
    from .frameworks.langgraph import langgraph_events as langgraph_events
    from .frameworks.openai_agents import from_openai_agents as from_openai_agents
    from .frameworks.openai_agents import openai_agents_events as openai_agents_events
    from .frameworks.pydantic_ai import from_pydantic_ai as from_pydantic_ai
    from .frameworks.pydantic_ai import pydantic_ai_events as pydantic_ai_events
    from .frameworks.strands import from_strands as from_strands
    from .frameworks.strands import strands_events as strands_events
    from .kept_answers import ResumeBuffer as ResumeBuffer
    from .protocols import AnswerProtocol as AnswerProtocol
    from .server import OnDisconnect as OnDisconnect
    from .server import StreamingAgent as StreamingAgent

# Where each public name stands. Imported when it is first asked for: a client of a deployed agent needs none of them.
_NAMES = {
    "AgentMistake": "errors",
    "AnswerError": "events",
    "AnswerEvent": "events",
    "AnswerProtocol": "protocols",
    "Context": "context",
    "Data": "events",
    "OnDisconnect": "server",
    "ResumeBuffer": "kept_answers",
    "Source": "events",
    "StreamingAgent": "server",
    "Thinking": "events",
    "Tool": "events",
    "ToolState": "events",
    "Turn": "context",
    "Usage": "events",
    "from_langgraph": "frameworks.langgraph",
    "from_openai_agents": "frameworks.openai_agents",
    "from_pydantic_ai": "frameworks.pydantic_ai",
    "from_strands": "frameworks.strands",
    "langgraph_events": "frameworks.langgraph",
    "openai_agents_events": "frameworks.openai_agents",
    "pydantic_ai_events": "frameworks.pydantic_ai",
    "strands_events": "frameworks.strands",
}
__all__ = [
    "AgentMistake",
    "AnswerError",
    "AnswerEvent",
    "AnswerProtocol",
    "Context",
    "Data",
    "OnDisconnect",
    "ResumeBuffer",
    "Source",
    "StreamingAgent",
    "Thinking",
    "Tool",
    "ToolState",
    "Turn",
    "Usage",
    "from_langgraph",
    "from_openai_agents",
    "from_pydantic_ai",
    "from_strands",
    "langgraph_events",
    "openai_agents_events",
    "pydantic_ai_events",
    "strands_events",
]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_NAMES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
