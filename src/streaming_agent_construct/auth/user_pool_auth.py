"""Authorization by a Cognito user pool: which token, clients, scopes and groups pass, at both layers."""

import re
import typing
from collections.abc import Sequence

from aws_cdk import Aws, Token
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from ..errors import StreamingAgentError
from .auth_config import AuthConfig, TokenType
from .cognito_pool import ADMIN_SCOPE
from .required_claim import RequiredClaim

_HEADER = "Authorization"


def resolve_scopes(token: TokenType, scopes: Sequence[str] | None) -> Sequence[str]:
    """The scopes of which an access token must carry one."""
    if token == TokenType.ACCESS:
        if scopes is None:
            return [ADMIN_SCOPE]
        if len(scopes) == 0:
            # A method without scopes takes the ID token (APIGW apigateway-enable-cognito-user-pool).
            raise StreamingAgentError(
                "SAC053", "scopes is empty, and a gateway without scopes takes ID tokens: name a scope, or leave it out"
            )
        for scope in scopes:
            # RFC 6749, 3.3.
            if not Token.is_unresolved(scope) and re.fullmatch(r"[!#-\[\]-~]+", scope) is None:
                raise StreamingAgentError(
                    "SAC059",
                    f"a scope is a word without spaces, quotes or backslashes, got '{scope}': "
                    "write it as 'agents/invoke'",
                )
        return scopes
    if scopes is not None:
        raise StreamingAgentError(
            "SAC051",
            f"an ID token has no scopes, got {', '.join(scopes)}: add token=TokenType.ACCESS, or leave scopes out",
        )
    return []


def required_claims(groups: Sequence[str] | None, claims: Sequence[RequiredClaim] | None) -> Sequence[RequiredClaim]:
    """The pool's groups and other claims; a Cognito authorizer checks neither, so they are the runtime's to check."""
    required = list(claims) if claims is not None else []
    if groups is not None:
        if len(groups) == 0:
            raise StreamingAgentError(
                "SAC057", "groups is empty, so no user would pass: name a group of the pool, or leave groups out"
            )
        required.append(RequiredClaim.list_contains_any("cognito:groups", groups))
    return required


def check_clients(
    token: TokenType,
    scopes: Sequence[str] | None,
    groups: Sequence[str] | None,
    user_pool: cognito.IUserPool,
    clients: Sequence[cognito.IUserPoolClient],
) -> None:
    """Refuses clients whose tokens could not pass, as far as the app knows them."""
    if len(clients) == 0:
        raise StreamingAgentError(
            "SAC050",
            "clients is empty, so no token would pass: pass the client of the pool that callers sign in with",
        )
    for client in clients:
        _refuse_foreign_client(user_pool, client)
        if not _serves_machines(client):
            continue
        if token == TokenType.ID:
            raise StreamingAgentError(
                "SAC054",
                f"the client '{client.node.path}' has the client-credentials flow alone, which issues no ID tokens: "
                "add token=TokenType.ACCESS and its scopes",
            )
        if scopes is None:
            raise StreamingAgentError(
                "SAC055",
                f"the client '{client.node.path}' has the client-credentials flow alone, and a machine's token does "
                f"not carry the scope '{ADMIN_SCOPE}': name its own with scopes=['resource-server/scope']",
            )
        if groups is not None:
            raise StreamingAgentError(
                "SAC058",
                f"the client '{client.node.path}' has the client-credentials flow alone, and a machine is in no "
                f"group, got groups {', '.join(groups)}: use scopes",
            )
    if scopes is not None:
        _refuse_scopes_of_nobody(scopes, clients)


def bind_user_pool(
    scope: Construct,
    token: TokenType,
    scopes: Sequence[str],
    claims: Sequence[RequiredClaim],
    pool: cognito.IUserPool,
    clients: Sequence[cognito.IUserPoolClient],
) -> AuthConfig:
    """Makes the gateway's authorizer, and the runtime's from the same decision."""
    client_ids = [client.user_pool_client_id for client in clients]
    # RuntimeAuthorizerConfiguration.using_cognito checks client_id, which an ID token does not carry, and names
    # amazonaws.com in every partition; so the authorizer is spelled out.
    discovery_url = (
        f"https://cognito-idp.{pool.env.region}.{Aws.URL_SUFFIX}/{pool.user_pool_id}/.well-known/openid-configuration"
    )
    authorizer = apigateway.CognitoUserPoolsAuthorizer(scope, "Authorizer", cognito_user_pools=[pool])
    checks = [_token_use("id" if token == TokenType.ID else "access")]
    for claim in claims:
        checks.append(claim._runtime_claim())
    if token == TokenType.ID:
        return AuthConfig(
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorizer=authorizer,
            scopes=[],
            runtime_authorizer=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
                discovery_url, None, client_ids, None, checks
            ),
            caller="context.authorizer.claims.sub",
            user_session="context.authorizer.claims.sub",
            request_headers=[_HEADER],
            expectation="ID tokens of this pool: AllowedAudience with the client's id, and the claim token_use = id",
            deployment_key=[pool.user_pool_arn],
            user_pool=pool,
            user_pool_client=clients[0],
        )
    machines = ADMIN_SCOPE not in scopes
    for client in clients:
        machines = machines and _serves_machines(client)
    return AuthConfig(
        authorization_type=apigateway.AuthorizationType.COGNITO,
        authorizer=authorizer,
        scopes=scopes,
        runtime_authorizer=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            discovery_url, client_ids, None, list(scopes), checks
        ),
        caller="context.authorizer.claims.sub",
        user_session=None if machines else "context.authorizer.claims.sub",
        no_user_session_reason=(
            "these clients are machines, which have no user"
            if machines
            else "with access tokens the caller may be a machine, whose id is too short for a session"
        ),
        request_headers=[_HEADER],
        expectation="access tokens of this pool: AllowedClients with the client's id, AllowedScopes with "
        f"{' or '.join(scopes)}, and the claim token_use = access",
        deployment_key=[pool.user_pool_arn],
        user_pool=pool,
        user_pool_client=clients[0],
    )


def _token_use(kind: str) -> agentcore.RuntimeCustomClaim:
    # Both kinds are signed with the same key for the same pool: only this claim tells them apart.
    return agentcore.RuntimeCustomClaim.with_string_value("token_use", kind)


def _refuse_foreign_client(user_pool: cognito.IUserPool, client: cognito.IUserPoolClient) -> None:
    resource = client.node.default_child
    if resource is None:
        return  # imported: its pool is not known here
    if typing.cast(cognito.CfnUserPoolClient, resource).user_pool_id != user_pool.user_pool_id:
        raise StreamingAgentError(
            "SAC052",
            f"the client '{client.node.path}' belongs to another user pool than '{user_pool.node.path}', and the "
            "runtime takes the tokens of one pool: pass clients of that pool, and give the other pool a "
            "StreamingAgentApi of its own",
        )


def _serves_machines(client: cognito.IUserPoolClient) -> bool:
    """Whether the client's OAuth flow is client-credentials alone, as far as the app knows it."""
    resource = client.node.default_child
    if resource is None:
        return False
    flows = typing.cast(cognito.CfnUserPoolClient, resource).allowed_o_auth_flows
    return flows is not None and len(flows) == 1 and flows[0] == "client_credentials"


def _refuse_scopes_of_nobody(scopes: Sequence[str], clients: Sequence[cognito.IUserPoolClient]) -> None:
    """Refuses scopes of which no client's token carries one, where every client's scopes are known."""
    issued: list[str] = []
    for client in clients:
        resource = client.node.default_child
        if resource is None:
            return
        allowed = typing.cast(cognito.CfnUserPoolClient, resource).allowed_o_auth_scopes
        for scope in allowed if allowed is not None else []:
            issued.append(scope)
    for scope in issued:
        if Token.is_unresolved(scope) or scope in scopes:
            return
    if ADMIN_SCOPE not in scopes:
        raise StreamingAgentError(
            "SAC056",
            f"no token of these clients carries one of the scopes {', '.join(scopes)}, they are allowed "
            f"{', '.join(issued) if len(issued) > 0 else 'none'}: add the scope to a client",
        )
