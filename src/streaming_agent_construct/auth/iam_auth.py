"""Authorization by AWS credentials: SigV4 at the gateway, and the user's own token in a header for the runtime."""

from __future__ import annotations

import typing

from aws_cdk import Annotations
from aws_cdk import aws_apigateway as apigateway

from ..errors import StreamingAgentError
from .accepted_token import AcceptedToken, in_words, runtime_authorizer
from .auth_config import AuthConfig, AuthKind, AuthorizerLogConfig
from .token_texts import AUTHORIZATION_HEADER, is_header_name

if typing.TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from ..stack_values import StackValues

_DEFAULT_HEADER = "X-Agent-Authorization"
_SIGNATURE_HEADERS = [AUTHORIZATION_HEADER, "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"]


def resolve_token_header(header: str | None) -> str:
    """The header for the user's token, refused where it would collide with the signature."""
    if header is None:
        return _DEFAULT_HEADER
    name = header.lower()
    if not is_header_name(header) or name == "authorization" or name.startswith("x-amz-") or name.startswith("x-amzn-"):
        raise StreamingAgentError(
            "SAC130",
            f"token_header: expected a header that the signature does not use, without the prefixes x-amz- and "
            f"x-amzn-, got '{header}'; name one such as '{_DEFAULT_HEADER}'",
        )
    return header


class IamAuth(AuthKind):
    """SigV4 at the gateway, and the user's token at the runtime."""

    _token: AcceptedToken
    _token_header: str

    def __init__(self, token: AcceptedToken, token_header: str) -> None:
        self._token = token
        self._token_header = token_header

    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        # APIGW api-gateway-known-issues: with AWS_IAM the client's Authorization is not forwarded. That another header
        # may be mapped onto it is documented nowhere.
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:iam-token-header",
            f"AgentAuth.iam maps the header '{self._token_header}' onto the integration's Authorization, and AWS does "
            "not document that a method with AWS_IAM may: try it in your account before you rely on it, then "
            "acknowledge this",
        )
        return AuthConfig(
            authorization_type=apigateway.AuthorizationType.IAM,
            scopes=[],
            runtime_authorizer=runtime_authorizer(self._token),
            caller="context.identity.userArn",
            no_user_session_reason="the gateway knows the AWS identity that signed, and not the user in the token",
            signs_requests=True,
            token_source=f"method.request.header.{self._token_header}",
            request_headers=[*_SIGNATURE_HEADERS, self._token_header],
            expectation=in_words(self._token),
            deployment_key=["AWS_IAM"],
        )


def grant_method(method: apigateway.Method, grantee: iam.IGrantable) -> iam.Grant:
    """Lets AWS credentials call a method, where those are what the gateway asks for."""
    if typing.cast(apigateway.CfnMethod, method.node.default_child).authorization_type != "AWS_IAM":
        raise StreamingAgentError(
            "SAC131",
            "grant_invoke is for callers with AWS credentials, and this API takes tokens only: "
            "give the caller a token, or use AgentAuth.iam",
        )
    return method.grant_execute(grantee)
