"""Our own words, which alone carry everything that an answer yields: docs/wire.md."""

# ruff: noqa: D102  the base class says what each method does

from collections.abc import Mapping
from typing import Any

from ..events import AnswerError, AnswerEvent, Data, Source, Thinking, Tool, Usage, check_event, encode_json
from .encoder import AnswerEncoder, BadRequest, server_sent


class Words(AnswerEncoder):
    """Asked with `{"prompt": "Hello", "conversation_id": "…"}`."""

    resumable = True

    def __init__(self, body: Mapping[str, Any]) -> None:
        prompt, conversation_id = body.get("prompt", ""), body.get("conversation_id", "")
        if not isinstance(prompt, str):
            raise BadRequest('prompt is a text, such as {"prompt": "Hello"}')
        if not isinstance(conversation_id, str):
            raise BadRequest('conversation_id is a text, such as {"prompt": "Hello", "conversation_id": "holidays"}')
        self.prompt = prompt
        self.conversation_id = conversation_id

    def event(self, event: AnswerEvent) -> bytes:
        if isinstance(event, str):
            return f'data: {{"text":{encode_json(event)}}}\n\n'.encode()
        return server_sent(word(event))

    def error(self, error: AnswerError) -> bytes:
        return server_sent({"error": {"code": error.code, "message": error.message}})

    def end(self) -> bytes:
        return server_sent({"end": {"reason": "complete"}})


def word(event: AnswerEvent) -> dict[str, Any]:
    """The event as JSON."""
    match event:
        case str():
            return {"text": event}
        case Thinking():
            return {"thinking": event.text}
        case Source():
            return {"source": {"title": event.title, "url": event.url}}
        case Tool():
            return {"tool": {"id": event.id, "name": event.name, "state": event.state}}
        case Usage():
            return {"usage": {"input_tokens": event.input_tokens, "output_tokens": event.output_tokens}}
        case Data():
            return {"data": {"name": event.name, "value": event.value}}
    check_event(event)
    raise AssertionError
