"""Who asks, in which session: what an answer knows beside the prompt."""

import base64
import json
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

_PREFIX = "x-amzn-bedrock-agentcore-runtime-"
SESSION_HEADER = _PREFIX + "session-id"
USER_HEADER = _PREFIX + "user-id"
"""What a caller could say of themselves; nothing here believes it."""
REQUEST_HEADERS = (_PREFIX + "request-id", "x-amzn-requestid")
CUSTOM_PREFIX = _PREFIX + "custom-"
LONGEST_ANSWER = timedelta(minutes=15)
"""API Gateway ends every stream there (APIGW response-streaming-http)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation that the caller's program sent along."""

    role: str
    """``user`` or ``assistant``."""
    text: str
    """What was said."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who asks, in which session.

    ``user_id`` is the token's ``sub`` and is None without a token; no other header is believed. ``repr`` shows neither
    headers nor claims.
    """

    session_id: str | None = None
    """AgentCore's session, which is one microVM. ``None``: nobody said, as in a direct call on your machine."""
    conversation_id: str = ""
    """Which of the session's conversations; empty where the caller has only one."""
    request_id: str = ""
    """What the logs call this question."""
    user_id: str | None = None
    """The verified user. AgentCore passes the token on only where ``Authorization`` is in the header allow-list."""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The token's claims; AgentCore has verified them, nothing here does. Empty without a token."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What AgentCore passed on, names in lower case."""
    payload: Any = field(default=None, repr=False)
    """The JSON object that was sent, or what ``payload=`` made of it."""
    history: tuple[Turn, ...] | None = field(default=None, repr=False)
    """The turns before this one, where the caller's program keeps them; ``None`` where the agent does."""
    deadline: datetime | None = None
    """At the latest: API Gateway's 15 minutes, in UTC; the stack's own timeout may be shorter."""
    left: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)
    """Set when the caller has left and the answer should stop."""

    @property
    def cancelled(self) -> bool:
        """Whether the caller has left: for code that is not async, which nothing can stop from outside."""
        return self.left.is_set()


def log_suffix(context: Context) -> str:
    """What a line of the log says of a question."""
    return f"(session {context.session_id}, request {context.request_id})"


def read_context(
    headers: Mapping[str, str],
    *,
    payload: Any,
    conversation_id: str,
    history: Sequence[Turn] | None,
) -> Context:
    """The context of one request."""
    claims = read_claims(headers.get("authorization", ""))
    subject = claims.get("sub")
    return Context(
        session_id=headers.get(SESSION_HEADER) or None,
        conversation_id=conversation_id,
        request_id=next((headers[name] for name in REQUEST_HEADERS if headers.get(name)), "") or str(uuid.uuid4()),
        user_id=subject if isinstance(subject, str) else None,
        claims=MappingProxyType(claims),
        headers=MappingProxyType(dict(headers)),
        payload=payload,
        history=None if history is None else tuple(history),
        deadline=datetime.now(UTC) + LONGEST_ANSWER,
    )


def read_claims(authorization: str) -> dict[str, Any]:
    """The claims of a bearer token. AgentCore has checked its signature; here it is only read."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return {}
    try:
        part = token.strip().split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
