"""What a Cognito user pool is asked for, checked: its scopes, groups, claims, clients and ids."""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence

from aws_cdk import Token

from ..errors import StreamingAgentError
from ..late_lists import check_list_is_known
from .auth_config import TokenType
from .cognito_settings import ADMIN_SCOPE
from .required_claim import ClaimConfig, RequiredClaim, check_claims
from .token_texts import is_oauth_word

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito

# Claims of Cognito's tokens by what they are (Cognito amazon-cognito-user-pools-using-the-id-token). An attribute of
# your own (custom:...) is a text.
_LISTS = ["cognito:groups", "cognito:roles"]
_TEXTS = ["sub", "email", "phone_number", "cognito:username", "username", "name", "cognito:preferred_role"]


def resolve_scopes(token: TokenType, scopes: Sequence[str] | None) -> Sequence[str]:
    """The scopes of which an access token must carry one."""
    if token == TokenType.ACCESS:
        if scopes is None:
            return [ADMIN_SCOPE]
        if len(scopes) == 0:
            # A method without scopes takes the ID token (APIGW apigateway-enable-cognito-user-pool).
            raise StreamingAgentError(
                "SAC053", "scopes: expected at least one, got an empty list; name a scope, or leave scopes out"
            )
        check_list_is_known("scopes", scopes)
        for scope in scopes:
            if not Token.is_unresolved(scope) and not is_oauth_word(scope):
                raise StreamingAgentError(
                    "SAC059",
                    f"scopes: expected words without spaces, quotes or backslashes, got '{scope}'; "
                    "write it as 'agents/invoke'",
                )
        return scopes
    if scopes is not None:
        raise StreamingAgentError(
            "SAC051",
            f"scopes: expected none with ID tokens, which carry no scope, got {', '.join(scopes)}; "
            "add token=TokenType.ACCESS, or leave scopes out",
        )
    return []


def resolve_claims(groups: Sequence[str] | None, claims: Sequence[RequiredClaim] | None) -> Sequence[ClaimConfig]:
    """The pool's groups and other claims; a Cognito authorizer checks neither, so they are the runtime's to check."""
    required = [claim._bind() for claim in claims] if claims is not None else []
    if groups is not None:
        if len(groups) == 0:
            raise StreamingAgentError(
                "SAC057",
                "groups: expected at least one, got an empty list; name a group, or leave groups out",
            )
        check_list_is_known("groups", groups)
        required.append(RequiredClaim.list_contains_any("cognito:groups", groups)._bind())
    check_claims(required)
    for claim in required:
        _check_cognito_claim(claim)
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
            "clients: expected at least one, got an empty list; pass the client of the pool that callers sign in with",
        )
    _check_pool_id(user_pool)
    for client in clients:
        _check_client_id(client)
        _check_client_is_of_pool(user_pool, client)
        if not serves_machines(client):
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
        _check_scopes_are_issued(scopes, clients)


def _check_cognito_claim(claim: ClaimConfig) -> None:
    name = claim.name
    if name == "token_use":
        raise StreamingAgentError(
            "SAC168",
            "claims: expected claims other than token_use, which the runtime checks already; choose the token with "
            "token=TokenType.ID or token=TokenType.ACCESS",
        )
    if not claim.is_list and name in _LISTS:
        raise StreamingAgentError(
            "SAC169",
            f"claims compares '{name}' as one text, and Cognito sends a list, so no token would pass: write "
            "groups=['...'], or RequiredClaim.list_contains(...)",
        )
    if claim.is_list and (name in _TEXTS or name.startswith("custom:")):
        raise StreamingAgentError(
            "SAC169",
            f"claims compares '{name}' as a list, and Cognito sends one text, so no token would pass: write "
            "RequiredClaim.string_equals(...)",
        )


def _check_pool_id(user_pool: cognito.IUserPool) -> None:
    if user_pool.node.default_child is not None:
        return  # of this app
    pool_id = user_pool.user_pool_id
    if Token.is_unresolved(pool_id):
        return
    # API_UserPoolType: the Region, an underscore, letters and digits.
    if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+_[0-9A-Za-z]{1,46}", pool_id) is None:
        raise StreamingAgentError(
            "SAC150",
            f"user_pool: expected an id such as 'us-east-1_AbCdEfGhI', got '{pool_id}'; a client's id belongs into "
            "UserPoolClient.from_user_pool_client_id, and an ARN into UserPool.from_user_pool_arn",
        )
    region = user_pool.env.region
    named = pool_id.split("_")[0]
    if not Token.is_unresolved(region) and region != named:
        raise StreamingAgentError(
            "SAC151",
            f"user_pool: expected the Region of the id '{pool_id}' to be the pool's, got a pool of {region}; name a "
            "pool of another Region by its ARN, with UserPool.from_user_pool_arn",
        )


def _check_client_id(client: cognito.IUserPoolClient) -> None:
    if client.node.default_child is not None:
        return  # of this app
    client_id = client.user_pool_client_id
    # API_UserPoolClientType: ClientId.
    if not Token.is_unresolved(client_id) and (
        re.fullmatch(r"[A-Za-z0-9_+-]{1,128}", client_id) is None
        or re.fullmatch(r"[a-z]+(-[a-z]+)+-[0-9]+_[0-9A-Za-z]+", client_id) is not None
    ):
        raise StreamingAgentError(
            "SAC152",
            f"clients: expected ids of letters and digits such as '1example23456789', got '{client_id}'; "
            "a pool's id belongs into UserPool.from_user_pool_id",
        )


def _check_client_is_of_pool(user_pool: cognito.IUserPool, client: cognito.IUserPoolClient) -> None:
    resource = client.node.default_child
    if resource is None:
        return  # imported: its pool is not known here
    if typing.cast("cognito.CfnUserPoolClient", resource).user_pool_id != user_pool.user_pool_id:
        raise StreamingAgentError(
            "SAC052",
            f"the client '{client.node.path}' belongs to another user pool than '{user_pool.node.path}', and the "
            "runtime takes the tokens of one pool: pass clients of that pool, and give the other pool a "
            "StreamingAgentApi of its own",
        )


def serves_machines(client: cognito.IUserPoolClient) -> bool:
    """Whether the client's OAuth flow is client-credentials alone, as far as the app knows it."""
    resource = client.node.default_child
    if resource is None:
        return False
    flows = typing.cast("cognito.CfnUserPoolClient", resource).allowed_o_auth_flows
    return flows is not None and len(flows) == 1 and flows[0] == "client_credentials"


def no_sign_in_reason(clients: Sequence[cognito.IUserPoolClient]) -> str | None:
    """Whose tokens carry no ``origin_jti``, as far as the app knows the clients; none where all do."""
    for client in clients:
        if serves_machines(client):
            return f"the client '{client.node.path}' of machines, which do not sign in"
        resource = client.node.default_child
        if resource is None:
            continue  # imported: see that token revocation is on
        given = typing.cast("cognito.CfnUserPoolClient", resource).enable_token_revocation
        revocation = typing.cast("bool | None", given)
        # Cognito token-revocation: ID and access tokens carry the claim only with revocation on, the default.
        if revocation is not None and not revocation:
            return (
                f"the client '{client.node.path}', whose tokens have none while UserPoolClient.enable_token_revocation "
                "is False"
            )
    return None


def _check_scopes_are_issued(scopes: Sequence[str], clients: Sequence[cognito.IUserPoolClient]) -> None:
    """Refuses scopes of which no client's token carries one, where every client's scopes are known."""
    issued: list[str] = []
    for client in clients:
        resource = client.node.default_child
        if resource is None:
            return
        allowed = typing.cast("cognito.CfnUserPoolClient", resource).allowed_o_auth_scopes
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
