"""An OpenAI Agents SDK agent with a scripted model."""

from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, Model, function_tool, set_tracing_disabled
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseOutputTextAnnotationAddedEvent,
    ResponseReasoningSummaryTextDeltaEvent,
    ResponseTextDeltaEvent,
    ResponseUsage,
)
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails

from .script import TOKENS, Call, Cited, Script, Thought

set_tracing_disabled(True)


class ScriptedModel(Model):
    def __init__(self, script: Script) -> None:
        self.script = script

    async def get_response(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    async def stream_response(self, system: Any, input: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        output: list[Any] = []
        texts: list[str] = []
        place = {"item_id": "m1", "output_index": 0, "sequence_number": 0}
        async for piece in self.script.pieces(input if isinstance(input, str) else list(input)):
            match piece:
                case Call():
                    output.append(_called(piece))
                case Thought():
                    yield ResponseReasoningSummaryTextDeltaEvent(
                        type="response.reasoning_summary_text.delta", delta=piece.text, summary_index=0, **place
                    )
                case Cited():
                    yield ResponseOutputTextAnnotationAddedEvent(
                        type="response.output_text.annotation.added",
                        annotation={"type": "url_citation", "title": piece.title, "url": piece.url},
                        annotation_index=0,
                        content_index=0,
                        **place,
                    )
                case _:
                    texts.append(piece)
                    yield ResponseTextDeltaEvent(
                        type="response.output_text.delta", delta=piece, content_index=0, logprobs=[], **place
                    )
        if texts:
            text = ResponseOutputText(text="".join(texts), type="output_text", annotations=[])
            output.append(
                ResponseOutputMessage(id="m1", type="message", role="assistant", status="completed", content=[text])
            )
        read, written = TOKENS
        usage = ResponseUsage(
            input_tokens=read,
            output_tokens=written,
            total_tokens=read + written,
            input_tokens_details=InputTokensDetails(cached_tokens=0, cache_write_tokens=0),
            output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        )
        response = Response(
            id="r1",
            created_at=0,
            model="scripted",
            object="response",
            output=output,
            parallel_tool_calls=False,
            tool_choice="auto",
            tools=[],
            usage=usage,
        )
        yield ResponseCompletedEvent(type="response.completed", response=response, sequence_number=0)


def _called(call: Call) -> Any:
    return ResponseFunctionToolCall(name=call.name, call_id=call.id, arguments="{}", type="function_call")


@function_tool
def good() -> str:
    """Works."""
    return "secret result"


@function_tool
def bad() -> str:
    """Fails."""
    raise RuntimeError("secret reason")


def make_agent(script: Script) -> Agent[Any]:
    return Agent(name="Helper", model=ScriptedModel(script), tools=[good, bad])
