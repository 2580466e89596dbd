"""A Strands agent with a scripted model."""

import copy
from collections.abc import AsyncIterator
from typing import Any

from strands import Agent, tool
from strands.models import Model

from .script import TOKENS, Call, Cited, Script, Thought


class ScriptedModel(Model):
    def __init__(self, script: Script) -> None:
        self.script = script

    async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        yield {"messageStart": {"role": "assistant"}}
        reason = "end_turn"
        async for piece in self.script.pieces([(m["role"], _text(m)) for m in copy.deepcopy(messages)]):
            match piece:
                case Call():
                    reason = "tool_use"
                    yield {"contentBlockStart": {"start": {"toolUse": {"toolUseId": piece.id, "name": piece.name}}}}
                    yield {"contentBlockDelta": {"delta": {"toolUse": {"input": "{}"}}}}
                case Thought():
                    yield {"contentBlockDelta": {"delta": {"reasoningContent": {"text": piece.text}}}}
                case Cited():
                    citation = {"title": piece.title, "location": {"web": {"url": piece.url}}, "sourceContent": []}
                    yield {"contentBlockDelta": {"delta": {"citation": citation}}}
                case _:
                    yield {"contentBlockDelta": {"delta": {"text": piece}}}
            yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": reason}}
        read, written = TOKENS
        yield {
            "metadata": {
                "usage": {"inputTokens": read, "outputTokens": written, "totalTokens": read + written},
                "metrics": {"latencyMs": 1},
            }
        }

    def structured_output(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def get_config(self) -> Any:
        return {"context_window_limit": 100_000}

    def update_config(self, **config: Any) -> None: ...


def _text(message: Any) -> str:
    return "".join(content.get("text", "") for content in message["content"])


@tool
def good() -> str:
    """Works."""
    return "secret result"


@tool
def bad() -> str:
    """Fails."""
    raise RuntimeError("secret reason")


def make_agent(script: Script) -> Agent:
    return Agent(model=ScriptedModel(script), tools=[good, bad], callback_handler=None)
