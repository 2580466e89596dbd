"""A Pydantic AI agent with a scripted model."""

from collections.abc import AsyncIterator
from typing import Any

from pydantic_ai import Agent, ModelRetry
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel

from .script import Call, Script, Thought


def make_agent(script: Script) -> Agent[None, str]:
    async def stream(messages: list[Any], info: AgentInfo) -> AsyncIterator[Any]:
        heard = [(part.part_kind, str(getattr(part, "content", ""))) for message in messages for part in message.parts]
        async for piece in script.pieces(heard):
            match piece:
                case Call():
                    yield {0: DeltaToolCall(name=piece.name, json_args="{}", tool_call_id=piece.id)}
                case Thought():
                    yield {0: DeltaThinkingPart(content=piece.text)}
                case _:
                    yield piece

    agent = Agent(FunctionModel(stream_function=stream))

    @agent.tool_plain
    def good() -> str:
        return "secret result"

    @agent.tool_plain
    def bad() -> str:
        raise ModelRetry("secret reason")

    return agent
