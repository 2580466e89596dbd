"""Strands Agents (strandsagents.com): what `stream_async` reports, as an answer's events."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from ..context import Context
from ..errors import AgentMistake
from ..events import AnswerError, AnswerEvent
from .conversations import BUSY, MODEL_BUSY, WAITS, Conversations, Make, check_make, made
from .strands_nodes import Nodes, agents_of, failure, groups_of
from .strands_reports import agent_events

# By name, since nothing of Strands is imported here.
_TOLD = {
    "ModelThrottledException": MODEL_BUSY,
    "MaxTokensReachedException": (
        "answer_too_long",
        "the answer reached the length that the model may give it: ask for less",
    ),
    "ContextWindowOverflowException": (
        "conversation_too_long",
        "the conversation is longer than the model can read: start another one",
    ),
}

_AT_REST = {"_internal_state": {"interrupt_state": {"interrupts": {}, "context": {}, "activated": False}}}
"""The state of a graph or swarm that waits for nothing, as its sessions are written."""


def from_strands(
    make: Make, *, conversations: int = 100, thinking: bool = False
) -> Callable[[str, Context], AsyncGenerator[AnswerEvent, None]]:
    """Answers with the Strands agent that `make` returns, made at a conversation's first question, never at import.

    Example::

        StreamingAgent(from_strands(lambda context: Agent(model=model, callback_handler=None)))

    :param make: Takes the `Context` and returns a new ``strands.Agent``, ``Graph`` or ``Swarm``, or a coroutine of one.
    :param conversations: How many are kept in one session.
    :param thinking: Whether callers get the model's thinking, which can hold what the answer leaves out.
    :return: The answer for `StreamingAgent`.
    :raises AgentMistake: an agent in the place of a function.
    """
    check_make("from_strands", make, "stream_async")
    kept: Conversations[Any] = Conversations(conversations)

    async def answer(prompt: str, context: Context) -> AsyncGenerator[AnswerEvent, None]:
        async def new() -> Any:
            # a GraphBuilder has nodes, too
            what = "a strands.Agent, Graph or Swarm"
            agent = await made("from_strands", make, context, what, "messages", "node_timeout")
            own = {id(one) for one in (agent, *agents_of(agent))}
            if kept.holds(lambda other: any(id(one) in own for one in (other, *agents_of(other)))):
                raise AgentMistake(
                    "SAA010",
                    "from_strands needs a new agent for each conversation, got the same one twice: its messages would "
                    "be shared, so make it inside the function",
                )
            # a graph or a swarm has no messages of its own: it gets the question alone
            if context.history and hasattr(agent, "messages"):
                turns = [{"role": turn.role, "content": [{"text": turn.text}]} for turn in context.history]
                agent.messages[:] = [*agent.messages, *turns]
            return agent

        async with kept.of(context, new) as agent, aclosing(strands_events(agent, prompt, thinking=thinking)) as events:
            async for event in events:
                yield event

    return answer


async def strands_events(agent: Any, prompt: Any, *, thinking: bool = False) -> AsyncGenerator[AnswerEvent, None]:
    """What a Strands agent, graph or swarm reports, inside an answer of one's own.

    A question without its answer would spoil the conversation's next turn: when the answer fails or is cancelled, the
    agents' messages are as they were.

    :param agent: A ``strands.Agent``, or a ``Graph`` or ``Swarm`` of them.
    :param prompt: What ``stream_async`` takes.
    :param thinking: Whether to report the model's thinking.
    """
    cancels = _cancels()
    restore = _restorer(agent)
    names: dict[str, str] = {}
    interrupted = False
    nodes = Nodes(agent, thinking) if hasattr(agent, "nodes") else None
    try:
        async with aclosing(agent.stream_async(prompt)) as reported:
            async for report in reported:
                if _cancels() > cancels:
                    # asyncio.wait_for of Python 3.11, in a Graph, keeps a cancellation that meets a report
                    raise asyncio.CancelledError
                result = report.get("result")
                if nodes and result is not None and result.status.value == "failed":
                    raise failure(agent, result)
                interrupted = interrupted or report.get("type") == "multiagent_node_interrupt"
                for event in nodes.events(report) if nodes else agent_events(report, names, thinking):
                    yield event
                if getattr(result, "interrupts", None):
                    raise AnswerError(*WAITS)
    except BaseException as error:
        # what a hook or a tool's own machinery raised
        cause = getattr(error, "original_exception", error)
        kind = type(cause).__name__
        if kind == "ConcurrencyException":
            # before anything else: the messages belong to the answer that still runs
            raise AnswerError(*BUSY) from error
        restore(interrupted)
        if kind in _TOLD:
            raise AnswerError(*_TOLD[kind]) from error
        raise cause from None


def _cancels() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


def _restorer(agent: Any) -> Callable[[bool], None]:
    """What makes the agents as they are now. An interrupt goes too: each later question would be taken for its answer.

    It takes whether nodes of a graph or swarm were interrupted.
    """
    groups = groups_of(agent)
    fields = ["interrupt_state", *(["state"] if groups else [])]
    kept = [(one, list(one.messages), _snapshot(one, fields)) for one in agents_of(agent)]

    def restore(interrupted: bool) -> None:
        if interrupted:
            for group in groups:
                group.deserialize_state(_AT_REST)
        for one, messages, snapshot in kept:
            one.messages[:] = messages
            # not where nothing changed: an agent with tasks in the background refuses to load
            if snapshot is not None and snapshot.data != _snapshot(one, fields).data:
                one.load_snapshot(snapshot)

    return restore


def _snapshot(agent: Any, fields: list[str]) -> Any:
    take = getattr(agent, "take_snapshot", None)
    return None if take is None else take(include=fields)
