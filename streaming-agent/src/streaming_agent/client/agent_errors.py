"""Whether an event says that the agent failed, in the shape of the library that reports it; its words and its type."""

import re
from dataclasses import dataclass
from typing import Any

from .event_stream import ERROR_NAMES
from .shapes import content_text

# an object that holds anything else is no error report: a tool's result may well have a key `error`
_AROUND_AN_ERROR = frozenset(
    {"error", "error_type", "errorType", "message", "code", "status", "status_code", "type", "id", "jsonrpc", "event"}
    | {
        "success",
        "request_id",
        "requestId",
        "details",
        "detail",
        "traceback",
        "stack",
        "timestamp",
        "threadId",
        "runId",
    }
)
_FAILED_STATE = re.compile(r"(?:^|_)(?:failed|rejected|canceled)$", re.IGNORECASE)
_EXCEPTION = re.compile(r"[a-z]\w*Exception")
_WORDS = ("message", "errorText", "errorMessage", "error_message", "detail", "error", "reason", "data", "text")


@dataclass(frozen=True)
class AgentError:
    """What the agent said."""

    message: str
    kind: str = ""
    """Its type or code, such as ``NoCredentialsError``; empty when it named none."""

    @property
    def words(self) -> str:
        """Type and message."""
        return f"{self.kind}: {self.message}" if self.kind else self.message


def agent_error(name: str, data: Any) -> AgentError | None:
    """The error that this event reports; `None` when it reports none. `name` is the event's own, as SSE has it."""
    if name.lower() in ERROR_NAMES:
        return _read(data)
    if not isinstance(data, dict):
        return None
    kind = data.get("type")
    if kind in ("error", "RUN_ERROR", "response.failed", "crew_kickoff_failed"):
        return _read(data.get("response", data) if kind == "response.failed" else data)
    if data.get("event") == "error":
        return _read(data)
    if data.get("force_stop"):
        return AgentError(_text(data.get("force_stop_reason")) or "it was stopped")
    if kind == "abort" and data.keys() <= {"type", "reason"}:  # the AI SDK's
        return AgentError(_text(data.get("reason")) or "it was stopped")
    if kind == "result" and data.get("is_error") is True:  # the Claude Agent SDK's
        return AgentError(_text(data.get("result")) or "it gave no reason", _text(data.get("subtype")))
    if data.get("errorMessage") and not data.keys().isdisjoint(("errorCode", "errorType")):  # Google's ADK, AWS Lambda
        return _read(data)
    if isinstance(data.get("jsonrpc"), str) and (failed := _of_json_rpc(data.get("result"))):
        return failed
    if len(data) == 1:
        ((key, value),) = data.items()
        if isinstance(key, str) and _EXCEPTION.fullmatch(key):
            return AgentError(_read(value).message, key)
    is_report = data.get("error") or data.get("status") in ("error", "failed") or data.get("success") is False
    if (is_report or kind == "exception") and data.keys() <= _AROUND_AN_ERROR and kind in (None, "error", "exception"):
        return _read(data)
    return None


def _of_json_rpc(result: Any) -> AgentError | None:
    """The error in a result: MCP's `isError`, and the states in which A2A's tasks end without an answer."""
    if not isinstance(result, dict):
        return None
    if result.get("isError") is True:
        return AgentError(content_text(result.get("content")).strip()[:_LONGEST] or "it gave no reason")
    task = result.get("task") or result.get("statusUpdate") or result
    status = task.get("status") if isinstance(task, dict) else None
    if isinstance(status, dict) and _FAILED_STATE.search(str(status.get("state"))):
        return AgentError(content_text(status.get("message")).strip()[:_LONGEST] or "it gave no reason")
    return None


def _read(data: Any) -> AgentError:
    if isinstance(data, dict):
        inner = data.get("error")
        kind = _kind(data, inner)
        if isinstance(inner, dict):
            return AgentError(_read(inner).message, kind)
        # bedrock-agentcore: `error` has the exception's words, `message` always the same sentence
        if isinstance(inner, str) and inner and ("error_type" in data or "message" not in data):
            return AgentError(_text(inner), kind)
        for key in _WORDS:
            if text := _text(data.get(key)):
                return AgentError(text, kind)
        return AgentError("it gave no reason", kind)
    return AgentError(_text(data) or "it gave no reason")


def _kind(data: dict[str, Any], inner: Any) -> str:
    inside = inner if isinstance(inner, dict) else {}
    places = [(data, key) for key in ("error_type", "errorType", "errorCode")]
    for source, key in (*places, (inside, "type"), (inside, "code"), (data, "code")):
        value = source.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value not in ("", "error"):
            return str(value)[:100]
    return ""


_LONGEST = 2000


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()[:_LONGEST]
    if isinstance(value, dict):
        return _read(value).message
    return "" if value is None else str(value)[:_LONGEST]
