"""A model that says a fixed text: for tests, and for a run without any model."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from agents import Model, ModelResponse
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
)

TEXT = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."


class ScriptedModel(Model):
    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        raise NotImplementedError("a scripted model streams only")

    async def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        for number, word in enumerate(TEXT.split()):
            await asyncio.sleep(0.05)
            yield ResponseTextDeltaEvent(
                type="response.output_text.delta",
                delta=f"{word} ",
                item_id="message",
                output_index=0,
                content_index=0,
                logprobs=[],
                sequence_number=number,
            )
        text = ResponseOutputText(type="output_text", text=TEXT, annotations=[])
        message = ResponseOutputMessage(
            type="message", id="message", role="assistant", status="completed", content=[text]
        )
        response = Response(
            id="response",
            object="response",
            created_at=0,
            model="scripted",
            output=[message],
            parallel_tool_calls=False,
            tool_choice="auto",
            tools=[],
        )
        yield ResponseCompletedEvent(type="response.completed", response=response, sequence_number=len(TEXT))
