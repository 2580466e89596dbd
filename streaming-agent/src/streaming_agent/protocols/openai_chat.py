"""OpenAI's chat completions (platform.openai.com, API reference, chat). It has words for text, thinking and usage."""

# ruff: noqa: D102  the base class says what each method does

import time
from collections.abc import Mapping
from typing import Any

from ..events import AnswerError, AnswerEvent, Data, Source, Thinking, Tool, Usage, check_event, encode_json
from .encoder import AnswerEncoder, BadRequest, new_id, read_messages, server_sent


class OpenAiChat(AnswerEncoder):
    """Asked with `messages`; the caller keeps the conversation. Without `stream` one document at the end."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.prompt, self.history = read_messages(body.get("messages"))
        if not self.prompt.strip():
            raise BadRequest("messages must hold a user's message with a text")
        # openai's own client asks without a stream unless told to
        self.whole = body.get("stream") is not True
        if self.whole:
            self.media_type = "application/json"
        options = body.get("stream_options")
        self._wants_usage = isinstance(options, Mapping) and options.get("include_usage") is True
        self._texts: list[str] = []
        self._answer = {
            "id": f"chatcmpl-{new_id()}",
            "object": "chat.completion" if self.whole else "chat.completion.chunk",
            "created": int(time.time()),
            "model": body["model"] if isinstance(body.get("model"), str) else "agent",
        }

    def start(self) -> bytes:
        return self._chunk({"role": "assistant", "content": ""})

    def event(self, event: AnswerEvent) -> bytes:
        match event:
            case str():
                if self.whole:
                    self._texts.append(event)
                return self._chunk({"content": event}) if event else b""
            case Thinking():
                return self._chunk({"reasoning_content": event.text}) if event.text else b""
            case Usage():
                self.usage = event
                return b""
            case Tool() | Source() | Data():
                # a tool_calls delta would ask the caller to run the tool
                encode_json(event.value if isinstance(event, Data) else "")
                return b""
        check_event(event)
        raise AssertionError

    def error(self, error: AnswerError) -> bytes:
        told = {"error": {"message": error.message, "type": "server_error", "param": None, "code": error.code}}
        return encode_json(told).encode() if self.whole else server_sent(told)

    def end(self) -> bytes:
        if self.whole:
            message = {"role": "assistant", "content": "".join(self._texts), "refusal": None}
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            return encode_json({**self._answer, "choices": [choice], **self._tokens()}).encode()
        written = self._chunk({}, "stop")
        if self._wants_usage and self.usage is not None:
            written += server_sent({**self._answer, "choices": [], **self._tokens()})
        return written + b"data: [DONE]\n\n"

    def _chunk(self, delta: Mapping[str, str], finish: str | None = None) -> bytes:
        if self.whole:
            return b""
        return server_sent({**self._answer, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _tokens(self) -> dict[str, Any]:
        read, written = (self.usage.input_tokens, self.usage.output_tokens) if self.usage is not None else (0, 0)
        return {"usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}}
