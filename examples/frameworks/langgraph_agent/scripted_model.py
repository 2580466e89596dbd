"""A model that says a fixed text: for tests, and for a run without any model."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

TEXT = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."


class ScriptedModel(BaseChatModel):
    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError("a scripted model streams only")

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        for word in TEXT.split():
            await asyncio.sleep(0.05)
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))
