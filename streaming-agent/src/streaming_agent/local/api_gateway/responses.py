"""Gateway responses: what API Gateway itself answers, with the template's own headers, statuses and bodies."""

import json
from collections.abc import Mapping

from ..messages import Reply
from .request_context import Context
from .rest_api import GatewayResponse

# type -> status, x-amzn-ErrorType, message (APIGW `supported-gateway-response-types`; messages as it sends them)
_DEFAULTS = {
    "ACCESS_DENIED": (403, "AccessDeniedException", "User is not authorized to access this resource"),
    "API_CONFIGURATION_ERROR": (500, "InternalServerErrorException", "Internal server error"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "AuthorizerConfigurationException", "Internal server error"),
    "AUTHORIZER_FAILURE": (500, "AuthorizerFailureException", "Internal server error"),
    "BAD_REQUEST_PARAMETERS": (400, "BadRequestException", "Missing required request parameters"),
    "EXPIRED_TOKEN": (403, "ExpiredTokenException", "The security token included in the request is expired"),
    "INTEGRATION_FAILURE": (504, "InternalServerErrorException", "Internal server error"),
    "INTEGRATION_TIMEOUT": (504, "InternalServerErrorException", "Endpoint request timed out"),
    "INVALID_API_KEY": (403, "ForbiddenException", "Forbidden"),
    "INVALID_SIGNATURE": (403, "InvalidSignatureException", "The request signature does not match"),
    "MISSING_AUTHENTICATION_TOKEN": (403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    "NOT_RUN_LOCALLY": (501, "NotRunLocallyException", "This route is not run locally"),  # ours: AWS has no such type
    "QUOTA_EXCEEDED": (429, "LimitExceededException", "Limit Exceeded"),
    "REQUEST_TOO_LARGE": (413, "RequestEntityTooLargeException", "Request Too Long"),
    "THROTTLED": (429, "TooManyRequestsException", "Too Many Requests"),
    "UNAUTHORIZED": (401, "UnauthorizedException", "Unauthorized"),
    "WAF_FILTERED": (403, "ForbiddenException", "Forbidden"),
}


class HttpError(Exception):
    """The gateway answers by itself, with the gateway response of this type."""

    def __init__(self, response_type: str, message: str | None = None, *, log: str = "") -> None:
        super().__init__(f"{response_type}: {log}" if log else response_type)
        self.response_type = response_type
        self.message = message
        self.log = log


def gateway_response(refused: HttpError, customised: Mapping[str, GatewayResponse], context: Context) -> Reply:
    """The reply to a refused request."""
    status, error_type, default_message = _DEFAULTS[refused.response_type]
    message = refused.message or default_message
    custom = customised.get(refused.response_type) or customised.get("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX")
    context.variables.update(
        {
            "error.message": message,
            "error.messageString": json.dumps(message),
            "error.responseType": refused.response_type,
        }
    )
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error_type}
    body = json.dumps({"message": message}, separators=(",", ":"))
    if custom is not None:
        status = custom.status or status
        for name, source in custom.headers.items():
            value = context.value(source)
            if value is not None:
                headers[name] = value
        if custom.templates:
            headers["Content-Type"], template = next(iter(custom.templates.items()))
            body = context.filled(template)
    return Reply(status=status, headers=tuple(headers.items()), body=body.encode())
