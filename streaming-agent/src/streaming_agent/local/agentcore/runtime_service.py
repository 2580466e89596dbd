"""The runtime: what AgentCore does with one invocation, from the token to the session's agent."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from ...client.session_id import LONGEST_SESSION_ID, SESSION_HEADER, SHORTEST_SESSION_ID
from ...context import USER_HEADER
from ...printable import printable
from ...template import Refusal
from ..clock import Clock
from ..http_client import HttpClient
from ..jwt_check import IssuerKeys
from ..messages import Headers, Reply, Request, Stream, StreamCut, json_reply
from .agent import AgentsBySession, ReachableAgent
from .agent_process import AgentCrashed
from .authorizer import RuntimeAuthorizer, Unauthorized
from .external import ExternalAgent
from .runtime_reader import Runtime
from .sessions import TooManySessions

_log = logging.getLogger("streaming_agent.runtime")

REQUEST_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id"
_TOLD_SECONDS = 5.0
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

    def is_elsewhere_as(self, name: str) -> bool:
        """Whether this is a runtime that no template makes, by its ARN in whatever account."""
        return self.runtime.endpoints is None and name.rpartition("runtime/")[2] == self.runtime.id

    def has_endpoints(self, qualifiers: set[str], accounts: set[str], account: str) -> bool:
        """Whether the runtime has these endpoints in these accounts."""
        known = self.runtime.endpoints
        return known is None or (qualifiers <= known and accounts == {account})

    def check_policy(self, action: str, request: Request) -> None:
        """Raises `InvocationError` unless the runtime's resource policy allows the action to callers with a token."""
        policy = self.runtime.policy
        actions = [action]
        if action == "InvokeAgentRuntime" and request.header(USER_HEADER) is not None:
            actions.append("InvokeAgentRuntimeForUser")
        for one in actions:
            if policy is not None and not policy.allows(one, self.runtime.arn):
                message = f"User is not authorized to perform: bedrock-agentcore:{one} on resource: {self.runtime.arn}"
                raise InvocationError(403, "AccessDeniedException", message)

    async def authorize(self, request: Request) -> None:
        """Raises `InvocationError` unless the caller may invoke this runtime."""
        if self._authorizer is None:
            raise InvocationError(
                403, "AccessDeniedException", "the runtime has no JWT authorizer: it takes SigV4 only"
            )
        try:
            await self._authorizer.authorize(request)
        except Unauthorized as refused:
            host = "".join(one for one in request.header("Host") or "" if one.isalnum() or one in ".:-[]")
            path = quote(unquote(request.path), safe="/:%")
            metadata = f"http://{host}{path}/.well-known/oauth-protected-resource"
            challenge = ("WWW-Authenticate", f'Bearer resource_metadata="{metadata}"')
            raise InvocationError(401, "UnauthorizedException", str(refused), (challenge,)) from refused


class AgentCore:
    """Answers the operations on `/runtimes/{id or ARN}/…`.

    Args:
        runtimes: The runtimes that are run.
        account: The account that ids are asked for in.
        http_client: Asks the agents.
        refuses_conflicts: Whether a second call of a session that is busy is a 409, which AWS has announced and not
            enabled (its SDKs' changelogs of 19 May 2026).
    """

    body_limit = _PAYLOAD_BYTES

    def __init__(
        self,
        runtimes: Iterable[RunningRuntime],
        account: str,
        http_client: HttpClient,
        *,
        refuses_conflicts: bool = False,
    ) -> None:
        self._runtimes = {running.runtime.id: running for running in runtimes}
        self._account = account
        self._http_client = http_client
        self._refuses_conflicts = refuses_conflicts
        self._busy: set[tuple[str, str]] = set()

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        try:
            operation, running = self._asked_for(request)
            await running.authorize(request)
            running.check_policy(operation.action, request)
            match operation.name:
                case "invocations":
                    return await self._invoke(running, request)
                case "stopruntimesession":
                    return await self._stop(running, request)
            sentence = f"{operation.action} is allowed and not part of the local run, which starts no shells or sockets"
            raise InvocationError(501, "NotRunLocallyException", sentence)
        except InvocationError as error:
            if not isinstance(error.__cause__, (AgentCrashed, Refusal)):  # which has been told
                _log.info("%s %s refused: %s", request.method, printable(request.path), error)
            return error.reply

    def _asked_for(self, request: Request) -> tuple["_Operation", RunningRuntime]:
        parts = request.path.strip("/").split("/")
        operation = _OPERATIONS.get((request.method, "/".join(parts[2:])))
        if len(parts) < 3 or parts[0] != "runtimes" or operation is None:
            raise InvocationError(404, "UnknownOperationException", "there is no such operation")
        name = unquote(parts[1])
        arguments = request.query_arguments()
        running = self._runtimes.get(name)
        if running is not None and "accountId" not in dict(arguments):
            raise InvocationError(400, "ValidationException", "accountId is required with a runtime id")
        running = running or next((one for one in self._runtimes.values() if one.runtime.arn == name), None)
        running = running or next((one for one in self._runtimes.values() if one.is_elsewhere_as(name)), None)
        qualifiers = {value for key, value in arguments if key == "qualifier"} or {"DEFAULT"}
        accounts = {value for key, value in arguments if key == "accountId"} or {self._account}
        if len(qualifiers) > 1 or len(accounts) > 1:
            # which one AgentCore takes is not documented: an answer would promise something
            raise InvocationError(400, "ValidationException", "qualifier and accountId must be given once")
        if running is None or not running.has_endpoints(qualifiers, accounts, self._account):
            raise InvocationError(404, "ResourceNotFoundException", "No endpoint or agent found with this qualifier")
        return operation, running

    async def _stop(self, running: RunningRuntime, request: Request) -> Reply:
        session_id = request.header(SESSION_HEADER)
        if session_id is None:
            raise InvocationError(400, "ValidationException", "runtimeSessionId is required")
        if not await running.sessions.stop(session_id):
            raise InvocationError(404, "ResourceNotFoundException", "there is no such session")
        return json_reply(200, {"runtimeSessionId": session_id, "statusCode": 200})

    async def _invoke(self, running: RunningRuntime, request: Request) -> Reply:
        if request.oversize:
            raise InvocationError(413, "ValidationException", "the payload is longer than 100 MB")
        session_id = request.header(SESSION_HEADER)
        if session_id is None:
            session_id = str(uuid.uuid4())
        elif not SHORTEST_SESSION_ID <= len(session_id) <= LONGEST_SESSION_ID:
            sentence = (
                f"runtimeSessionId must have {SHORTEST_SESSION_ID} to {LONGEST_SESSION_ID} characters,"
                f" got {len(session_id)}"
            )
            raise InvocationError(400, "ValidationException", sentence)
        async with AsyncExitStack() as held:
            self._occupy(running.runtime.id, session_id, held)
            try:
                agent = await held.enter_async_context(running.sessions.agent_of(session_id))
            except (AgentCrashed, Refusal) as problem:
                refusal = problem if isinstance(problem, Refusal) else Refusal("SAL025", str(problem))
                _log.error("%s", refusal)
                raise InvocationError(424, "RuntimeClientError", refusal.sentence) from problem
            except TooManySessions as problem:
                raise InvocationError(429, "ThrottlingException", str(problem)) from problem
            loop = asyncio.get_running_loop()
            silent = loop.call_later(_TOLD_SECONDS, _tell_of_silence, session_id)
            try:
                asked = _for_agent(request, running.runtime, session_id, agent.headers)
                reply = await self._http_client.ask(agent.origin, asked)
            except OSError as problem:
                await agent.settled()
                raise InvocationError(424, "RuntimeClientError", _why_no_answer(agent, problem)) from problem
            finally:
                silent.cancel()
            return await _from_agent(reply, session_id, agent, held)

    def _occupy(self, runtime_id: str, session_id: str, held: AsyncExitStack) -> None:
        if not self._refuses_conflicts:
            return
        if (runtime_id, session_id) in self._busy:
            message = "The session is busy with another call; try again later"
            raise InvocationError(409, "RetryableConflictException", message)
        self._busy.add((runtime_id, session_id))
        held.callback(self._busy.discard, (runtime_id, session_id))


@dataclass(frozen=True)
class _Operation:
    name: str
    action: str  # as resource policies name it


# what a token opens on a runtime's address (AC `runtime-execute-command`, `runtime-get-started-command-shell`)
_OPERATIONS = {
    ("POST", "invocations"): _Operation("invocations", "InvokeAgentRuntime"),
    ("POST", "commands"): _Operation("commands", "InvokeAgentRuntimeCommand"),
    ("GET", "ws"): _Operation("ws", "InvokeAgentRuntimeWithWebSocketStream"),
    ("GET", "ws/shells"): _Operation("ws/shells", "InvokeAgentRuntimeCommandShell"),
    ("POST", "stopruntimesession"): _Operation("stopruntimesession", "StopRuntimeSession"),
}


def _why_no_answer(agent: ReachableAgent, problem: OSError) -> str:
    if isinstance(agent, ExternalAgent) and isinstance(problem, ConnectionRefusedError):
        return f"no agent listens at {agent.origin}: start it there"
    return f"the agent did not answer: {problem}"


def _tell_of_silence(session_id: str) -> None:
    _log.info("[%s] the agent has not begun to answer after %g s", session_id, _TOLD_SECONDS)


def _for_agent(request: Request, runtime: Runtime, session_id: str, shown: Headers) -> Request:
    passed = _PASSED_HEADERS | {name.lower() for name in runtime.allowed_headers}
    headers = [(name, value) for name, value in request.headers if name.lower() in passed]
    own = ((SESSION_HEADER, session_id), (REQUEST_HEADER, str(uuid.uuid4())))
    return replace(request, path=runtime.path, query="", headers=(*headers, *own, *shown))


async def _from_agent(reply: Reply, session_id: str, agent: ReachableAgent, held: AsyncExitStack) -> Reply:
    if reply.status >= 400:
        text = await _start_of(reply)
        _log.warning("[%s] the agent answered %d: %s", session_id, reply.status, printable(text))
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
