"""The user pool and client that come with the construct: safe as they are."""

from typing import Any

import pytest
from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import AgentAuth, AgentSource, SessionBinding, StreamingAgentApi, TokenType

from ..conftest import Refused
from ..templates import only, resources


def _client(stack: Stack) -> dict[str, Any]:
    return only(stack, "AWS::Cognito::UserPoolClient")


def test_no_oauth_flow_is_open_and_nothing_returns_to_example_com(stack: Stack, agent: AgentSource) -> None:
    """Add_client() without o_auth opens the implicit flow and the callback https://example.com."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    client = _client(stack)
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert "AllowedOAuthFlows" not in client
    assert "CallbackURLs" not in client


def test_nobody_signs_themselves_up(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert only(stack, "AWS::Cognito::UserPool")["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}


def test_passwords_are_long_and_mixed(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert only(stack, "AWS::Cognito::UserPool")["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 12,
        "RequireLowercase": True,
        "RequireUppercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
    }


def test_the_users_outlive_the_stack(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    pool = next(iter(resources(stack, "AWS::Cognito::UserPool").values()))
    assert pool["DeletionPolicy"] == "RetainExceptOnCreate"
    assert pool["UpdateReplacePolicy"] == "Retain"


def test_clients_sign_in_with_srp_and_operators_with_aws_credentials(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert sorted(_client(stack)["ExplicitAuthFlows"]) == [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ]


def test_other_sign_in_flows_are_opened_by_name(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(auth_flows=cognito.AuthFlow(user_password=True))
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    assert "ALLOW_USER_PASSWORD_AUTH" in _client(stack)["ExplicitAuthFlows"]


def test_an_unknown_user_and_a_wrong_password_read_the_same(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert _client(stack)["PreventUserExistenceErrors"] == "ENABLED"
    assert _client(stack)["EnableTokenRevocation"] is True


def test_browsers_sign_in_by_the_code_flow_alone(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(
        callback_urls=["https://chat.example.com/"], logout_urls=["https://chat.example.com/bye"], domain_prefix="chat"
    )
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    client = _client(stack)
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == ["https://chat.example.com/"]
    assert client["LogoutURLs"] == ["https://chat.example.com/bye"]
    assert only(stack, "AWS::Cognito::UserPoolDomain")["Domain"] == "chat"
    assert only(stack, "AWS::Cognito::ManagedLoginBranding")["UseCognitoProvidedValues"] is True


def test_managed_login_has_a_domain_without_being_asked(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(callback_urls=["http://localhost:8000/"])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    domain = only(stack, "AWS::Cognito::UserPoolDomain")["Domain"]
    assert {"Ref": "AWS::StackId"} in domain["Fn::Join"][1][1]["Fn::Select"][1]["Fn::Split"]


def test_scopes_of_your_own_bring_their_resource_server(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(
        token=TokenType.ACCESS, scopes=["agents/invoke"], callback_urls=["https://chat.example.com/"]
    )
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_USER)
    server = only(stack, "AWS::Cognito::UserPoolResourceServer")
    assert server["Identifier"] == "agents"
    assert [scope["ScopeName"] for scope in server["Scopes"]] == ["invoke"]
    assert any("/invoke" in str(scope) for scope in _client(stack)["AllowedOAuthScopes"])


def test_two_scopes_of_one_resource_server(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(
        token=TokenType.ACCESS, scopes=["agents/read", "agents/write"], callback_urls=["https://chat.example.com/"]
    )
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_USER)
    server = only(stack, "AWS::Cognito::UserPoolResourceServer")
    assert [scope["ScopeName"] for scope in server["Scopes"]] == ["read", "write"]


def test_threat_protection_brings_its_plan(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(threat_protection=cognito.StandardThreatProtectionMode.FULL_FUNCTION)
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    pool = only(stack, "AWS::Cognito::UserPool")
    assert pool["UserPoolTier"] == "PLUS"
    assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}


def test_a_second_factor_is_an_authenticator_app_never_an_sms(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.cognito(mfa=cognito.Mfa.REQUIRED))
    pool = only(stack, "AWS::Cognito::UserPool")
    assert pool["MfaConfiguration"] == "ON"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_tokens_hold_as_long_as_the_settings_say(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.cognito(
        id_token_validity=Duration.minutes(10),
        access_token_validity=Duration.minutes(15),
        refresh_token_validity=Duration.hours(8),
    )
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    client = _client(stack)
    assert (client["IdTokenValidity"], client["AccessTokenValidity"], client["RefreshTokenValidity"]) == (10, 15, 480)


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        (
            {"logout_urls": ["https://a.example/"]},
            "SAC060",
            "logout_urls: expected none without callback_urls, got 'https://a.example/'",
        ),
        ({"domain_prefix": "chat"}, "SAC060", "domain_prefix: expected none without callback_urls, got 'chat'"),
        ({"domain_prefix": "chat"}, "SAC060", "add callback_urls"),
        ({"token": TokenType.ACCESS, "scopes": ["a/b"]}, "SAC061", "no access token carries the scope 'a/b'"),
        (
            {"token": TokenType.ACCESS, "scopes": ["invoke"], "callback_urls": ["https://a.example/"]},
            "SAC062",
            "got 'invoke'",
        ),
        (
            {
                "token": TokenType.ACCESS,
                "scopes": ["agents/a", "agents/b", "agents/a"],
                "callback_urls": ["https://a.example/"],
            },
            "SAC062",
            "expected each scope once, got 'agents/a' twice; leave one of the two out",
        ),
        (
            {
                "token": TokenType.ACCESS,
                "scopes": [f"{Aws.REGION}/invoke"],
                "callback_urls": ["https://a.example/"],
            },
            "SAC062",
            "known at synthesis, got '<known only at deployment>/invoke'; write it out",
        ),
        ({"callback_urls": ["https://a.example/"], "domain_prefix": "My_Chat"}, "SAC063", "got 'My_Chat'"),
        ({"callback_urls": ["https://a.example/"], "domain_prefix": "my-cognito"}, "SAC063", "without 'aws'"),
        ({"callback_urls": []}, "SAC064", "callback_urls: expected at least one"),
        ({"callback_urls": ["http://chat.example.com/"]}, "SAC065", "got 'http://chat.example.com/'"),
        ({"callback_urls": ["chat.example.com"]}, "SAC065", "starts with https://"),
        ({"callback_urls": ["HTTP://chat.example.com/"]}, "SAC065", "starts with https://"),
        ({"callback_urls": ["http://localhost.example.com/"]}, "SAC065", "got 'http://localhost.example.com/'"),
        ({"callback_urls": ["http://localhost@example.com/"]}, "SAC065", "starts with https://"),
        ({"callback_urls": ["http://localhost:port/"]}, "SAC065", "starts with https://"),
        (
            {"callback_urls": ["https://a.example/#x"]},
            "SAC065",
            "expected an address without spaces or '#', got 'https://a.example/#x'; leave out '#' and what follows it",
        ),
        (
            {"callback_urls": ["https://a.example/"], "logout_urls": ["https://a.example/b c"]},
            "SAC065",
            "logout_urls: expected an address without spaces or '#', got 'https://a.example/b c'; leave the spaces out",
        ),
        ({"id_token_validity": Duration.minutes(4)}, "SAC066", "5 minutes to 1 day, got 4 minutes"),
        ({"refresh_token_validity": Duration.minutes(30)}, "SAC066", "60 minutes to 3650 days"),
        (
            {"id_token_validity": Duration.hours(2), "refresh_token_validity": Duration.hours(1)},
            "SAC067",
            "lengthen refresh_token_validity",
        ),
    ],
)
def test_settings_that_cognito_would_refuse_are_refused(
    settings: dict[str, Any], code: str, words: str, refused: Refused
) -> None:
    with refused(code, words):
        AgentAuth.cognito(**settings)


@pytest.mark.parametrize("url", ["http://localhost", "http://localhost:3000", "http://localhost/a?b=c", "myapp://in"])
def test_addresses_that_cognito_takes(url: str) -> None:
    AgentAuth.cognito(callback_urls=[url], logout_urls=[url])


@pytest.mark.parametrize("validity", ["id_token_validity", "access_token_validity", "refresh_token_validity"])
def test_a_part_of_a_minute_is_refused_before_the_cdk_stops_at_it(refused: Refused, validity: str) -> None:
    with refused("SAC068", "whole minutes", "1 hour 30 seconds"):
        AgentAuth.cognito(**{validity: Duration.seconds(3630)})
