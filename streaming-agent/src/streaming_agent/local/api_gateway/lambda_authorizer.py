"""A Lambda authorizer: its function is called for real, its policy is read, its answer is kept for its time."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ...template import TemplateResource
from ...template.iam_policy import is_allowed
from ..clock import Clock
from ..functions import FunctionFailed
from .authorizers import LambdaAuthorizer
from .request_context import Context
from .responses import HttpError

# Calls a function of the template; raises `FunctionFailed`.
CallFunction = Callable[[TemplateResource, Mapping[str, Any]], Awaitable[Any]]


class LambdaAuthorization:
    """Asks the functions of Lambda authorizers (APIGW `apigateway-use-lambda-authorizer`)."""

    def __init__(self, call_function: CallFunction, clock: Clock) -> None:
        self._call_function = call_function
        self._clock = clock
        self._kept: dict[tuple[str, ...], tuple[float, Mapping[str, Any]]] = {}

    async def authorize(self, authorizer: LambdaAuthorizer, context: Context, method_arn: str) -> dict[str, str]:
        """The authorizer's context variables; raises `HttpError` unless its policy allows the method."""
        identity = self._identity(authorizer, context)
        answer = self._known(authorizer, identity)
        if answer is None:
            answer = await self._asked(authorizer, context, method_arn)
            if authorizer.ttl_seconds and identity:
                expiry = self._clock.monotonic() + authorizer.ttl_seconds
                self._kept[authorizer.name, *identity] = (expiry, answer)
        if not is_allowed(_statements(answer), "execute-api:Invoke", method_arn):
            raise HttpError("ACCESS_DENIED", log=f"the policy of {authorizer.name} does not allow {method_arn}")
        variables = {
            f"authorizer.{name}": str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in answer.get("context", {}).items()
            if value is not None
        }
        return {"authorizer.principalId": str(answer["principalId"]), **variables}

    @staticmethod
    def _identity(authorizer: LambdaAuthorizer, context: Context) -> tuple[str, ...]:
        values = [context.value(source) for source in authorizer.identity_sources]
        # without a cache a REQUEST authorizer's sources are not asked for
        needed = authorizer.type == "TOKEN" or authorizer.ttl_seconds > 0
        if needed and not all(values):
            raise HttpError("UNAUTHORIZED", log="an identity source is missing")
        if authorizer.token_pattern is not None and not authorizer.token_pattern.is_in(values[0] or ""):
            raise HttpError("UNAUTHORIZED", log="the token does not match IdentityValidationExpression")
        return tuple(value for value in values if value is not None)

    def _known(self, authorizer: LambdaAuthorizer, identity: tuple[str, ...]) -> Mapping[str, Any] | None:
        expiry, answer = self._kept.get((authorizer.name, *identity), (0.0, None))
        return answer if expiry > self._clock.monotonic() else None

    async def _asked(self, authorizer: LambdaAuthorizer, context: Context, method_arn: str) -> Mapping[str, Any]:
        try:
            answer = await self._call_function(authorizer.function, _event(authorizer, context, method_arn))
        except FunctionFailed as failed:
            if str(failed) == "Unauthorized":
                raise HttpError("UNAUTHORIZED", log=f"{authorizer.name} said Unauthorized") from failed
            raise HttpError("AUTHORIZER_FAILURE", log=f"{authorizer.name} failed: {failed}") from failed
        problem = _problem(answer)
        if problem is not None:
            raise HttpError("AUTHORIZER_CONFIGURATION_ERROR", log=f"{authorizer.name} {problem}")
        return dict(answer)


def _event(authorizer: LambdaAuthorizer, context: Context, method_arn: str) -> dict[str, Any]:
    request = context.request
    if authorizer.type == "TOKEN":
        token = context.value(authorizer.identity_sources[0])
        return {"type": "TOKEN", "authorizationToken": token, "methodArn": method_arn}
    arguments = request.query_arguments()
    return {
        "type": "REQUEST",
        "methodArn": method_arn,
        "resource": context.variables["resourcePath"],
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: request.all_headers(name) for name, _ in request.headers},
        "queryStringParameters": dict(arguments),
        "multiValueQueryStringParameters": {
            name: [value for key, value in arguments if key == name] for name, _ in arguments
        },
        "pathParameters": dict(context.path_parameters),
        "stageVariables": dict(context.stage_variables),
        "requestContext": {
            "requestId": context.variables["requestId"],
            "apiId": context.variables["apiId"],
            "stage": context.variables["stage"],
            "resourcePath": context.variables["resourcePath"],
            "httpMethod": request.method,
            "path": context.variables["path"],
            "identity": {"sourceIp": request.source_ip},
        },
    }


def _statements(answer: Mapping[str, Any]) -> list[Any]:
    statements = answer["policyDocument"].get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def _problem(answer: Any) -> str | None:
    """What of an answer is of another shape than API Gateway takes (APIGW `api-gateway-lambda-authorizer-output`)."""
    if not isinstance(answer, dict) or not isinstance(answer.get("policyDocument"), dict):
        return "answered without a policy"
    if isinstance(answer.get("principalId"), (dict, list, type(None))):
        return "answered without a principalId that is a text"
    context = answer.get("context", {})
    if not isinstance(context, dict):
        return "answered with a context that is no mapping"
    for name, value in context.items():
        if isinstance(value, (dict, list)):
            return f"answered with a context whose {name} is neither a text nor a number nor true or false"
    for statement in _statements(answer):
        if not isinstance(statement, dict):
            return "answered with a policy whose statement is no mapping"
        if statement.get("Effect") not in ("Allow", "Deny"):
            return "answered with a policy whose Effect is neither Allow nor Deny"
        for key in ("Action", "Resource"):
            written = statement.get(key, statement.get(f"Not{key}"))
            listed = written if isinstance(written, list) else [written]
            if not all(isinstance(one, str) for one in listed):
                return f"answered with a policy whose {key} is neither a text nor a list of texts"
    return None
