"""Who may call a method: sends each request to the kind of authorizer that its method has."""

from collections.abc import Callable

from ..clock import Clock
from ..jwt_check import IssuerKeys
from .authorizers import CognitoAuthorizer, IamAuthorizer, LambdaAuthorizer
from .cognito_authorizer import CognitoAuthorization
from .lambda_authorizer import CallFunction, LambdaAuthorization
from .request_context import Context
from .rest_api import LocalRoute, RestApi
from .sigv4 import LocalCredentials, SignedRequests


class MethodAuthorizer:
    """Decides for one API."""

    def __init__(
        self,
        api: RestApi,
        keys_of_pool: Callable[[str], IssuerKeys],
        call_function: CallFunction,
        credentials: LocalCredentials,
        clock: Clock,
    ) -> None:
        self._api = api
        self._cognito = CognitoAuthorization(keys_of_pool, clock)
        self._functions = LambdaAuthorization(call_function, clock)
        self._signed = SignedRequests(credentials, clock)

    async def authorize(self, route: LocalRoute, context: Context) -> dict[str, str]:
        """What the authorizer adds to `$context`; raises `HttpError` when the caller may not call the method."""
        match route.authorizer:
            case None:
                return {}
            case CognitoAuthorizer() as authorizer:
                return await self._cognito.authorize(authorizer, route.scopes, context.request)
            case LambdaAuthorizer() as authorizer:
                method = f"{self._api.stage}/{context.request.method}{context.request.path}"
                return await self._functions.authorize(authorizer, context, f"{self._api.execution_arn}/{method}")
            case IamAuthorizer():
                return self._signed.authorize(context.request, self._api.stage)
