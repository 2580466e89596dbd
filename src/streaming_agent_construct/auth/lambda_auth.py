"""Authorization by a Lambda function of the user's: it decides at the gateway, and the runtime still takes a JWT."""

import dataclasses
import re
from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..errors import StreamingAgentError
from .accepted_token import AcceptedToken, in_words, runtime_check
from .auth_config import AuthConfig

_HEADER = "Authorization"


@dataclasses.dataclass(frozen=True, kw_only=True)
class LambdaAnswers:
    """What the function is asked with, and what its answer's context carries."""

    identity_headers: Sequence[str]
    """The headers that a caller must send, and that the answer is kept for."""
    token_key: str | None = None
    """The key of the context that carries ``Bearer`` and the runtime's token, if the caller does not send it."""
    session_key: str | None = None
    """The key of the context that carries the caller's session id, if it does."""
    cache_ttl: Duration
    """How long an answer is kept."""


def resolve_lambda_answers(
    identity_headers: Sequence[str] | None, token_key: str | None, session_key: str | None, cache_ttl: Duration
) -> LambdaAnswers:
    """The function's part, refused where the runtime would be left without a token."""
    headers = identity_headers if identity_headers is not None else [_HEADER]
    if len(headers) == 0:
        raise StreamingAgentError(
            "SAC120",
            "identity_headers is empty, so one caller's answer would be kept for every other: "
            "name the header that tells callers apart, or leave it out for 'Authorization'",
        )
    for header in headers:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", header) is None:
            raise StreamingAgentError("SAC121", f"an identity header is a header's name, got '{header}'")
    if token_key is None and "authorization" not in [header.lower() for header in headers]:
        raise StreamingAgentError(
            "SAC122",
            f"the runtime checks a token too, and callers send {', '.join(headers)} alone: add 'Authorization' to "
            "identity_headers, or let the function answer with the token and name its context key with token_key",
        )
    for key in [token_key, session_key]:
        if key is not None and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key) is None:
            raise StreamingAgentError(
                "SAC123", f"a key of the authorizer's context is letters, digits and underscores, got '{key}'"
            )
    return LambdaAnswers(identity_headers=headers, token_key=token_key, session_key=session_key, cache_ttl=cache_ttl)


def bind_lambda(
    scope: Construct, handler: lambda_.IFunction, token: AcceptedToken, answers: LambdaAnswers
) -> AuthConfig:
    """Makes the gateway's authorizer around the function, and the runtime's check of the token."""
    authorizer = apigateway.RequestAuthorizer(
        scope,
        "Authorizer",
        handler=handler,
        identity_sources=[apigateway.IdentitySource.header(header) for header in answers.identity_headers],
        results_cache_ttl=answers.cache_ttl,
    )
    return AuthConfig(
        authorization_type=apigateway.AuthorizationType.CUSTOM,
        authorizer=authorizer,
        scopes=[],
        runtime_authorizer=runtime_check(token),
        caller="context.authorizer.principalId",
        user_session=f"context.authorizer.{answers.session_key}" if answers.session_key is not None else None,
        no_user_session_reason=(
            None
            if answers.session_key is not None
            else "the function's principalId may be too short for a session (name a context key with session_key)"
        ),
        token_source=f"context.authorizer.{answers.token_key}" if answers.token_key is not None else None,
        request_headers=answers.identity_headers,
        expectation=in_words(token),
        deployment_key=[handler.function_arn, f"{answers.cache_ttl.to_seconds()}", ",".join(answers.identity_headers)],
    )
