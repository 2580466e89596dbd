"""OpenAI Agents SDK (openai.github.io/openai-agents-python): what a streamed run reports, as an answer's events."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ..context import Context
from ..events import AnswerError, AnswerEvent, Source, Thinking, Tool, ToolState, Usage
from .conversations import MODEL_BUSY, TOO_MANY_STEPS, WAITS, Conversations, Make, check_make, made, structured

_REFUSED = "refused", "this agent does not answer that"
_TOLD = {
    "MaxTurnsExceeded": TOO_MANY_STEPS,
    "InputGuardrailTripwireTriggered": _REFUSED,
    "OutputGuardrailTripwireTriggered": _REFUSED,
    "RateLimitError": MODEL_BUSY,
}


@dataclass
class _Conversation:
    agent: Any
    turns: list[Any] = field(default_factory=list)


def from_openai_agents(
    make: Make, *, conversations: int = 100, thinking: bool = False
) -> Callable[[str, Context], AsyncGenerator[AnswerEvent, None]]:
    """Answers with the agent that `make` returns. The turns of each conversation are kept here.

    Example::

        StreamingAgent(from_openai_agents(lambda context: Agent(name="Helper", model=model)))

    :param make: Takes the `Context` and returns an ``agents.Agent``, or a coroutine of one.
    :param conversations: How many are kept in one session.
    :param thinking: Whether callers get the model's summary of its thinking.
    :return: The answer for `StreamingAgent`.
    :raises AgentMistake: an agent in the place of a function.
    """
    check_make("from_openai_agents", make, "handoffs")
    kept: Conversations[_Conversation] = Conversations(conversations)

    async def answer(prompt: str, context: Context) -> AsyncGenerator[AnswerEvent, None]:
        async def new() -> _Conversation:
            turns = [{"role": turn.role, "content": turn.text} for turn in context.history or ()]
            return _Conversation(await made("from_openai_agents", make, context, "an agents.Agent", "handoffs"), turns)

        async with kept.of(context, new) as conversation:
            # `agents` was imported by whoever made the agent
            runner = import_module("agents").Runner
            run = runner.run_streamed(conversation.agent, [*conversation.turns, {"role": "user", "content": prompt}])
            async with aclosing(openai_agents_events(run, thinking=thinking)) as events:
                async for event in events:
                    yield event
            conversation.turns = run.to_input_list()
            conversation.agent = run.last_agent  # who was handed the conversation goes on with it

    return answer


async def openai_agents_events(run: Any, *, thinking: bool = False) -> AsyncGenerator[AnswerEvent, None]:
    """What a run reports, inside an answer of one's own. The run is cancelled with the answer.

    :param run: What ``Runner.run_streamed`` returns.
    :param thinking: Whether to report the model's summary of its thinking.
    """
    names: dict[str, str] = {}
    has_text = False
    try:
        async with aclosing(run.stream_events()) as reported:
            async for report in reported:
                for event in _events(report, names, thinking):
                    has_text = has_text or isinstance(event, str)
                    yield event
    except BaseException as error:
        # closing the stream does not stop the run's own task
        run.cancel()
        if type(error).__name__ in _TOLD:
            raise AnswerError(*_TOLD[type(error).__name__]) from error
        if type(error).__name__ == "UserError" and error.__cause__ is not None:
            raise error.__cause__ from None  # what a tool raised
        raise
    if run.interruptions:
        raise AnswerError(*WAITS)
    if run.final_output is not None and not has_text:
        # the tool's own result, where the agent stops on it; or a model that does not stream
        yield run.final_output if isinstance(run.final_output, str) else structured(run.final_output)
    usage = run.context_wrapper.usage
    yield Usage(usage.input_tokens, usage.output_tokens)


def _events(report: Any, names: dict[str, str], thinking: bool) -> list[AnswerEvent]:
    if report.type == "raw_response_event":
        return _raw(report.data, thinking)
    if report.type == "run_item_stream_event" and report.name in {"tool_called", "tool_output"}:
        item = report.item.raw_item
        ident = _of(item, "call_id") or _of(item, "id") or ""
        if report.name == "tool_called":
            names[ident] = _of(item, "name") or _of(item, "type") or ""
            return [Tool(names[ident], id=ident)]
        # the SDK has no word for a tool that failed: it hands its message to the model as the output
        return [Tool(names.get(ident, ""), id=ident, state=ToolState.FINISHED)]
    return []


def _raw(data: Any, thinking: bool) -> list[AnswerEvent]:
    match data.type:
        case "response.output_text.delta":
            return [data.delta] if data.delta else []
        case "response.reasoning_summary_text.delta":
            return [Thinking(data.delta)] if thinking and data.delta else []
        case "response.output_text.annotation.added":
            note = data.annotation
            if _of(note, "type") == "url_citation":
                return [Source(_of(note, "title") or "", _of(note, "url"))]
    return []


def _of(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)
