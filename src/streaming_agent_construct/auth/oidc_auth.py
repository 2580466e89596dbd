"""Authorization by any OpenID provider: a Lambda authorizer on aws-jwt-verify, and the same checks at the runtime."""

from __future__ import annotations

import typing

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway

from ..acknowledgments import acknowledge_authorizer_function, acknowledge_log_group
from ..durations import is_multiple_of, resolve_milliseconds
from ..errors import StreamingAgentError
from ..host import asset_directory
from .accepted_token import AcceptedToken, in_words, runtime_authorizer
from .auth_config import AuthConfig, AuthKind, AuthorizerLogConfig
from .required_claim import authorizer_rule
from .token_texts import AUTHORIZATION_HEADER

if typing.TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from ..stack_values import StackValues

# Three parts of base64url behind the scheme: what is no JWT is answered with 401 before the function is asked.
_JWT_BEHIND_BEARER = "^[Bb]earer [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$"
# APIGW apigateway-use-lambda-authorizer: an answer is kept for an hour at most.
_MAX_CACHE_SECONDS = 3600
# Lambda API_FunctionConfiguration.
_MAX_DESCRIPTION = 256


def resolve_cache_ttl(ttl: Duration | None) -> Duration:
    """How long the gateway keeps an authorizer's answer, refused where API Gateway would refuse it."""
    if ttl is None:
        return Duration.minutes(5)
    ttl_ms = resolve_milliseconds("results_cache_ttl", ttl)
    if ttl_ms > _MAX_CACHE_SECONDS * 1000 or not is_multiple_of(ttl_ms, 1000):
        raise StreamingAgentError(
            "SAC117",
            f"results_cache_ttl: expected whole seconds, 1 hour at most, got {ttl.to_human_string()}; "
            "API Gateway caches an authorizer's answer no longer",
        )
    return ttl


class OidcAuth(AuthKind):
    """Our function checks the provider's token at the gateway, the runtime checks it again."""

    _token: AcceptedToken
    _cache_ttl: Duration

    def __init__(self, token: AcceptedToken, cache_ttl: Duration) -> None:
        self._token = token
        self._cache_ttl = cache_ttl

    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        from aws_cdk import aws_lambda as lambda_

        function = _authorizer_function(scope, self._token, log)
        authorizer = apigateway.TokenAuthorizer(
            scope,
            "OidcAuthorizer",
            handler=typing.cast(lambda_.IFunction, function),
            validation_regex=_JWT_BEHIND_BEARER,
            results_cache_ttl=self._cache_ttl,
        )
        return AuthConfig(
            authorization_type=apigateway.AuthorizationType.CUSTOM,
            authorizer=authorizer,
            scopes=[],
            runtime_authorizer=runtime_authorizer(self._token),
            caller="context.authorizer.sub",
            # A provider's `sub` may be of any length, Auth0's has 30 characters and a session id at least 33: the
            # function answers with a hash of issuer and `sub` beside it.
            user_session="context.authorizer.session",
            request_headers=[AUTHORIZATION_HEADER],
            expectation=in_words(self._token),
            deployment_key=[function.function_arn, f"{self._cache_ttl.to_seconds()}"],
        )


def _required_list_names(token: AcceptedToken) -> list[str]:
    """The lists that the function must find filled: a value may come out empty in the deployment."""
    lists = {"AUDIENCES": token.audiences, "CLIENT_IDS": token.client_ids, "SCOPES": token.scopes}
    return [name for name in sorted(lists) if len(lists[name]) > 0]


def _description(discovery_url: str) -> str:
    whole = f"Checks the tokens of {discovery_url}"
    return whole if len(whole) <= _MAX_DESCRIPTION else "Checks the tokens of the provider at DISCOVERY_URL"


def _authorizer_function(scope: Construct, token: AcceptedToken, log: AuthorizerLogConfig) -> lambda_.Function:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs

    group = logs.LogGroup(
        scope,
        "AuthorizerLog",
        retention=log.retention,
        encryption_key=log.encryption_key,
        removal_policy=RemovalPolicy.DESTROY,
    )
    acknowledge_log_group(group)
    # Its own role: the CDK's would carry a managed policy that may write every log group of the account.
    service = typing.cast(iam.IPrincipal, iam.ServicePrincipal("lambda.amazonaws.com"))
    role = iam.Role(scope, "AuthorizerRole", assumed_by=service)
    group.grant_write(role)
    function = lambda_.Function(
        scope,
        "AuthorizerFunction",
        description=_description(token.discovery_url),
        code=lambda_.Code.from_asset(asset_directory("oidc_authorizer")),
        handler="index.handler",
        runtime=lambda_.Runtime.NODEJS_24_X,
        architecture=lambda_.Architecture.ARM_64,
        memory_size=256,
        timeout=Duration.seconds(10),
        role=typing.cast(iam.IRole, role),
        log_group=group,
        logging_format=lambda_.LoggingFormat.JSON,
        environment={
            "DISCOVERY_URL": token.discovery_url,
            "CHECKED": "\n".join(_required_list_names(token)),
            "AUDIENCES": "\n".join(token.audiences),
            "CLIENT_IDS": "\n".join(token.client_ids),
            "SCOPES": "\n".join(token.scopes),
            "REQUIRED_CLAIMS": "\n".join([authorizer_rule(claim) for claim in token.claims]),
        },
    )
    acknowledge_authorizer_function(function)
    return function
