"""OpenAI's responses (platform.openai.com, API reference, responses). It has words for text and usage."""

# ruff: noqa: D102  the base class says what each method does

import time
from collections.abc import Mapping
from typing import Any

from ..events import AnswerError, AnswerEvent, Data, Source, Thinking, Tool, Usage, check_event, encode_json
from .encoder import AnswerEncoder, BadRequest, new_id, read_messages, server_sent


class OpenAiResponses(AnswerEncoder):
    """Asked with `input`, a text or messages; the caller keeps the conversation."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        asked = body.get("input")
        self.prompt, self.history = (asked, []) if isinstance(asked, str) else read_messages(asked)
        if not self.prompt.strip():
            raise BadRequest("input must be a text, or hold a user's message with one")
        if body.get("previous_response_id") is not None:
            raise BadRequest("previous_response_id is not kept here: send the turns before in input")
        self.whole = body.get("stream") is not True
        if self.whole:
            self.media_type = "application/json"
        self._number = -1
        self._texts: list[str] = []
        self._item = f"msg_{new_id()}"
        self._response: dict[str, Any] = {
            "id": f"resp_{new_id()}",
            "object": "response",
            "created_at": int(time.time()),
            "model": body["model"] if isinstance(body.get("model"), str) else "agent",
            "status": "in_progress",
            "output": [],
            "parallel_tool_calls": False,
            "tool_choice": "auto",
            "tools": [],
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
        }

    def start(self) -> bytes:
        part = {"type": "output_text", "text": "", "annotations": []}
        return (
            self._sent("response.created", response=self._response)
            + self._sent("response.output_item.added", output_index=0, item=self._message("in_progress"))
            + self._sent("response.content_part.added", **self._place(), part=part)
        )

    def event(self, event: AnswerEvent) -> bytes:
        match event:
            case str():
                self._texts.append(event)
                return self._sent("response.output_text.delta", **self._place(), delta=event, logprobs=[])
            case Usage():
                self.usage = event
                return b""
            case Thinking() | Tool() | Source() | Data():
                encode_json(event.value if isinstance(event, Data) else "")
                return b""
        check_event(event)
        raise AssertionError

    def error(self, error: AnswerError) -> bytes:
        if self.whole:
            told = {"message": error.message, "type": "server_error", "param": None, "code": error.code}
            return encode_json({"error": told}).encode()
        # the protocol's own list of codes is closed
        failed = {"status": "failed", "error": {"code": "server_error", "message": error.message}}
        return self._sent("response.failed", response={**self._response, **failed})

    def end(self) -> bytes:
        message = self._message("completed")
        response = {**self._response, "status": "completed", "output": [message]}
        if self.usage is not None:
            read, written = self.usage.input_tokens, self.usage.output_tokens
            response["usage"] = {
                "input_tokens": read,
                "output_tokens": written,
                "total_tokens": read + written,
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            }
        if self.whole:
            return encode_json(response).encode()
        part = message["content"][0]
        return (
            self._sent("response.output_text.done", **self._place(), text=part["text"], logprobs=[])
            + self._sent("response.content_part.done", **self._place(), part=part)
            + self._sent("response.output_item.done", output_index=0, item=message)
            + self._sent("response.completed", response=response)
        )

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._item, "output_index": 0, "content_index": 0}

    def _message(self, status: str) -> dict[str, Any]:
        text = {"type": "output_text", "text": "".join(self._texts), "annotations": []}
        content = [text] if status == "completed" else []
        return {"id": self._item, "type": "message", "role": "assistant", "status": status, "content": content}

    def _sent(self, kind: str, **values: Any) -> bytes:
        if self.whole:
            return b""
        self._number += 1
        return server_sent({"type": kind, "sequence_number": self._number, **values}, kind)
