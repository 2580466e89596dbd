"""Strands Agents (strandsagents.com): what `stream_async` reports, as an answer's events."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from ..context import Context
from ..errors import AgentMistake
from ..events import AnswerError, AnswerEvent, Source, Thinking, Tool, ToolState, Usage
from .conversations import BUSY, WAITS, Conversations, Make, check_make, made, structured

# By name, since nothing of Strands is imported here.
_TOLD = {
    "ModelThrottledException": ("model_busy", "the model has too much to do: ask again in a minute"),
    "MaxTokensReachedException": (
        "answer_too_long",
        "the answer reached the length that the model may give it: ask for less",
    ),
    "ContextWindowOverflowException": (
        "conversation_too_long",
        "the conversation is longer than the model can read: start another one",
    ),
}


def from_strands(
    make: Make, *, conversations: int = 100, thinking: bool = False
) -> Callable[[str, Context], AsyncGenerator[AnswerEvent, None]]:
    """Answers with the Strands agent that `make` returns, made at a conversation's first question, never at import.

    Example::

        StreamingAgent(from_strands(lambda context: Agent(model=model, callback_handler=None)))

    :param make: Takes the `Context` and returns a new ``strands.Agent``, or a coroutine of one.
    :param conversations: How many are kept in one session.
    :param thinking: Whether callers get the model's thinking, which can hold what the answer leaves out.
    :return: The answer for `StreamingAgent`.
    :raises AgentMistake: an agent in the place of a function.
    """
    check_make("from_strands", make, "stream_async")
    kept: Conversations[Any] = Conversations(conversations)

    async def answer(prompt: str, context: Context) -> AsyncGenerator[AnswerEvent, None]:
        async def new() -> Any:
            agent = await made("from_strands", make, context, "messages", "a strands.Agent")
            if kept.holds(agent):
                raise AgentMistake(
                    "SAA010",
                    "from_strands needs a new agent for each conversation, got the same one twice: its messages would "
                    "be shared, so make it inside the function",
                )
            if context.history:
                turns = [{"role": turn.role, "content": [{"text": turn.text}]} for turn in context.history]
                agent.messages[:] = [*agent.messages, *turns]
            return agent

        async with kept.of(context, new) as agent, aclosing(strands_events(agent, prompt, thinking=thinking)) as events:
            async for event in events:
                yield event

    return answer


async def strands_events(agent: Any, prompt: Any, *, thinking: bool = False) -> AsyncGenerator[AnswerEvent, None]:
    """What a Strands agent reports, inside an answer of one's own.

    A question without its answer would spoil the conversation's next turn: when the answer fails or is cancelled, the
    agent's messages are as they were.

    :param agent: A ``strands.Agent``.
    :param prompt: What ``stream_async`` takes.
    :param thinking: Whether to report the model's thinking.
    """
    before = list(agent.messages)
    names: dict[str, str] = {}
    try:
        async with aclosing(agent.stream_async(prompt)) as reported:
            async for report in reported:
                for event in _events(report, names, thinking):
                    yield event
                if getattr(report.get("result"), "interrupts", None):
                    # else each later question would be taken for the approval
                    agent._interrupt_state.deactivate()
                    raise AnswerError(*WAITS)
    except BaseException as error:
        # what a hook or a tool's own machinery raised
        cause = getattr(error, "original_exception", error)
        kind = type(cause).__name__
        if kind == "ConcurrencyException":
            # before anything else: the messages belong to the answer that still runs
            raise AnswerError(*BUSY) from error
        agent.messages[:] = before
        if kind in _TOLD:
            raise AnswerError(*_TOLD[kind]) from error
        raise cause from None


def _events(report: Any, names: dict[str, str], thinking: bool) -> list[AnswerEvent]:
    if "data" in report:
        return [report["data"]] if report["data"] else []
    if text := report.get("reasoningText"):
        return [Thinking(text)] if thinking else []
    if citation := report.get("citation"):
        return [Source(citation.get("title") or "", ((citation.get("location") or {}).get("web") or {}).get("url"))]
    if use := _started(report):
        names[use["toolUseId"]] = use["name"]
        return [Tool(use["name"], id=use["toolUseId"])]
    message = report.get("message")
    if message and message["role"] == "user":
        return [
            Tool(names.get(result["toolUseId"], ""), id=result["toolUseId"], state=_state(result["status"]))
            for result in (content["toolResult"] for content in message["content"] if "toolResult" in content)
        ]
    if (result := report.get("result")) is not None:
        output = getattr(result, "structured_output", None)
        # accumulated_usage adds up over the agent's whole life
        usages = [rounds.usage for rounds in result.metrics.agent_invocations[-1:]]
        return [
            *([] if output is None else [structured(output)]),
            *(Usage(usage["inputTokens"], usage["outputTokens"]) for usage in usages),
        ]
    return []


def _started(report: Any) -> Any:
    event = report.get("event")
    if not isinstance(event, dict):
        return None
    return ((event.get("contentBlockStart") or {}).get("start") or {}).get("toolUse")


def _state(status: str) -> ToolState:
    return ToolState.FINISHED if status == "success" else ToolState.FAILED
