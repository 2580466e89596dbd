"""StreamingAgent: serves one agent on AgentCore's contract, as an ASGI app."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar, overload

from .agent_loop import AgentLoop
from .answer_function import AnswerFunction, Function, read_function
from .asgi import CallerLeft, Receive, Refused, Reply, Scope, Send, read_body, read_headers
from .calls import Call, read_call, read_protocol, resolve_payload
from .errors import AgentMistake
from .events import AnswerError
from .forgotten_run import warn_if_not_served
from .gateway_secret import GatewaySecret, secret_from_environment
from .kept_answers import KeptAnswers, ResumeBuffer
from .options import check_hook, check_origins, check_payload_option, expect, is_count, is_error_map
from .origins import Origins, origins_from_environment
from .protocols import AnswerProtocol
from .running_answers import RunningAnswers
from .snapshot import AgentStart, Hook, SessionStart
from .uvicorn_server import serve

_log = logging.getLogger("streaming_agent")
_F = TypeVar("_F", bound=AnswerFunction)
_H = TypeVar("_H", bound=Hook)


class OnDisconnect(StrEnum):
    """What becomes of an answer whose caller has left."""

    CANCEL = "cancel"
    """It is cancelled at once, and its model with it: nobody pays for what nobody reads."""
    FINISH = "finish"
    """It runs on, and is kept for a while: the same user can come back for the rest."""


class StreamingAgent:
    """Serves one agent on AgentCore's contract: POST /invocations, GET /ping.

    No session's state exists before the first call, so AgentCore may restore sessions from one snapshot.

    Example::

        app = StreamingAgent()


        @app.answer
        async def answer(prompt, context):
            yield "Hello. "
    """

    def __init__(
        self,
        answer: AnswerFunction | None = None,
        *,
        protocol: AnswerProtocol = AnswerProtocol.WORDS,
        payload: Callable[[Any], Any] | None = None,
        on_disconnect: OnDisconnect = OnDisconnect.CANCEL,
        heartbeat: timedelta = timedelta(seconds=15),
        errors: Mapping[type[Exception], AnswerError] | None = None,
        origins: Sequence[str] | None = None,
        gateway_secret: Callable[[], Sequence[str]] | None = None,
        resume: ResumeBuffer | None = None,
        max_body_bytes: int = 10_000_000,
    ) -> None:
        """
        :param answer: What answers a prompt; see `StreamingAgent.answer`. ``None``: a decorated function.
        :param protocol: What ``/invocations`` speaks; known paths speak their own.
        :param payload: Makes `Context.payload` of the JSON object, such as a pydantic model's ``model_validate``. What
            it refuses with a ValueError becomes the error event ``invalid_payload``, with the names of the fields and
            none of their values. ``None``: the object as it is, and a prompt is needed.
        :param on_disconnect: Whether an answer is cancelled when its caller leaves, or finished and kept.
        :param heartbeat: After so much silence a comment is sent. The tightest idle limit on the way is 30 s, at an
            edge-optimised API Gateway (APIGW response-transfer-mode).
        :param errors: What callers are told of which exceptions. Of any other they are told ``agent_failed``.
        :param origins: The web origins that may read answers. ``None``: those of StreamingAgentApi's ``cors``.
        :param gateway_secret: The secrets that the gateway may show, read when the first is shown. ``None``: that of
            RuntimeGuard.shared_secret, where the stack has one.
        :param resume: How much is kept of answers that run on. ``None``: a `ResumeBuffer` with its defaults.
        :param max_body_bytes: The longest request. API Gateway takes 10 MB.
        :raises AgentMistake: arguments that cannot work.
        """
        expect(protocol in list(AnswerProtocol), "protocol", protocol, "AnswerProtocol.AG_UI")
        expect(on_disconnect in list(OnDisconnect), "on_disconnect", on_disconnect, "OnDisconnect.FINISH")
        expect(isinstance(heartbeat, timedelta), "heartbeat", heartbeat, "timedelta(seconds=15)")
        expect(is_error_map(errors or {}), "errors", errors, '{TimeoutError: AnswerError("late", "ask again")}')
        check_origins(origins)
        expect(
            gateway_secret is None or callable(gateway_secret),
            "gateway_secret",
            type(gateway_secret).__name__,
            "lambda: [secret]",
        )
        expect(resume is None or isinstance(resume, ResumeBuffer), "resume", resume, "ResumeBuffer()")
        expect(is_count(max_body_bytes), "max_body_bytes", max_body_bytes, "10_000_000")
        check_payload_option(payload)
        on_disconnect = OnDisconnect(on_disconnect)
        if heartbeat <= timedelta(0):
            raise AgentMistake(
                "SAA006", f"heartbeat: expected a time above zero, got {heartbeat}: write timedelta(seconds=15)"
            )
        if resume is not None and on_disconnect is not OnDisconnect.FINISH:
            raise AgentMistake(
                "SAA007",
                "resume keeps answers that run on after their caller left, but on_disconnect is CANCEL: "
                "add on_disconnect=OnDisconnect.FINISH",
            )
        self._function: Function | None = None
        self._protocol = AnswerProtocol(protocol)
        self._payload = payload
        self._origins = Origins(origins_from_environment() if origins is None else origins)
        self._secret = secret_from_environment() if gateway_secret is None else GatewaySecret(gateway_secret)
        self._max_body_bytes = max_body_bytes
        self._agent_loop = AgentLoop()
        self._session = SessionStart()
        self._start = AgentStart()
        self._answers = RunningAnswers(
            self._agent_loop,
            self._session,
            kept=KeptAnswers(resume or ResumeBuffer()) if on_disconnect is OnDisconnect.FINISH else None,
            errors=dict(errors or {}),
            heartbeat_seconds=heartbeat.total_seconds(),
        )
        if answer is not None:
            self.answer(answer)
        self._forgotten = warn_if_not_served()

    # --- what an agent's module says
    @overload
    def answer(self, function: _F) -> _F: ...
    @overload
    def answer(self) -> Callable[[_F], _F]: ...
    def answer(self, function: Any = None) -> Any:
        """What answers a prompt: an async generator, a generator, a coroutine or a plain function.

        It is called with the prompt and a `Context`, or with the prompt only. What is not async runs in a thread.

        :raises AgentMistake: a second answer, or what is no function of a prompt.
        """
        if function is None:
            return self.answer
        read = read_function(function)
        if self._function is not None:
            first, second = (getattr(f, "__name__", "another") for f in (self._function.call, function))
            raise AgentMistake(
                "SAA003",
                f"an agent has one answer, got '{first}' and '{second}': "
                "call one from the other, or make a second agent with add_agent",
            )
        self._function = read
        return function

    @overload
    def on_start(self, hook: _H) -> _H: ...
    @overload
    def on_start(self) -> Callable[[_H], _H]: ...
    def on_start(self, hook: Any = None) -> Any:
        """Runs before /ping first answers, so that what it loads is in the snapshot: imports, clients, static files.

        Nothing secret, random or short-lived. AgentCore waits 120 s for it (AC runtime-v2-optimize).

        :raises AgentMistake: what is no function without parameters.
        """
        if hook is None:
            return self.on_start
        check_hook("on_start", hook)
        self._start.hooks.append(hook)
        return hook

    @overload
    def on_session_start(self, hook: _H) -> _H: ...
    @overload
    def on_session_start(self) -> Callable[[_H], _H]: ...
    def on_session_start(self, hook: Any = None) -> Any:
        """Runs once in each session, before its first answer, after ``random`` and OpenSSL were re-seeded.

        And again after a restore that happens later.

        :raises AgentMistake: what is no function without parameters.
        """
        if hook is None:
            return self.on_session_start
        check_hook("on_session_start", hook)
        self._session.hooks.append(hook)
        return hook

    def run(self, port: int = 8080, host: str | None = None) -> None:
        """Serves until the process is told to stop; answers that run are given 30 s to end.

        :param port: AgentCore calls 8080.
        :param host: ``None``: all interfaces as PID 1 or in a container, 127.0.0.1 elsewhere.
        :raises AgentMistake: there is no answer.
        """
        self._forgotten.cancel()
        self._answering_function()
        serve(self, port, host)

    # --- ASGI
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI app: any server can serve it."""
        self._forgotten.cancel()
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            if self._session.notice_restore():
                self._answers.forget_last_end()
            headers = read_headers(scope)
            reply = Reply(send, self._origins.reply_headers(headers))
            try:
                await self._handle(scope, headers, receive, reply)
            except Refused as refused:
                await reply.error(refused)
            except CallerLeft:
                return
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] == "lifespan.startup":
            try:
                await self._begin()
            except (Exception, SystemExit) as error:
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self, *, here: bool = False) -> None:
        """Runs the hooks of `on_start`, on the loop that answers will run on. The server calls it.

        :param here: Run them on this loop: a process that is forked afterwards must not have a second thread.
        """
        if self._start.hooks:
            work = self._start.begin()
            # a caller who leaves meanwhile stops no hook
            await (work if here else asyncio.shield(asyncio.wrap_future(self._agent_loop.start(work))))

    async def _begin(self) -> None:
        try:
            self._answering_function()
            await self.start()
        except (Exception, SystemExit):
            _log.exception("the agent cannot start")
            raise

    def after_fork(self) -> None:
        """Gives a forked process a loop of its own: threads do not survive a fork."""
        self._agent_loop.forget()

    async def _handle(self, scope: Scope, headers: Mapping[str, str], receive: Receive, reply: Reply) -> None:
        try:
            await self._begin()  # where the server, or the app around this one, has no lifespan
        except (Exception, SystemExit):
            raise Refused(503, "not_started", "the agent cannot start: its log says why") from None
        if scope["path"] == "/ping":
            await reply.json(200, self._answers.health())
            return
        if self._secret is not None and not await self._secret.accepts(headers):
            raise Refused(403, "not_through_the_gateway", "call the API's own address")
        if not self._origins.admits(headers):
            raise Refused(403, "origin_not_allowed", "this page's origin is not in the API's cors: add it there")
        protocol = read_protocol(scope, headers, self._protocol)
        function = self._answering_function()
        call = read_call(protocol, headers, await read_body(receive, self._max_body_bytes), self._payload)
        try:
            if call.resume is not None:
                await self._answers.resume(call, receive, reply)
            else:
                await self._answers.answer(function, self._checked(call), receive, reply)
        except AnswerError as error:
            # 200: of any other status AgentCore makes 424, and its callers learn no reason
            encoder = call.encoder
            status = encoder.error_status if encoder.whole else 200
            await reply.document(status, encoder.media_type, encoder.error(error), encoder.headers)

    def _checked(self, call: Call) -> Call:
        if self._payload is None:
            return call
        checked = resolve_payload(self._payload, call.context)
        return dataclasses.replace(call, context=dataclasses.replace(call.context, payload=checked))

    def _answering_function(self) -> Function:
        if self._function is None:
            raise AgentMistake(
                "SAA004",
                "this agent has no answer: put @app.answer above the function that answers, "
                "or give it to StreamingAgent(answer)",
            )
        return self._function
