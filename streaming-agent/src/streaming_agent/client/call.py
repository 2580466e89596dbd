"""One call with its repeats: what is sent, and what follows from each answer. Sends nothing itself."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2

from .address import AgentAddress
from .errors import ApiRefused, ClientError, StreamInterrupted
from .retries import RETRIED, Retries

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
# Quiet for as long as API Gateway lets a stream be: 5 minutes on regional and private endpoints.
TIMEOUT = httpx2.Timeout(connect=10.0, read=300.0, write=30.0, pool=10.0)
LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=20)


class Call:
    """A question on its way to an agent."""

    def __init__(
        self,
        address: AgentAddress,
        question: str | Mapping[str, Any],
        *,
        agent: str | None,
        session_id: str | None,
        api_key: str | None,
        retries: Retries,
    ) -> None:
        if session_id is not None and not 33 <= len(session_id) <= 256:
            raise ClientError(
                "CLI051",
                f"session_id must have 33 to 256 characters, got {len(session_id)}: a UUID has 36",
            )
        self._url = address.url_of(agent)
        self._content = json.dumps({"prompt": question} if isinstance(question, str) else question)
        self._headers = {
            "Accept": "text/event-stream, application/json",
            "Accept-Encoding": "identity",  # a compressor would hold chunks back
            "Cache-Control": "no-store",
            "Content-Type": "application/json",
            **({SESSION_HEADER: session_id} if session_id is not None else {}),
            **({"X-Api-Key": api_key} if api_key is not None else {}),
        }
        self._retries = retries
        self._made = 0
        self._token: str | None = None
        self.refused_token: str | None = None
        """A token that was answered with 401 and should be replaced."""

    def request(self, token: str) -> httpx2.Request:
        """The request with this token."""
        self._made += 1
        self._token = token
        return httpx2.Request(
            "POST",
            self._url,
            headers={**self._headers, "Authorization": f"Bearer {token}"},
            content=self._content,
            extensions={"timeout": TIMEOUT.as_dict()},
        )

    def pause_after_failure(self, problem: httpx2.TransportError) -> float:
        """How long to wait when no answer came; raises when the call may have reached the agent, or was made enough."""
        reached = not isinstance(problem, httpx2.ConnectError | httpx2.ConnectTimeout)
        delay = None if reached else self._retries.delay(self._made, None)
        if delay is not None:
            return delay
        said = str(problem) or type(problem).__name__
        if reached:
            raise broken(problem) from problem
        raise ClientError(
            "CLI050",
            f"invocations_url must be reachable, got {said} from {self._url}: check the address and the network",
        ) from problem

    def pause_after(self, response: httpx2.Response) -> float:
        """How long to wait after an error, read whole; raises `ApiRefused` when the call isn't to be made again."""
        if response.status_code == httpx2.codes.UNAUTHORIZED and self.refused_token is None:
            # once: a pool's keys, or the local run behind a kept token, may be new
            self.refused_token = self._token
            return 0.0
        delay = self._retries.delay(self._made, response)
        if delay is None:
            raise refusal(response, self._made)
        return delay


def refusal(response: httpx2.Response, made: int) -> ApiRefused:
    """The error that an answer stands for."""
    status = response.status_code
    error_type = response.headers.get("x-amzn-ErrorType", "").partition(":")[0]
    try:
        content = response.json()
        message = str(content.get("message") or content.get("Message") or "")
    except (ValueError, AttributeError):
        message = ""
    got = f"got {status} {error_type or httpx2.codes.get_reason_phrase(status)}" + (f": {message}" if message else "")
    code, sentence = _sentence(status, got, made)
    request_id = response.headers.get("x-amzn-RequestId")
    return ApiRefused(code, sentence, status=status, error_type=error_type, request_id=request_id)


def _sentence(status: int, got: str, made: int) -> tuple[str, str]:
    match status:
        case 401:
            return (
                "CLI040",
                f"the API must accept the token, {got}; sign in again, to the pool and client of this stack",
            )
        case 403:
            return (
                "CLI041",
                f"the API must let the call in, {got}; check the path, the API key and the firewall's rules",
            )
        case 424:
            return "CLI043", f"the agent must begin to answer, {got}; its log says why"
        case 504:
            return "CLI044", f"the agent must answer in time, {got}; check that the integration streams"
        case _ if status in RETRIED:
            return "CLI045", f"the API must have room, {got} after {made} calls; ask again later, or raise the throttle"
        case _:
            return "CLI046", f"the API must answer with a stream, {got}"


def broken(problem: httpx2.TransportError) -> StreamInterrupted:
    """The error for a connection that ended before the answer did."""
    if isinstance(problem, httpx2.ReadTimeout):
        quiet = TIMEOUT.read or 0
        return StreamInterrupted(
            "CLI049", f"the answer must go on, got nothing for {quiet:.0f} s: let the agent send heartbeats"
        )
    said = str(problem) or type(problem).__name__
    return StreamInterrupted("CLI048", f"the answer must come to its end, got a broken connection: {said}")


def check_is_stream(response: httpx2.Response) -> bool:
    """Whether events are on their way; `False` for one JSON document; raises `StreamInterrupted` for anything else."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return True
    if kind == "application/json":
        return False
    raise StreamInterrupted(
        "CLI047", f"the agent must answer with text/event-stream or application/json, got {kind or 'no content type'}"
    )
