"""Machine-to-machine clients of a user pool, and groups of its users."""

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    RequiredClaim,
    SessionBinding,
    StreamingAgentApi,
    TokenType,
)

from ..conftest import Refused
from ..templates import only, post_method


@pytest.fixture
def pool(stack: Stack) -> cognito.UserPool:
    return cognito.UserPool(stack, "Pool")


@pytest.fixture
def machine(pool: cognito.UserPool) -> cognito.UserPoolClient:
    """A client with client credentials and the scope agents/invoke."""
    invoke = cognito.ResourceServerScope(scope_name="invoke", scope_description="Call the agents")
    server = pool.add_resource_server("Agents", identifier="agents", scopes=[invoke])
    return pool.add_client(
        "Machine",
        generate_secret=True,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(client_credentials=True),
            scopes=[cognito.OAuthScope.resource_server(server, invoke)],
        ),
    )


def test_a_machine_passes_both_layers_by_its_scope(
    stack: Stack, agent: AgentSource, pool: cognito.UserPool, machine: cognito.UserPoolClient
) -> None:
    auth = AgentAuth.user_pool(pool, [machine], token=TokenType.ACCESS, scopes=["agents/invoke"])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_REQUEST)

    check = only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    assert post_method(stack)["AuthorizationScopes"] == ["agents/invoke"]
    assert check["AllowedScopes"] == ["agents/invoke"]
    assert [claim["InboundTokenClaimName"] for claim in check["CustomClaims"]] == ["token_use"]


@pytest.mark.parametrize("session", [None, SessionBinding.PER_USER])
def test_a_machine_has_no_session_of_a_user(
    stack: Stack,
    agent: AgentSource,
    pool: cognito.UserPool,
    machine: cognito.UserPoolClient,
    session: SessionBinding | None,
    refused: Refused,
) -> None:
    auth = AgentAuth.user_pool(pool, [machine], token=TokenType.ACCESS, scopes=["agents/invoke"])
    with refused("SAC007", "these clients are machines", "SessionBinding.PER_REQUEST"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=session)


def test_a_person_beside_a_machine_has_a_session_of_their_own(
    stack: Stack, agent: AgentSource, pool: cognito.UserPool, machine: cognito.UserPoolClient
) -> None:
    scopes = ["agents/invoke", "aws.cognito.signin.user.admin"]
    auth = AgentAuth.user_pool(pool, [machine, pool.add_client("App")], token=TokenType.ACCESS, scopes=scopes)
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_USER)

    session = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
    assert post_method(stack)["Integration"]["RequestParameters"][session] == "context.authorizer.claims.sub"


def test_a_person_beside_a_machine_has_no_session_of_a_sign_in(
    stack: Stack, agent: AgentSource, pool: cognito.UserPool, machine: cognito.UserPoolClient, refused: Refused
) -> None:
    """A machine's token has no origin_jti, so that the session id would be the machine's to choose."""
    scopes = ["agents/invoke", "aws.cognito.signin.user.admin"]
    auth = AgentAuth.user_pool(pool, [pool.add_client("App"), machine], token=TokenType.ACCESS, scopes=scopes)
    with refused("SAC174", "'Test/Pool/Machine' of machines"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_SIGN_IN)


def test_a_machine_has_no_id_token(pool: cognito.UserPool, machine: cognito.UserPoolClient, refused: Refused) -> None:
    with refused("SAC054", "'Test/Pool/Machine'", "TokenType.ACCESS"):
        AgentAuth.user_pool(pool, [machine])


def test_a_machine_needs_a_scope_of_its_own(
    pool: cognito.UserPool, machine: cognito.UserPoolClient, refused: Refused
) -> None:
    with refused("SAC055", "does not carry the scope 'aws.cognito.signin.user.admin'"):
        AgentAuth.user_pool(pool, [machine], token=TokenType.ACCESS)


def test_a_machine_is_in_no_group(pool: cognito.UserPool, machine: cognito.UserPoolClient, refused: Refused) -> None:
    with refused("SAC058", "got groups staff"):
        AgentAuth.user_pool(pool, [machine], token=TokenType.ACCESS, scopes=["agents/invoke"], groups=["staff"])


def test_a_scope_that_no_client_may_ask_for_is_refused(pool: cognito.UserPool, refused: Refused) -> None:
    app = pool.add_client("App", o_auth=cognito.OAuthSettings(scopes=[cognito.OAuthScope.OPENID]))
    with refused("SAC056", "one of the scopes agents/invoke", "allowed openid"):
        AgentAuth.user_pool(pool, [app], token=TokenType.ACCESS, scopes=["agents/invoke"])


def test_an_imported_client_is_trusted_to_fit(stack: Stack, pool: cognito.UserPool) -> None:
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Imported", "1example23456789")
    AgentAuth.user_pool(pool, [client], token=TokenType.ACCESS, scopes=["agents/invoke"], groups=["staff"])


def test_a_client_of_a_second_pool_is_refused_because_the_runtime_knows_one_issuer(
    stack: Stack, pool: cognito.UserPool, refused: Refused
) -> None:
    other = cognito.UserPool(stack, "Other").add_client("App")
    with refused("SAC052", "'Test/Other/App'", "the runtime takes the tokens of one pool"):
        AgentAuth.user_pool(pool, [pool.add_client("App"), other])


@pytest.mark.parametrize(
    ("groups", "match"),
    [
        (["staff"], {"ClaimMatchOperator": "CONTAINS", "ClaimMatchValue": {"MatchValueString": "staff"}}),
        (
            ["staff", "admins"],
            {"ClaimMatchOperator": "CONTAINS_ANY", "ClaimMatchValue": {"MatchValueStringList": ["staff", "admins"]}},
        ),
    ],
)
def test_users_outside_the_groups_are_refused_by_the_runtime(
    stack: Stack, agent: AgentSource, groups: list[str], match: dict[str, Any]
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.cognito(groups=groups))

    claims = only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"]["CustomJWTAuthorizer"][
        "CustomClaims"
    ]
    assert claims[1] == {
        "InboundTokenClaimName": "cognito:groups",
        "InboundTokenClaimValueType": "STRING_ARRAY",
        "AuthorizingClaimMatchValue": match,
    }


def test_other_claims_are_required_beside_the_kind_of_token(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(claims=[RequiredClaim.string_equals("custom:tenant", "acme")])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)

    claims = only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"]["CustomJWTAuthorizer"][
        "CustomClaims"
    ]
    assert [claim["InboundTokenClaimName"] for claim in claims] == ["token_use", "custom:tenant"]


def test_no_group_at_all_is_refused(refused: Refused) -> None:
    with refused("SAC057", "groups: expected at least one"):
        AgentAuth.cognito(groups=[])
