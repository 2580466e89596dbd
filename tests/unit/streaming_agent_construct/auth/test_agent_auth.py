"""One token decision: what the gateway's authorizer takes, the runtime's takes too, and nothing else."""

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import AgentAuth, AgentSource, SessionBinding, StreamingAgentApi, TokenType

from ..conftest import Refused
from ..templates import flat, only, post_method, resources


def _jwt_authorizer(stack: Stack) -> dict[str, Any]:
    authorizer: dict[str, Any] = only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"][
        "CustomJWTAuthorizer"
    ]
    return authorizer


def _claims(stack: Stack) -> dict[str, str]:
    return {
        claim["InboundTokenClaimName"]: claim["AuthorizingClaimMatchValue"]["ClaimMatchValue"]["MatchValueString"]
        for claim in _jwt_authorizer(stack)["CustomClaims"]
    }


def test_id_tokens_are_matched_by_audience_because_they_carry_no_client_id(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    client = next(iter(resources(stack, "AWS::Cognito::UserPoolClient")))
    authorizer = _jwt_authorizer(stack)
    assert authorizer["AllowedAudience"] == [{"Ref": client}]
    assert "AllowedClients" not in authorizer
    assert "AllowedScopes" not in authorizer


def test_a_gateway_that_takes_id_tokens_asks_for_no_scopes(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    method = post_method(stack)
    assert method["AuthorizationType"] == "COGNITO_USER_POOLS"
    assert "AuthorizationScopes" not in method


def test_access_tokens_are_matched_by_client_and_scope_on_both_layers(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        auth=AgentAuth.cognito(token=TokenType.ACCESS),
        session=SessionBinding.PER_USER,
    )
    client = next(iter(resources(stack, "AWS::Cognito::UserPoolClient")))
    authorizer = _jwt_authorizer(stack)
    assert post_method(stack)["AuthorizationScopes"] == ["aws.cognito.signin.user.admin"]
    assert authorizer["AllowedScopes"] == ["aws.cognito.signin.user.admin"]
    assert authorizer["AllowedClients"] == [{"Ref": client}]
    assert "AllowedAudience" not in authorizer


@pytest.mark.parametrize(("token", "use"), [(TokenType.ID, "id"), (TokenType.ACCESS, "access")])
def test_the_runtime_tells_the_two_kinds_of_token_apart(
    stack: Stack, agent: AgentSource, token: TokenType, use: str
) -> None:
    auth = AgentAuth.cognito(token=token)
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_USER)
    assert _claims(stack) == {"token_use": use}


def test_the_issuers_address_holds_in_every_partition(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    pool = next(iter(resources(stack, "AWS::Cognito::UserPool")))
    assert flat(_jwt_authorizer(stack)["DiscoveryUrl"]) == (
        f"https://cognito-idp.{{AWS::Region}}.{{AWS::URLSuffix}}/{{{pool}}}/.well-known/openid-configuration"
    )


def test_the_clients_of_an_existing_pool_pass(stack: Stack, agent: AgentSource) -> None:
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-west-1_abcdefghi")
    clients = [cognito.UserPoolClient.from_user_pool_client_id(stack, name, f"client-{name}") for name in ("A", "B")]
    api = StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.user_pool(pool, clients))
    assert _jwt_authorizer(stack)["AllowedAudience"] == ["client-A", "client-B"]
    assert resources(stack, "AWS::Cognito::UserPool") == {}
    assert api.user_pool is not None
    assert api.user_pool.user_pool_id == "eu-west-1_abcdefghi"


def test_a_pool_of_another_region_is_asked_there(stack: Stack, agent: AgentSource) -> None:
    arn = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_abc"
    pool = cognito.UserPool.from_user_pool_arn(stack, "Pool", arn)
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "client")
    StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.user_pool(pool, [client]))
    assert flat(_jwt_authorizer(stack)["DiscoveryUrl"]).startswith(
        "https://cognito-idp.eu-central-1.{AWS::URLSuffix}/eu-central-1_abc/"
    )


def test_machines_present_access_tokens_with_their_scope(stack: Stack, agent: AgentSource) -> None:
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-west-1_abcdefghi")
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "machine")
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        auth=AgentAuth.user_pool(pool, [client], token=TokenType.ACCESS, scopes=["agents/invoke"]),
        session=SessionBinding.PER_REQUEST,
    )
    assert post_method(stack)["AuthorizationScopes"] == ["agents/invoke"]
    assert _jwt_authorizer(stack)["AllowedScopes"] == ["agents/invoke"]
    assert _jwt_authorizer(stack)["AllowedClients"] == ["machine"]


def test_a_pool_without_its_client_is_refused(stack: Stack, refused: Refused) -> None:
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-west-1_abcdefghi")
    with refused("SAC050", "clients: expected at least one", "pass the client of the pool"):
        AgentAuth.user_pool(pool, [])


def test_a_client_of_another_pool_is_refused(stack: Stack, refused: Refused) -> None:
    pool = cognito.UserPool(stack, "Pool")
    other = cognito.UserPool(stack, "Other").add_client("Client", disable_o_auth=True)
    with refused("SAC052", "Test/Other/Client", "another user pool than 'Test/Pool'"):
        AgentAuth.user_pool(pool, [other])


def test_scopes_with_id_tokens_are_refused(refused: Refused) -> None:
    with refused("SAC051", "none with ID tokens, which carry no scope, got a/b", "token=TokenType.ACCESS"):
        AgentAuth.cognito(scopes=["a/b"])


@pytest.mark.parametrize("scope", ["", "agents invoke", 'agents"'])
def test_a_scope_that_no_token_carries_is_refused(scope: str, refused: Refused) -> None:
    with refused("SAC059", f"got '{scope}'"):
        AgentAuth.cognito(token=TokenType.ACCESS, scopes=[scope])


def test_no_scope_with_access_tokens_would_take_id_tokens(refused: Refused) -> None:
    with refused("SAC053", "scopes: expected at least one"):
        AgentAuth.cognito(token=TokenType.ACCESS, scopes=[])
