"""Authorization by a Cognito user pool: which token, clients, scopes and groups pass, at both layers."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway

from .auth_config import AuthConfig, AuthKind, AuthorizerLogConfig, TokenType
from .cognito_pool import new_client, new_user_pool
from .cognito_settings import ADMIN_SCOPE, CognitoConfig
from .discovery_url import OPENID_PATH
from .required_claim import ClaimConfig, runtime_claim
from .token_texts import AUTHORIZATION_HEADER
from .user_pool_checks import no_sign_in_reason, serves_machines

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito
    from constructs import Construct

    from ..stack_values import StackValues


class NewPoolAuth(AuthKind):
    """A user pool and client of this stack."""

    _token: TokenType
    _scopes: Sequence[str]
    _claims: Sequence[ClaimConfig]
    _settings: CognitoConfig

    def __init__(
        self, token: TokenType, scopes: Sequence[str], claims: Sequence[ClaimConfig], settings: CognitoConfig
    ) -> None:
        self._token = token
        self._scopes = scopes
        self._claims = claims
        self._settings = settings

    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        pool = new_user_pool(scope, self._settings)
        client = new_client(pool, self._settings, self._scopes)
        # Its tokens have all that a sign-in's have.
        return _pool_config(scope, values, self._token, self._scopes, self._claims, pool, values.region, [client], None)


class ExistingPoolAuth(AuthKind):
    """A user pool that exists already."""

    _token: TokenType
    _scopes: Sequence[str]
    _claims: Sequence[ClaimConfig]
    _pool: cognito.IUserPool
    _clients: Sequence[cognito.IUserPoolClient]

    def __init__(
        self,
        token: TokenType,
        scopes: Sequence[str],
        claims: Sequence[ClaimConfig],
        pool: cognito.IUserPool,
        clients: Sequence[cognito.IUserPoolClient],
    ) -> None:
        self._token = token
        self._scopes = scopes
        self._claims = claims
        self._pool = pool
        self._clients = clients

    def _bind(self, scope: Construct, values: StackValues, log: AuthorizerLogConfig) -> AuthConfig:
        region = self._pool.env.region
        no_sign_in = no_sign_in_reason(self._clients)
        return _pool_config(
            scope, values, self._token, self._scopes, self._claims, self._pool, region, self._clients, no_sign_in
        )


def _pool_config(
    scope: Construct,
    values: StackValues,
    token: TokenType,
    scopes: Sequence[str],
    claims: Sequence[ClaimConfig],
    pool: cognito.IUserPool,
    pool_region: str,
    clients: Sequence[cognito.IUserPoolClient],
    no_sign_in: str | None,
) -> AuthConfig:
    # One decision makes the gateway's authorizer and the runtime's.
    from aws_cdk import aws_bedrockagentcore as agentcore

    pool_id = pool.user_pool_id
    client_ids = [client.user_pool_client_id for client in clients]
    # RuntimeAuthorizerConfiguration.using_cognito checks client_id, which an ID token does not carry, and names
    # amazonaws.com in every partition; so the authorizer is spelled out.
    discovery_url = f"https://cognito-idp.{pool_region}.{values.url_suffix}/{pool_id}{OPENID_PATH}"
    authorizer = apigateway.CognitoUserPoolsAuthorizer(scope, "CognitoAuthorizer", cognito_user_pools=[pool])
    # Both kinds are signed with the same key for the same pool: only this claim tells them apart.
    use = "id" if token == TokenType.ID else "access"
    checks = [runtime_claim(ClaimConfig(name="token_use", values=[use], is_list=False))]
    for claim in claims:
        checks.append(runtime_claim(claim))
    if token == TokenType.ID:
        return AuthConfig(
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorizer=authorizer,
            scopes=[],
            runtime_authorizer=agentcore.CfnRuntime.CustomJWTAuthorizerConfigurationProperty(
                discovery_url=discovery_url, allowed_audience=client_ids, custom_claims=checks
            ),
            caller="context.authorizer.claims.sub",
            user_session="context.authorizer.claims.sub",
            sign_in_session="context.authorizer.claims.origin_jti" if no_sign_in is None else None,
            no_sign_in_reason=no_sign_in,
            request_headers=[AUTHORIZATION_HEADER],
            expectation="ID tokens of this pool: AllowedAudience with the client's id, and the claim token_use = id",
            deployment_key=[pool.user_pool_arn],
            user_pool=pool,
            user_pool_id=pool_id,
            user_pool_client=clients[0],
            user_pool_client_id=client_ids[0],
        )
    machines = ADMIN_SCOPE not in scopes
    for client in clients:
        machines = machines and serves_machines(client)
    return AuthConfig(
        authorization_type=apigateway.AuthorizationType.COGNITO,
        authorizer=authorizer,
        scopes=scopes,
        runtime_authorizer=agentcore.CfnRuntime.CustomJWTAuthorizerConfigurationProperty(
            discovery_url=discovery_url, allowed_clients=client_ids, allowed_scopes=list(scopes), custom_claims=checks
        ),
        caller="context.authorizer.claims.sub",
        user_session=None if machines else "context.authorizer.claims.sub",
        sign_in_session="context.authorizer.claims.origin_jti" if no_sign_in is None else None,
        no_sign_in_reason=no_sign_in,
        no_user_session_reason=(
            "these clients are machines, which have no user"
            if machines
            else "with access tokens the caller may be a machine, whose id is too short for a session"
        ),
        request_headers=[AUTHORIZATION_HEADER],
        expectation="access tokens of this pool: AllowedClients with the client's id, AllowedScopes with "
        f"{' or '.join(scopes)}, and the claim token_use = access",
        deployment_key=[pool.user_pool_arn],
        user_pool=pool,
        user_pool_id=pool_id,
        user_pool_client=clients[0],
        user_pool_client_id=client_ids[0],
    )
