"""Pydantic AI (ai.pydantic.dev): what `run_stream_events` reports, as an answer's events."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ..context import Context
from ..events import AnswerError, AnswerEvent, Thinking, Tool, ToolState, Usage
from .conversations import MODEL_BUSY, TOO_MANY_STEPS, WAITS, Conversations, Make, check_make, made, structured


@dataclass
class _Conversation:
    agent: Any
    turns: list[Any] = field(default_factory=list)


def from_pydantic_ai(
    make: Make, *, conversations: int = 100, thinking: bool = False
) -> Callable[[str, Context], AsyncGenerator[AnswerEvent, None]]:
    """Answers with the agent that `make` returns. The turns of each conversation are kept here.

    Example::

        StreamingAgent(from_pydantic_ai(lambda context: Agent(model)))

    :param make: Takes the `Context` and returns a ``pydantic_ai.Agent``, or a coroutine of one.
    :param conversations: How many are kept in one session.
    :param thinking: Whether callers get the model's thinking, which can hold what the answer leaves out.
    :return: The answer for `StreamingAgent`.
    :raises AgentMistake: an agent in the place of a function.
    """
    check_make("from_pydantic_ai", make, "run_stream_events")
    kept: Conversations[_Conversation] = Conversations(conversations)

    async def answer(prompt: str, context: Context) -> AsyncGenerator[AnswerEvent, None]:
        async def new() -> _Conversation:
            return _Conversation(
                await made("from_pydantic_ai", make, context, "a pydantic_ai.Agent", "run_stream_events"),
                _turns(context),
            )

        async with kept.of(context, new) as conversation:
            turns = list(conversation.turns)
            events = pydantic_ai_events(
                conversation.agent, prompt, thinking=thinking, turns=turns, message_history=conversation.turns
            )
            async with aclosing(events):
                async for event in events:
                    yield event
            conversation.turns = turns

    return answer


async def pydantic_ai_events(
    agent: Any, prompt: Any, *, thinking: bool = False, turns: list[Any] | None = None, **options: Any
) -> AsyncGenerator[AnswerEvent, None]:
    """What a Pydantic AI agent reports, inside an answer of one's own.

    :param agent: A ``pydantic_ai.Agent``.
    :param prompt: What ``run_stream_events`` takes.
    :param thinking: Whether to report the model's thinking.
    :param turns: A list that holds all the conversation's messages once the answer is whole.
    :param options: More for ``run_stream_events``, such as ``message_history``.
    """
    has_text = False
    try:
        async with agent.run_stream_events(prompt, **options) as reported:
            async for report in reported:
                if report.event_kind == "agent_run_result":
                    usage, output = report.result.usage, report.result.output
                    if type(output).__name__ == "DeferredToolRequests":
                        raise AnswerError(*WAITS)
                    if not isinstance(output, str):
                        yield structured(output)
                    elif output and not has_text:
                        yield output
                    if turns is not None:
                        turns[:] = report.result.all_messages()
                    yield Usage(usage.input_tokens, usage.output_tokens)
                else:
                    for event in _events(report, thinking):
                        has_text = has_text or isinstance(event, str)
                        yield event
    except Exception as error:
        if type(error).__name__ == "UsageLimitExceeded":
            raise AnswerError(*TOO_MANY_STEPS) from error
        # a fallback model raises what each of its models raised
        causes = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        if all(getattr(cause, "status_code", None) == 429 for cause in causes):
            raise AnswerError(*MODEL_BUSY) from error
        raise


def _events(report: Any, thinking: bool) -> list[AnswerEvent]:
    match report.event_kind:
        case "part_start":
            # the first piece of a text may stand here already
            return _piece(report.part.part_kind, getattr(report.part, "content", None), thinking)
        case "part_delta":
            return _piece(report.delta.part_delta_kind, getattr(report.delta, "content_delta", None), thinking)
        case "function_tool_call":
            return [Tool(report.part.tool_name, id=report.part.tool_call_id)]
        case "function_tool_result":
            part = report.part
            # a retry was a kind of part before it became an outcome
            worked = part.part_kind == "tool-return" and getattr(part, "outcome", "success") == "success"
            state = ToolState.FINISHED if worked else ToolState.FAILED
            return [Tool(part.tool_name or "", id=part.tool_call_id, state=state)]
    return []


def _piece(kind: str, text: Any, thinking: bool) -> list[AnswerEvent]:
    if not isinstance(text, str) or not text:
        return []
    if kind == "text":
        return [text]
    return [Thinking(text)] if kind == "thinking" and thinking else []


def _turns(context: Context) -> list[Any]:
    if not context.history:
        return []
    messages = import_module("pydantic_ai.messages")
    return [
        messages.ModelRequest([messages.UserPromptPart(turn.text)])
        if turn.role == "user"
        else messages.ModelResponse([messages.TextPart(turn.text)])
        for turn in context.history
    ]
