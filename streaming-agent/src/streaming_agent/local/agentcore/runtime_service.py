"""The runtime: what AgentCore does with one invocation, from the token to the session's agent."""

import logging
import uuid
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from urllib.parse import unquote

from ...client.session_id import LONGEST_SESSION_ID, SESSION_HEADER, SHORTEST_SESSION_ID
from ..clock import Clock
from ..http_client import HttpClient
from ..jwt_check import IssuerKeys
from ..messages import Reply, Request, Stream, StreamCut, json_reply
from .agent import AgentsBySession, ReachableAgent
from .agent_process import AgentCrashed
from .authorizer import RuntimeAuthorizer, Unauthorized
from .runtime_reader import Runtime
from .sessions import TooManySessions

_log = logging.getLogger("streaming_agent.runtime")

REQUEST_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id"
_PAYLOAD_BYTES = 100 * 1024 * 1024
_PASSED_HEADERS = {"accept", "baggage", "content-type", "traceparent", "tracestate", "x-amzn-trace-id"}
_CONNECTION = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}


class InvocationError(Exception):
    """AgentCore's answer to an invocation that it doesn't pass to the agent."""

    def __init__(self, status: int, error_type: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(f"{status} {error_type}: {message}")
        self.reply = json_reply(status, {"message": message}, (("x-amzn-ErrorType", error_type), *headers))


class RunningRuntime:
    """One runtime of the template with its sessions."""

    def __init__(
        self, runtime: Runtime, sessions: AgentsBySession, keys_at: Callable[[str], IssuerKeys], clock: Clock
    ) -> None:
        self.runtime = runtime
        self.sessions = sessions
        rules = runtime.authorizer
        self._authorizer = RuntimeAuthorizer(rules, keys_at, clock) if rules else None

    async def authorize(self, request: Request) -> None:
        """Raises `InvocationError` unless the caller may invoke this runtime."""
        if self._authorizer is None:
            raise InvocationError(
                403, "AccessDeniedException", "the runtime has no JWT authorizer: it takes SigV4 only"
            )
        try:
            await self._authorizer.authorize(request)
        except Unauthorized as refused:
            metadata = f"http://{request.header('Host')}{request.path}/.well-known/oauth-protected-resource"
            challenge = ("WWW-Authenticate", f'Bearer resource_metadata="{metadata}"')
            raise InvocationError(401, "UnauthorizedException", str(refused), (challenge,)) from refused


class AgentCore:
    """Answers `POST /runtimes/{id or ARN}/invocations`."""

    body_limit = _PAYLOAD_BYTES

    def __init__(self, runtimes: Iterable[RunningRuntime], account: str, http_client: HttpClient) -> None:
        self._runtimes = {running.runtime.id: running for running in runtimes}
        self._account = account
        self._http_client = http_client

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        try:
            running = self._asked_for(request)
            await running.authorize(request)
            return await self._invoke(running, request)
        except InvocationError as error:
            _log.info("%s %s refused: %s", request.method, request.path, error)
            return error.reply

    def _asked_for(self, request: Request) -> RunningRuntime:
        parts = request.path.strip("/").split("/")
        if len(parts) != 3 or (parts[0], parts[2]) != ("runtimes", "invocations") or request.method != "POST":
            raise InvocationError(404, "UnknownOperationException", "there is no such operation")
        name = unquote(parts[1])
        arguments = request.query_arguments()
        running = self._runtimes.get(name)
        if running is not None and "accountId" not in dict(arguments):
            raise InvocationError(400, "ValidationException", "accountId is required with a runtime id")
        running = running or next((one for one in self._runtimes.values() if one.runtime.arn == name), None)
        qualifiers = {value for key, value in arguments if key == "qualifier"} or {"DEFAULT"}
        accounts = {value for key, value in arguments if key == "accountId"} or {self._account}
        if len(qualifiers) > 1 or len(accounts) > 1:
            # which one AgentCore takes is not documented: an answer would promise something
            raise InvocationError(400, "ValidationException", "qualifier and accountId must be given once")
        if running is None or accounts != {self._account} or not qualifiers <= running.runtime.endpoints:
            raise InvocationError(404, "ResourceNotFoundException", "No endpoint or agent found with this qualifier")
        return running

    async def _invoke(self, running: RunningRuntime, request: Request) -> Reply:
        if request.oversize:
            raise InvocationError(413, "ValidationException", "the payload is longer than 100 MB")
        session_id = request.header(SESSION_HEADER)
        if session_id is None:
            session_id = str(uuid.uuid4())
        elif not SHORTEST_SESSION_ID <= len(session_id) <= LONGEST_SESSION_ID:
            raise InvocationError(
                400, "ValidationException", f"runtimeSessionId must have 33 to 256 characters, got {len(session_id)}"
            )
        async with AsyncExitStack() as held:
            try:
                agent = await held.enter_async_context(running.sessions.agent_of(session_id))
            except AgentCrashed as problem:
                raise InvocationError(424, "RuntimeClientError", str(problem)) from problem
            except TooManySessions as problem:
                raise InvocationError(429, "ThrottlingException", str(problem)) from problem
            try:
                reply = await self._http_client.ask(agent.origin, _for_agent(request, running.runtime, session_id))
            except OSError as problem:
                await agent.settled()
                raise InvocationError(424, "RuntimeClientError", f"the agent did not answer: {problem}") from problem
            return await _from_agent(reply, session_id, agent, held)


def _for_agent(request: Request, runtime: Runtime, session_id: str) -> Request:
    passed = _PASSED_HEADERS | {name.lower() for name in runtime.allowed_headers}
    headers = [(name, value) for name, value in request.headers if name.lower() in passed]
    own = ((SESSION_HEADER, session_id), (REQUEST_HEADER, str(uuid.uuid4())))
    return replace(request, path="/invocations", query="", headers=(*headers, *own))


async def _from_agent(reply: Reply, session_id: str, agent: ReachableAgent, held: AsyncExitStack) -> Reply:
    if reply.status >= 400:
        text = await _start_of(reply)
        _log.warning("[%s] the agent answered %d: %s", session_id, reply.status, text)
        message = (
            f"Received error ({reply.status}) from runtime. Please check your CloudWatch logs for more information."
        )
        raise InvocationError(424, "RuntimeClientError", message)
    kept = tuple((name, value) for name, value in reply.headers if name.lower() not in _CONNECTION)
    body = reply.body if isinstance(reply.body, bytes) else _HeldStream(reply.body, agent, held.pop_all())
    return replace(reply, headers=(*kept, (SESSION_HEADER, session_id)), body=body)


async def _start_of(reply: Reply) -> str:
    if isinstance(reply.body, bytes):
        return reply.body[:500].decode(errors="replace")
    try:
        return (await anext(reply.body, b""))[:500].decode(errors="replace")
    finally:
        await reply.body.aclose()


class _HeldStream(Stream):
    """An agent's chunks; the session is in use until the stream is closed."""

    def __init__(self, source: Stream, agent: ReachableAgent, held: AsyncExitStack) -> None:
        self._source = source
        self._agent = agent
        self._held = held

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._source)
        except StreamCut:
            await self._agent.settled()
            raise

    async def aclose(self) -> None:
        async with self._held:
            await self._source.aclose()
