"""Reads one request: which protocol it speaks, what it asks, and who asks."""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .asgi import Refused, Scope
from .context import CUSTOM_PREFIX, Context, log_suffix, read_context
from .events import AGENT_FAILED, AnswerError, sendable_error
from .protocols import PATHS, AnswerEncoder, AnswerProtocol, BadRequest, encoder_class, protocol_of_accept

PATH_HEADER = CUSTOM_PREFIX + "path"
"""AgentCore calls /invocations only; the gateway says here which path its caller took."""
_INVOCATIONS = "/invocations"
_RESUMING = {"resume", "conversation_id"}

_log = logging.getLogger("streaming_agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A question, read and checked."""

    encoder: AnswerEncoder
    context: Context
    resume: object = None
    """The id of the last event that the caller has, where it comes back for the rest."""


def read_protocol(scope: Scope, headers: Mapping[str, str], default: AnswerProtocol) -> AnswerProtocol:
    """By route, by `Accept`, or the agent's own; raises `Refused` for another path or method."""
    path = headers.get(PATH_HEADER) or scope["path"]
    if path != _INVOCATIONS and path not in PATHS:
        raise Refused(404, "not_found", f"there is nothing at this path: POST {_INVOCATIONS}")
    if scope["method"] != "POST":
        raise Refused(405, "method_not_allowed", f"{scope['method']} is not answered here: POST {_INVOCATIONS}")
    return PATHS.get(path) or protocol_of_accept(headers.get("accept", "")) or default


def read_call(
    protocol: AnswerProtocol, headers: Mapping[str, str], body: bytes, payload: Callable[[Any], Any] | None
) -> Call:
    """The call; raises `Refused` for a body of another shape."""
    sent = _read_json(body)
    if not isinstance(sent, dict):
        raise Refused(400, "invalid_request", 'the body is a JSON object, such as {"prompt": "Hello"}')
    try:
        encoder = encoder_class(protocol)(sent)
    except BadRequest as error:
        raise Refused(400, "invalid_request", str(error)) from error
    # beside a question it is a field of the agent's own
    asks = bool(encoder.prompt.strip()) or (payload is not None and not sent.keys() <= _RESUMING)
    resume = sent.get("resume") if encoder.resumable and not asks else None
    if resume is None and payload is None and not encoder.prompt.strip():
        raise Refused(400, "invalid_request", 'prompt is a text that is not empty, such as {"prompt": "Hello"}')
    context = read_context(headers, payload=sent, conversation_id=encoder.conversation_id, history=encoder.history)
    return Call(encoder=encoder, context=context, resume=resume)


def resolve_payload(payload: Callable[[Any], Any], context: Context) -> Any:
    """What the agent's own check makes of the payload; raises `AnswerError` with the names of the fields it refuses."""
    try:
        return payload(context.payload)
    except ValueError as error:
        raise AnswerError("invalid_payload", f"the payload is not what this agent takes{_fields(error)}") from error
    except AnswerError as error:
        raise sendable_error(error, log_suffix(context)) from None
    except (Exception, SystemExit):
        _log.exception("the payload's check failed %s", log_suffix(context))
        raise AnswerError(*AGENT_FAILED) from None


def _read_json(body: bytes) -> Any:
    """What the body holds; ``None`` for what is no JSON."""
    try:
        sent = json.loads(body)
        if b"\\u" in body or b"\xed" in body:
            # half of a surrogate pair, as a browser cuts it off: no reply could repeat it
            text = json.dumps(sent, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            sent = json.loads(text)
    except UnicodeDecodeError:
        raise Refused(400, "invalid_request", "the body is not UTF-8: send JSON that is encoded in UTF-8") from None
    except (json.JSONDecodeError, RecursionError):
        return None
    except ValueError:  # Python reads no longer ones
        digits = sys.get_int_max_str_digits()
        raise Refused(400, "invalid_request", f"a number in the body is too long: at most {digits:,} digits") from None
    return sent


def _fields(error: ValueError) -> str:
    # pydantic's ValidationError; the values stay out, since they are logged by whoever logs errors
    try:
        told = error.errors()  # type: ignore[attr-defined]
        names = [".".join(map(str, entry["loc"])) for entry in told]
    except Exception:
        return ""
    return ": check " + ", ".join(dict.fromkeys(name for name in names if name)) if any(names) else ""
