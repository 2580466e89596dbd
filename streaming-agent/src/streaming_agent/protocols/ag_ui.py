"""AG-UI 1.0 (docs.ag-ui.com, core concepts, events)."""

# ruff: noqa: D102  the base class says what each method does

from collections.abc import Mapping
from typing import Any

from ..events import AnswerError, AnswerEvent, Data, Source, Thinking, Tool, ToolState, Usage, check_event
from .encoder import BadRequest, OpenAndClose, identifier, new_id, read_messages, server_sent

_NAMES = {"text": "TEXT_MESSAGE", "reasoning": "REASONING_MESSAGE"}


class AgUi(OpenAndClose):
    """Asked with a RunAgentInput: `threadId`, `runId`, `messages`. Its front-end tools are not run here."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.prompt, turns = read_messages(body.get("messages"))
        if not self.prompt.strip():
            raise BadRequest("messages must hold a user's message with a text")
        self.conversation_id = identifier(body.get("threadId"))
        self.history = None if self.conversation_id else turns
        self._thread = self.conversation_id or new_id()
        self._run = identifier(body.get("runId")) or new_id()

    def start(self) -> bytes:
        return server_sent({"type": "RUN_STARTED", "threadId": self._thread, "runId": self._run})

    def opening(self, kind: str) -> bytes:
        role = "assistant" if kind == "text" else "reasoning"
        return server_sent({"type": f"{_NAMES[kind]}_START", "messageId": self._id, "role": role})

    def closing(self, kind: str) -> bytes:
        return server_sent({"type": f"{_NAMES[kind]}_END", "messageId": self._id})

    def event(self, event: AnswerEvent) -> bytes:
        match event:
            case "" | Thinking(text=""):
                return b""
            case str():
                return self.turn_to("text") + self._content("text", event)
            case Thinking():
                return self.turn_to("reasoning") + self._content("reasoning", event.text)
            case Tool(state=ToolState.STARTED):
                # without an end the client would wait for arguments, which stay with the agent
                return (
                    self.turn_to("")
                    + server_sent({"type": "TOOL_CALL_START", "toolCallId": event.id, "toolCallName": event.name})
                    + server_sent({"type": "TOOL_CALL_END", "toolCallId": event.id})
                )
            case Tool():
                result = {"messageId": new_id(), "toolCallId": event.id, "content": str(event.state), "role": "tool"}
                return self.turn_to("") + server_sent({"type": "TOOL_CALL_RESULT", **result})
            case Source():
                return self._custom("source", {"title": event.title, "url": event.url})
            case Data():
                return self._custom(event.name, event.value)
            case Usage():
                self.usage = event
                return b""
        check_event(event)
        raise AssertionError

    def error(self, error: AnswerError) -> bytes:
        return self.turn_to("") + server_sent({"type": "RUN_ERROR", "message": error.message, "code": error.code})

    def end(self) -> bytes:
        finished: dict[str, Any] = {"type": "RUN_FINISHED", "threadId": self._thread, "runId": self._run}
        if self.usage is not None:
            tokens = {"inputTokens": self.usage.input_tokens, "outputTokens": self.usage.output_tokens}
            finished["usage"] = [tokens]  # one for each model
        return self.turn_to("") + server_sent(finished)

    def _content(self, kind: str, text: str) -> bytes:
        return server_sent({"type": f"{_NAMES[kind]}_CONTENT", "messageId": self._id, "delta": text})

    @staticmethod
    def _custom(name: str, value: Any) -> bytes:
        return server_sent({"type": "CUSTOM", "name": name, "value": value})
