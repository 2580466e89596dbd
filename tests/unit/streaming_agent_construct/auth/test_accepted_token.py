"""Tokens that Cognito does not issue are refused."""

import pytest

from streaming_agent_construct import AgentAuth

from ..conftest import Refused

OPENID = "/.well-known/openid-configuration"
COGNITO = f"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI{OPENID}"


def oidc(url: str) -> AgentAuth:
    return AgentAuth.oidc(discovery_url=url, audiences=["agents"])


@pytest.mark.parametrize("others", [{"scopes": ["agents/invoke"]}, {"client_ids": ["1example"]}])
def test_a_token_that_cognito_does_not_issue_is_refused(refused: Refused, others: dict[str, list[str]]) -> None:
    with refused("SAC160", "'1example23456789' stands beside", "use AgentAuth.user_pool(...)"):
        AgentAuth.oidc(discovery_url=COGNITO, audiences=["1example23456789"], **others)


def test_a_token_that_cognito_issues_passes() -> None:
    AgentAuth.oidc(discovery_url=COGNITO, audiences=["1example23456789"])
    AgentAuth.oidc(discovery_url=COGNITO, client_ids=["1example23456789"], scopes=["agents/invoke"])
    # With a resource (RFC 8707) an access token has an audience too: an address.
    AgentAuth.oidc(discovery_url=COGNITO, audiences=["https://agents.example.com"], scopes=["agents/invoke"])
