"""Vercel's AI SDK, UI message stream v1 (ai-sdk.dev, stream protocols)."""

# ruff: noqa: D102  the base class says what each method does

from collections.abc import Mapping
from typing import Any

from ..events import AnswerError, AnswerEvent, Data, Source, Thinking, Tool, ToolState, Usage, check_event
from .encoder import BadRequest, OpenAndClose, identifier, new_id, read_messages, server_sent

_DONE = b"data: [DONE]\n\n"


class AiSdk(OpenAndClose):
    """Asked by `DefaultChatTransport`: `id`, `messages` of `parts`."""

    headers = ((b"x-vercel-ai-ui-message-stream", b"v1"),)

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.prompt, turns = read_messages(body.get("messages"), content="parts")
        if not self.prompt.strip():
            raise BadRequest("messages must hold a user's message with a part of text")
        self.conversation_id = identifier(body.get("id"))
        self.history = None if self.conversation_id else turns

    def start(self) -> bytes:
        return server_sent({"type": "start", "messageId": f"msg_{new_id()}"}) + server_sent({"type": "start-step"})

    def opening(self, kind: str) -> bytes:
        return server_sent({"type": f"{kind}-start", "id": self._id})

    def closing(self, kind: str) -> bytes:
        return server_sent({"type": f"{kind}-end", "id": self._id})

    def event(self, event: AnswerEvent) -> bytes:
        match event:
            case "" | Thinking(text=""):
                return b""
            case str():
                return self.turn_to("text") + self._delta("text", event)
            case Thinking():
                return self.turn_to("reasoning") + self._delta("reasoning", event.text)
            case Tool():
                return self.turn_to("") + server_sent(self._tool(event))
            case Source(url=None):
                source = {"sourceId": new_id(), "mediaType": "text/plain", "title": event.title}
                return server_sent({"type": "source-document", **source})
            case Source():
                return server_sent({"type": "source-url", "sourceId": new_id(), "url": event.url, "title": event.title})
            case Data():
                return server_sent({"type": f"data-{event.name}", "data": event.value})
            case Usage():
                self.usage = event
                return b""
        check_event(event)
        raise AssertionError

    def error(self, error: AnswerError) -> bytes:
        return self.turn_to("") + server_sent({"type": "error", "errorText": error.message}) + _DONE

    def end(self) -> bytes:
        finish: dict[str, Any] = {"type": "finish", "finishReason": "stop"}
        if self.usage is not None:
            tokens = {"inputTokens": self.usage.input_tokens, "outputTokens": self.usage.output_tokens}
            finish["messageMetadata"] = {"usage": tokens}
        return self.turn_to("") + server_sent({"type": "finish-step"}) + server_sent(finish) + _DONE

    def _delta(self, kind: str, text: str) -> bytes:
        return server_sent({"type": f"{kind}-delta", "id": self._id, "delta": text})

    @staticmethod
    def _tool(tool: Tool) -> dict[str, Any]:
        # the client knows none of the agent's tools, and must not run them
        shared = {"toolCallId": tool.id, "dynamic": True, "providerExecuted": True}
        match tool.state:
            case ToolState.STARTED:
                return {"type": "tool-input-available", "toolName": tool.name, "input": {}, **shared}
            case ToolState.FINISHED:
                return {"type": "tool-output-available", "output": {}, **shared}
            case _:
                return {"type": "tool-output-error", "errorText": "failed", **shared}
