"""Authorization by the user's own Lambda function: it decides at the gateway, and the runtime still takes a JWT."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway

from ..errors import StreamingAgentError
from .accepted_token import AcceptedToken, in_words, runtime_authorizer
from .auth_config import AuthConfig, AuthKind, AuthorizerLogConfig
from .token_texts import AUTHORIZATION_HEADER, is_header_name

if typing.TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from ..stack_values import StackValues


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
    headers = identity_headers if identity_headers is not None else [AUTHORIZATION_HEADER]
    if len(headers) == 0:
        raise StreamingAgentError(
            "SAC120",
            "identity_headers: expected at least one header, got an empty list; API Gateway caches an answer for the "
            "headers' values, so name the one that tells callers apart, or leave it out for 'Authorization'",
        )
    for header in headers:
        if not is_header_name(header):
            raise StreamingAgentError("SAC121", f"identity_headers: expected names of headers, got '{header}'")
    if token_key is None and "authorization" not in [header.lower() for header in headers]:
        raise StreamingAgentError(
            "SAC122",
            f"the runtime checks a token too, and callers send only {', '.join(headers)}: add 'Authorization' to "
            "identity_headers, or let the function answer with the token and name its context key with token_key",
        )
    _check_context_key("token_key", token_key)
    _check_context_key("session_key", session_key)
    return LambdaAnswers(identity_headers=headers, token_key=token_key, session_key=session_key, cache_ttl=cache_ttl)


def _check_context_key(name: str, key: str | None) -> None:
    if key is not None and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key) is None:
        raise StreamingAgentError(
            "SAC123",
            f"{name}: expected a letter, then letters, digits and underscores, got '{key}'; write the key that the "
            "function puts into its answer's context, such as 'session'",
        )


class LambdaAuth(AuthKind):
    """A function decides at the gateway; the runtime checks the token."""

    _handler: lambda_.IFunction
    _token: AcceptedToken
    _answers: LambdaAnswers

    def __init__(self, handler: lambda_.IFunction, token: AcceptedToken, answers: LambdaAnswers) -> None:
        self._handler = handler
        self._token = token
        self._answers = answers

    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        answers = self._answers
        authorizer = apigateway.RequestAuthorizer(
            scope,
            "LambdaAuthorizer",
            handler=self._handler,
            identity_sources=[apigateway.IdentitySource.header(header) for header in answers.identity_headers],
            results_cache_ttl=answers.cache_ttl,
        )
        return AuthConfig(
            authorization_type=apigateway.AuthorizationType.CUSTOM,
            authorizer=authorizer,
            scopes=[],
            runtime_authorizer=runtime_authorizer(self._token),
            caller="context.authorizer.principalId",
            user_session=f"context.authorizer.{answers.session_key}" if answers.session_key is not None else None,
            no_user_session_reason=(
                None
                if answers.session_key is not None
                else "the function's principalId may be too short for a session (name a context key with session_key)"
            ),
            token_source=f"context.authorizer.{answers.token_key}" if answers.token_key is not None else None,
            request_headers=answers.identity_headers,
            expectation=in_words(self._token),
            deployment_key=[
                self._handler.function_arn,
                f"{answers.cache_ttl.to_seconds()}",
                ",".join(answers.identity_headers),
            ],
        )
