"""Streams an agent's answer as server-sent events: words, a sign of life when there are none, at most one error.

On the wire, each followed by an empty line:

- `data: {"text": "Hel"}`
- `: keep-alive`
- `data: {"error": {"code": "agent_failed", "message": "the answer could not be completed: ask again"}}`
"""

import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, cast

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strands import Agent
from strands.types.exceptions import ConcurrencyException, MaxTokensReachedException, ModelThrottledException

# Well under the tightest idle limit on the way: 30 s at an edge-optimised API Gateway endpoint.
KEEP_ALIVE_SECONDS = 15.0

logger = logging.getLogger("agent")


def stream_answer(agent: Agent, prompt: str) -> EventSourceResponse:
    """A response of its own, not a generator: a caller who leaves then stops the agent at once.

    The SDK would run a generator in one of its 40 threads, so that the 41st caller waits.
    """
    return EventSourceResponse(
        answer(agent, prompt),
        sep="\n",
        ping=KEEP_ALIVE_SECONDS,
        ping_message_factory=lambda: ServerSentEvent(comment="keep-alive", sep="\n"),
    )


async def answer(agent: Agent, prompt: str) -> AsyncIterator[ServerSentEvent]:
    """The answer's words as the model makes them; what fails on the way becomes one last event."""
    before = list(agent.messages)
    words = cast(AsyncGenerator[dict[str, Any], None], agent.stream_async(prompt))
    try:
        async with aclosing(words):
            async for event in words:
                # Of everything Strands reports (traces, whole messages, tool inputs), only the words are the caller's.
                if "data" in event:
                    yield server_sent({"text": event["data"]})
    except ConcurrencyException:
        yield failure("conversation_busy", "this conversation is still being answered: wait, or start another one")
    except ModelThrottledException:
        agent.messages[:] = before
        yield failure("model_busy", "the model has too much to do: ask again in a minute")
    except MaxTokensReachedException:
        agent.messages[:] = before
        yield failure("answer_too_long", "the answer reached the length that the model may give it: ask for less")
    except Exception:
        logger.exception("the answer failed")
        agent.messages[:] = before
        yield failure("agent_failed", "the answer could not be completed: ask again")
    except BaseException:
        # The caller left. A question without its answer would spoil the conversation's next turn.
        agent.messages[:] = before
        raise


def failure(code: str, message: str) -> ServerSentEvent:
    return server_sent({"error": {"code": code, "message": message}})


def server_sent(event: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(event, ensure_ascii=False), sep="\n")


class AllowOrigins:
    """Lets web pages of these origins (or of any: "*") read every reply.

    API Gateway answers a browser's preflight itself, but cannot add headers to a reply that it passes through. And
    AgentCore keeps the `Origin` header from agents, so that Starlette's CORSMiddleware would add nothing: the
    gateway passes it on under another name (AC runtime-header-allowlist).
    """

    ORIGIN_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin"

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                asking = Headers(scope=scope).get(self.ORIGIN_HEADER)
                if len(self.origins) == 1:
                    headers["Access-Control-Allow-Origin"] = self.origins[0]
                elif asking and asking in self.origins:
                    headers["Access-Control-Allow-Origin"] = asking
                    headers["Vary"] = "Origin"
            await send(message)

        await self.app(scope, receive, send_allowed)
