"""The gateway: what API Gateway does with one request to the template's API, from the stage to the integration."""

import asyncio
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import replace

from ..clock import Clock
from ..jwt_check import IssuerKeys
from ..messages import Headers, Reply, Request, Service, json_reply
from .access_log_line import AccessLog
from .authorizers import IamAuthorizer, LambdaAuthorizer
from .lambda_authorizer import CallFunction
from .limits import EDGE_IDLE_SECONDS, IDLE_SECONDS, REQUEST_BYTES, LimitedStream, buffered
from .mapping import integration_request
from .method_authorizer import MethodAuthorizer
from .mock_integration import MockFailed, MockIntegration
from .request_context import Context
from .responses import HttpError, gateway_response
from .rest_api import LocalRoute, RestApi
from .routing import find_route
from .sigv4 import LocalCredentials
from .velocity import NotModelled

# Response headers of the backend that come out under another name (APIGW `api-gateway-known-issues`).
_REMAPPED = {"connection", "content-length", "date", "server", "www-authenticate"}
_CONNECTION = {"transfer-encoding", "keep-alive", "content-length", "connection"}


class Gateway:
    """One REST API in front of its integrations.

    `backend_at` finds who answers at an integration's origin, such as `https://bedrock-agentcore.….amazonaws.com`.
    """

    body_limit = REQUEST_BYTES

    def __init__(
        self,
        api: RestApi,
        *,
        backend_at: Callable[[str], Service],
        keys_of_pool: Callable[[str], IssuerKeys],
        call_function: CallFunction,
        credentials: LocalCredentials,
        clock: Clock,
    ) -> None:
        self.api = api
        self._backend_at = backend_at
        self._method_authorizer = MethodAuthorizer(api, keys_of_pool, call_function, credentials, clock)
        self._clock = clock
        self._idle_seconds = EDGE_IDLE_SECONDS if api.edge_optimized else IDLE_SECONDS

    async def handle(self, request: Request) -> Reply:
        """Answers one request."""
        context = self._context(request)
        log = AccessLog(self.api.access_log_format, context, self._clock)
        stage, _, path = request.path.removeprefix("/").partition("/")
        if stage != self.api.stage:
            # It comes before any deployment, and so before the template's gateway responses.
            refused = json_reply(403, {"message": "Forbidden"}, [("x-amzn-ErrorType", "ForbiddenException")])
            return self._identified(refused, context)
        try:
            rule = self.api.web_acl.blocking_rule(request)
            if rule is not None:
                context.variables["wafResponseCode"] = "WAF_BLOCK"
                raise HttpError("WAF_FILTERED", log=f"blocked by the firewall's rule {rule}")
            reply = await self._answer(replace(request, path=f"/{path}"), context, log)
        except HttpError as refused:
            log.reason = str(refused)
            reply = gateway_response(refused, self.api.gateway_responses, context)
            reply = replace(reply, headers=(*reply.headers, ("x-local-reason", _in_a_header(refused.log))))
        return log.logged(self._identified(reply, context))

    async def _answer(self, request: Request, context: Context, log: AccessLog) -> Reply:
        match = find_route(self.api.routes, request.method, request.path)
        if match is None:
            raise HttpError("MISSING_AUTHENTICATION_TOKEN", log="no method at this path")
        if request.oversize:
            raise HttpError("REQUEST_TOO_LARGE", log="the body is longer than 10 MB")
        context.variables["resourcePath"] = match.route.path
        context = replace(context, request=request, path_parameters=match.path_parameters)
        not_run = match.route.not_run
        # the Lambda authorizer of a route that is not run is not started either
        if not_run is None or not isinstance(match.route.authorizer, LambdaAuthorizer):
            context.variables.update(await self._method_authorizer.authorize(match.route, context))
        if not_run is not None:
            raise HttpError("NOT_RUN_LOCALLY", str(not_run), log=not_run.sentence)
        self._check_share(match.route, request)
        if match.route.integration.mock is not None:
            return _mocked(match.route.integration.mock, context)
        return await self._integrate(match.route, context, log)

    def _check_share(self, route: LocalRoute, request: Request) -> None:
        key = request.header("X-API-Key")
        if route.api_key_required:
            if key is None or not self.api.api_keys.knows(key):
                raise HttpError("INVALID_API_KEY", log="no API key of the stage's usage plans")
            refusal = self.api.api_keys.refusal(key)
            if refusal is not None:
                raise HttpError(refusal, log="the API key has used up its share")
        if not self.api.throttle.admits(route.http_method, route.path):
            raise HttpError("THROTTLED", log="more requests than the method's throttle lets through")

    async def _integrate(self, route: LocalRoute, context: Context, log: AccessLog) -> Reply:
        integration = route.integration
        timeout = integration.timeout_ms / 1000
        ends_at = self._clock.monotonic() + timeout
        origin, request = integration_request(
            context, integration, _trace_id(), is_signed=isinstance(route.authorizer, IamAuthorizer)
        )
        log.asks_integration(streams=integration.streams)
        try:
            async with asyncio.timeout(self._clock.real(timeout)):
                reply = await self._backend_at(origin).handle(request)
                log.has_headers(reply)
                if not integration.streams:
                    reply = await buffered(reply)
        except TimeoutError:
            raise HttpError("INTEGRATION_TIMEOUT", log=f"no answer within {timeout:g} s") from None
        except OSError as problem:
            raise HttpError("INTEGRATION_FAILURE", log=f"{origin} cannot be reached: {problem}") from problem
        if not isinstance(reply.body, bytes):
            body = LimitedStream(reply.body, self._clock, ends_at=ends_at, idle_seconds=self._idle_seconds)
            reply = replace(reply, body=body)
        return replace(reply, headers=_passed_on(reply.headers))

    def _context(self, request: Request) -> Context:
        request_id = str(uuid.uuid4())
        variables = {
            "requestId": request_id,
            "extendedRequestId": secrets.token_urlsafe(11) + "=",
            "apiId": self.api.id,
            "stage": self.api.stage,
            "httpMethod": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "identity.sourceIp": request.source_ip,
            "identity.userAgent": request.header("User-Agent") or "-",
            "requestTimeEpoch": str(int(self._clock.now() * 1000)),
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self._clock.now())),
        }
        return Context(request, variables=variables, stage_variables=self.api.stage_variables)

    @staticmethod
    def _identified(reply: Reply, context: Context) -> Reply:
        names = (("x-amzn-RequestId", "requestId"), ("x-amz-apigw-id", "extendedRequestId"))
        return replace(
            reply, headers=(*reply.headers, *((name, context.variables[variable]) for name, variable in names))
        )


def _mocked(mock: MockIntegration, context: Context) -> Reply:
    try:
        return mock.reply(context)
    except MockFailed as problem:
        raise HttpError("API_CONFIGURATION_ERROR", log=f"the mock integration cannot answer: {problem}") from problem
    except NotModelled as what:
        sentence = f"its mapping template uses {what}, which the local run does not know"
        raise HttpError("NOT_RUN_LOCALLY", sentence, log=sentence) from what


def _in_a_header(text: str) -> str:
    return text.encode("ascii", "replace").decode().translate(dict.fromkeys((*range(32), 127), " "))


def _passed_on(headers: Headers) -> Headers:
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in headers
        if name.lower() not in _CONNECTION
    )


def _trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
