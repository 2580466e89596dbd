"""A2A 1.0 over JSON-RPC (a2a-protocol.org, specification): SendStreamingMessage and SendMessage."""

# ruff: noqa: D102  the base class says what each method does

from collections.abc import Mapping
from typing import Any

from ..events import AnswerError, AnswerEvent, Data, Source, Thinking, Tool, Usage, check_event, encode_json
from .encoder import AnswerEncoder, BadRequest, identifier, new_id, server_sent, text_of


class A2a(AnswerEncoder):
    """One task for one message; a `contextId` names the conversation."""

    error_status = 200  # JSON-RPC tells its errors in the body

    def __init__(self, body: Mapping[str, Any]) -> None:
        method = body.get("method")
        if method not in ("SendStreamingMessage", "SendMessage"):
            raise BadRequest(f"SendStreamingMessage and SendMessage of A2A 1.0 are answered here, got {method!r}")
        params = body.get("params")
        message = params.get("message") if isinstance(params, Mapping) else None
        if not isinstance(message, Mapping) or not text_of(message.get("parts")).strip():
            raise BadRequest("params.message.parts must hold a part with a text")
        self.prompt = text_of(message["parts"])
        self.conversation_id = identifier(message.get("contextId")) or new_id()
        self.whole = method == "SendMessage"
        if self.whole:
            self.media_type = "application/json"
        self._rpc_id = body.get("id")
        if not isinstance(self._rpc_id, str | int | None):
            raise BadRequest("id is a text or a whole number, and comes back in the answer")
        self._task = identifier(message.get("taskId")) or new_id()
        self._artifact = new_id()
        self._parts: list[dict[str, Any]] = []

    def start(self) -> bytes:
        return self._sent(task=self._task_in("TASK_STATE_WORKING"))

    def event(self, event: AnswerEvent) -> bytes:
        match event:
            case "":
                return b""
            case str():
                return self._part({"text": event})
            case Data():
                return self._part({"data": {event.name: event.value}})
            case Tool():
                return self._status("TASK_STATE_WORKING", f"{event.name} {event.state}".strip())
            case Thinking() | Source() | Usage():
                return b""
        check_event(event)
        raise AssertionError

    def error(self, error: AnswerError) -> bytes:
        if self.whole:
            task = self._task_in("TASK_STATE_FAILED", error.message)
            return encode_json({"jsonrpc": "2.0", "id": self._rpc_id, "result": {"task": task}}).encode()
        return self._status("TASK_STATE_FAILED", error.message)

    def end(self) -> bytes:
        if self.whole:
            task = self._task_in("TASK_STATE_COMPLETED")
            task["artifacts"] = [{"artifactId": self._artifact, "parts": _joined(self._parts)}]
            return encode_json({"jsonrpc": "2.0", "id": self._rpc_id, "result": {"task": task}}).encode()
        return self._status("TASK_STATE_COMPLETED")

    def _part(self, part: dict[str, Any]) -> bytes:
        more = bool(self._parts)
        if self.whole or not more:
            self._parts.append(part)
        encode_json(part)
        artifact = {"artifactId": self._artifact, "parts": [part]}
        return self._sent(artifactUpdate={**self._ids(), "artifact": artifact, "append": more})

    def _status(self, state: str, text: str = "") -> bytes:
        return self._sent(statusUpdate={**self._ids(), "status": self._status_of(state, text)})

    def _ids(self) -> dict[str, str]:
        return {"taskId": self._task, "contextId": self.conversation_id}

    def _status_of(self, state: str, text: str) -> dict[str, Any]:
        status: dict[str, Any] = {"state": state}
        if text:
            status["message"] = {
                "messageId": new_id(),
                "role": "ROLE_AGENT",
                "parts": [{"text": text}],
                **self._ids(),
            }
        return status

    def _task_in(self, state: str, text: str = "") -> dict[str, Any]:
        return {"id": self._task, "contextId": self.conversation_id, "status": self._status_of(state, text)}

    def _sent(self, **result: Any) -> bytes:
        return b"" if self.whole else server_sent({"jsonrpc": "2.0", "id": self._rpc_id, "result": result})


def _joined(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts with neighbouring texts as one."""
    joined: list[dict[str, Any]] = []
    for part in parts:
        if "text" in part and joined and "text" in joined[-1]:
            joined[-1] = {"text": joined[-1]["text"] + part["text"]}
        else:
            joined.append(part)
    return joined
