"""Ids of user pools and clients that a user types in: what is no such id is refused, with advice that works."""

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import AgentAuth

from ..conftest import Refused


@pytest.fixture
def virginia(app: App) -> Stack:
    return Stack(app, "Chat", env=Environment(account="111122223333", region="us-east-1"))


@pytest.mark.parametrize(
    ("pool_id", "code", "words"),
    [
        ("6exampleclientid0123456789", "SAC150", "UserPoolClient.from_user_pool_client_id"),
        (
            "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_AbCdEfGhI",
            "SAC150",
            "UserPool.from_user_pool_arn",
        ),
        ("<your pool id>", "SAC150", "such as 'us-east-1_AbCdEfGhI'"),
        ("eu-west-1_AbCdEfGhI", "SAC151", "got a pool of us-east-1"),
    ],
)
def test_a_pools_id_that_is_none_of_this_region_is_refused(
    virginia: Stack, refused: Refused, pool_id: str, code: str, words: str
) -> None:
    pool = cognito.UserPool.from_user_pool_id(virginia, "Pool", pool_id)
    client = cognito.UserPoolClient.from_user_pool_client_id(virginia, "Client", "6exampleclientid0123456789")
    with refused(code, words):
        AgentAuth.user_pool(pool, [client])


def test_a_pool_of_another_region_by_its_arn_passes(virginia: Stack) -> None:
    arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI"
    pool = cognito.UserPool.from_user_pool_arn(virginia, "Pool", arn)
    AgentAuth.user_pool(pool, [cognito.UserPoolClient.from_user_pool_client_id(virginia, "Client", "web")])


@pytest.mark.parametrize("client_id", ["us-east-1_AbCdEfGhI", "arn:aws:cognito-idp:x", "<client id>", "a b"])
def test_a_clients_id_that_is_none_is_refused(virginia: Stack, refused: Refused, client_id: str) -> None:
    pool = cognito.UserPool.from_user_pool_id(virginia, "Pool", "us-east-1_AbCdEfGhI")
    client = cognito.UserPoolClient.from_user_pool_client_id(virginia, "Client", client_id)
    with refused("SAC152", f"got '{client_id}'"):
        AgentAuth.user_pool(pool, [client])
