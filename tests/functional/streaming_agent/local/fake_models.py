"""Amazon Bedrock and OpenAI as far as the examples' agents ask them: each model says its own id, word by word."""

import binascii
import json
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@contextmanager
def fake_models() -> Iterator[str]:
    """The address at which they answer; boto3 and OpenAI's client find it by their environment variables."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Models)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Models(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        match self.path.split("/"):
            case ["", "model", model, "converse-stream"]:
                self._answer("application/vnd.amazon.eventstream", b"".join(_bedrock_events(unquote(model))))
            case ["", "v1", "responses"]:
                self._answer("text/event-stream", "".join(_openai_events(asked["model"])).encode())
            case _:
                self.send_error(404)

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests read what the models said."""


def _words(model: str) -> list[str]:
    return ["I ", "am ", model]


def _bedrock_events(model: str) -> Iterator[bytes]:
    yield _message("messageStart", {"role": "assistant"})
    for word in _words(model):
        yield _message("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}})
    yield _message("contentBlockStop", {"contentBlockIndex": 0})
    yield _message("messageStop", {"stopReason": "end_turn"})
    usage = {"inputTokens": 3, "outputTokens": 3, "totalTokens": 6}
    yield _message("metadata", {"usage": usage, "metrics": {"latencyMs": 1}})


def _message(event: str, payload: Mapping[str, Any]) -> bytes:
    """One message of AWS's event stream: lengths, their checksum, headers, payload, the checksum of it all."""
    headers = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
        for name, value in {
            ":event-type": event,
            ":content-type": "application/json",
            ":message-type": "event",
        }.items()
    )
    body = json.dumps(payload).encode()
    lengths = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    start = lengths + struct.pack("!I", binascii.crc32(lengths)) + headers + body
    return start + struct.pack("!I", binascii.crc32(start))


def _openai_events(model: str) -> Iterator[str]:
    for word in _words(model):
        yield _event(
            {
                "type": "response.output_text.delta",
                "delta": word,
                "item_id": "message",
                "output_index": 0,
                "content_index": 0,
                "logprobs": [],
                "sequence_number": 1,
            }
        )
    text = {"type": "output_text", "text": "".join(_words(model)), "annotations": []}
    message = {"type": "message", "id": "message", "role": "assistant", "status": "completed", "content": [text]}
    response = {
        "id": "response",
        "object": "response",
        "created_at": 0,
        "model": model,
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }
    yield _event({"type": "response.completed", "response": response, "sequence_number": 2})


def _event(event: Mapping[str, Any]) -> str:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
