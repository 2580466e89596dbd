"""A model that says a fixed text: for tests, and for a run without any model."""

import asyncio
from collections.abc import AsyncIterator

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel

TEXT = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."


def scripted_model() -> FunctionModel:
    async def say(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        for word in TEXT.split():
            await asyncio.sleep(0.05)
            yield f"{word} "

    return FunctionModel(stream_function=say)
