"""One call with its repeats: what is sent, and what follows from each answer. Sends nothing itself."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from .address import AgentAddress
from .call_errors import ApiRefused, ClientError, StreamInterrupted
from .connections import TIMEOUT, is_loopback, said_by, unreachable
from .error_bodies import without_secrets
from .error_status import refusal
from .request_headers import resolve_headers
from .retries import Retries
from .session_id import LONGEST_SESSION_ID, SESSION_HEADER, SHORTEST_SESSION_ID
from .token_reasons import refused_because

Notice = Callable[[str], None]
"""Told of each repeat, in one sentence."""
_CLOSED = re.compile("closed|disconnected|reset", re.IGNORECASE)


def no_notice(sentence: str) -> None:
    """Who is told when nobody asked to be."""


@dataclass(frozen=True, kw_only=True)
class CallOptions:
    """What is the same for all calls of a client."""

    api_key: str | None = field(repr=False)
    retries: Retries
    notice: Notice


class Call:
    """A question on its way to an agent."""

    def __init__(
        self,
        address: AgentAddress,
        question: str | Mapping[str, Any],
        options: CallOptions,
        *,
        agent: str | None,
        session_id: str | None,
        headers: Mapping[str, str] | None,
    ) -> None:
        self._address = address
        self._options = options
        self.url = address.url_of(agent)
        self._payload = {"prompt": question} if isinstance(question, str) else dict(question)
        self._headers = {
            "Accept": "text/event-stream, application/json",
            "Accept-Encoding": "identity",  # a compressor would hold chunks back
            "Cache-Control": "no-store",
            "Content-Type": "application/json",
            **resolve_headers(headers or {}),
            **_session(session_id),
            **({"X-Api-Key": options.api_key} if options.api_key is not None else {}),
        }
        self._made = 0
        self._resumed = 0
        self._token: str | None = None
        self._sent: httpx2.Request | None = None
        self.refused_token: str | None = None
        """A token that was answered with 401 and should be replaced."""
        self._refusal: ApiRefused | None = None

    def request(self, token: str) -> httpx2.Request:
        """The request with this token; raises `ApiRefused` when it is the one that was refused."""
        if self._refusal is not None and token == self.refused_token:
            raise self._refusal
        self._made += 1
        self._token = token
        self._sent = httpx2.Request(
            "POST",
            self.url,
            headers={**self._headers, "Authorization": f"Bearer {token}"},
            content=_content(self._payload),
            extensions={"timeout": TIMEOUT.as_dict()},
        )
        return self._sent

    def resume(self, last_id: str, interrupted: StreamInterrupted) -> float:
        """Asks for the rest of a cut answer from now on, and says how long to wait; raises when it was tried enough.

        docs/wire.md: `{"resume": "<answer>.<n>"}` to the same address, in the same session.
        """
        self._resumed += 1
        delay = self._options.retries.delay(self._resumed, None)
        if delay is None:
            raise interrupted
        self._options.notice("the connection was cut; asking for the rest of the answer")
        self._payload = {"resume": last_id}
        self._made = 0
        self.refused_token = self._refusal = None
        return delay

    def pause_after_failure(self, problem: httpx2.RequestError) -> float:
        """How long to wait when no answer came; raises when the call may have reached the agent, or was made enough."""
        reached = not isinstance(problem, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError)
        if reached:
            raise interrupted_by(problem) from None
        delay = None if isinstance(problem, httpx2.ProxyError) else self._options.retries.delay(self._made, None)
        if delay is not None:
            return delay
        assert isinstance(problem, httpx2.TransportError)  # noqa: S101
        raise unreachable(self.url, problem, "the API", "CLI050") from None

    def pause_after(self, status: int, headers: httpx2.Headers, body: bytes) -> float:
        """How long to wait after an error; raises `ApiRefused` when the call isn't to be made again."""
        if self._sent is not None:
            body = without_secrets(body, self._sent.headers)
        if status == httpx2.codes.UNAUTHORIZED and self.refused_token is None and self._token is not None:
            # once: a pool's keys, or the local run behind a kept token, may be new
            self.refused_token = self._token
            self._refusal = refusal(status, headers, body, made=self._made, reason=self._reason(headers))
            return 0.0
        delay = self._options.retries.delay(self._made, httpx2.Response(status, headers=headers))
        if delay is not None:
            busy = "the session is busy with another answer" if status == 409 else "the API is throttled or busy"
            self._options.notice(f"{busy} ({status}); asking again")
            return delay
        reason = self._reason(headers) if status == httpx2.codes.UNAUTHORIZED else ""
        raise refusal(status, headers, body, made=self._made, reason=reason)

    def _reason(self, headers: httpx2.Headers) -> str:
        """Why the token was refused. A local run says in a header what else only the API's owner reads in a log."""
        told = headers.get("x-local-reason", "")[:300] if is_loopback(self.url) else ""
        return (refused_because(self._token, self._address) if self._token else "") or told


def _session(session_id: str | None) -> dict[str, str]:
    if session_id is None:
        return {}
    if not SHORTEST_SESSION_ID <= len(session_id) <= LONGEST_SESSION_ID:
        raise ClientError(
            "CLI051",
            f"session_id: expected {SHORTEST_SESSION_ID} to {LONGEST_SESSION_ID} characters, got {len(session_id)}: a"
            " UUID has 36",
        )
    if not (session_id.isascii() and session_id.isprintable()) or " " in session_id:
        raise ClientError(
            "CLI051",
            "session_id: expected letters, digits and signs, got characters of another kind: write only ASCII without"
            " blanks, such as a UUID",
        )
    return {SESSION_HEADER: session_id}


def _content(payload: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode()
    except UnicodeDecodeError:
        raise ClientError("CLI059", "the payload has half a character, or bytes that are no text: give text") from None
    except (TypeError, ValueError, RecursionError) as problem:
        raise ClientError("CLI059", f"the payload cannot be written as JSON: {problem}") from None


def interrupted_by(problem: httpx2.RequestError) -> StreamInterrupted:
    """The error for a connection that ended before the answer did."""
    if isinstance(problem, httpx2.ReadTimeout):
        quiet = TIMEOUT.read or 0
        return StreamInterrupted("CLI049", f"no data for {quiet:.0f} s: make the agent send heartbeats")
    said = said_by(problem)
    if isinstance(problem, httpx2.RemoteProtocolError) and _CLOSED.search(said) is None:
        return StreamInterrupted("CLI048", f"what came is no HTTP that this client reads: {said}; check the address")
    return StreamInterrupted("CLI048", f"the connection closed before the answer finished: {said}")
