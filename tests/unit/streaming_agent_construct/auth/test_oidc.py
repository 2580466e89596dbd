"""AgentAuth.oidc: a Lambda authorizer and the runtime check the same token of any OpenID provider."""

from typing import Any

import pytest
from aws_cdk import Duration, Stack

from streaming_agent_construct import AgentAuth, AgentSource, RequiredClaim, StreamingAgentApi

from ..conftest import Refused
from ..templates import flat, only, post_method, resources

DISCOVERY = "https://login.example.com/realms/chat/.well-known/openid-configuration"
SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
USER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"


@pytest.fixture
def auth() -> AgentAuth:
    return AgentAuth.oidc(
        discovery_url=DISCOVERY,
        audiences=["agents", "agents-beta"],
        client_ids=["web"],
        scopes=["agents/invoke"],
        claims=[RequiredClaim.string_equals("department", "sales"), RequiredClaim.list_contains("roles", "user")],
    )


def _authorizer_function(stack: Stack) -> dict[str, Any]:
    (function,) = [f for name, f in resources(stack, "AWS::Lambda::Function").items() if "Authorizer" in name]
    return dict(function["Properties"])


def _runtime_check(stack: Stack) -> dict[str, Any]:
    check: dict[str, Any] = only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"][
        "CustomJWTAuthorizer"
    ]
    return check


def test_both_layers_check_the_same_token(stack: Stack, agent: AgentSource, auth: AgentAuth) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)

    assert _authorizer_function(stack)["Environment"]["Variables"] == {
        "DISCOVERY_URL": DISCOVERY,
        "AUDIENCES": "agents\nagents-beta",
        "CLIENT_IDS": "web",
        "SCOPES": "agents/invoke",
        "CHECKED": "AUDIENCES\nCLIENT_IDS\nSCOPES",
        "REQUIRED_CLAIMS": "EQUALS\tdepartment\tsales\nCONTAINS_ANY\troles\tuser",
    }
    check = _runtime_check(stack)
    assert check["DiscoveryUrl"] == DISCOVERY
    assert check["AllowedAudience"] == ["agents", "agents-beta"]
    assert check["AllowedClients"] == ["web"]
    assert check["AllowedScopes"] == ["agents/invoke"]
    assert [claim["InboundTokenClaimName"] for claim in check["CustomClaims"]] == ["department", "roles"]


def test_both_layers_read_the_document_of_rfc_8414(stack: Stack, agent: AgentSource) -> None:
    """The CDK's own authorizer of a runtime refuses the address."""
    url = "https://login.example.com/.well-known/oauth-authorization-server/tenant1"
    StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.oidc(discovery_url=url, audiences=["agents"]))

    assert _runtime_check(stack)["DiscoveryUrl"] == url
    assert _authorizer_function(stack)["Environment"]["Variables"]["DISCOVERY_URL"] == url


def test_what_is_not_asked_for_is_not_checked(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["agents"]))

    assert set(_runtime_check(stack)) == {"DiscoveryUrl", "AllowedAudience"}


def test_the_method_asks_the_function(stack: Stack, agent: AgentSource, auth: AgentAuth) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    authorizer = only(stack, "AWS::ApiGateway::Authorizer")

    assert post_method(stack)["AuthorizationType"] == "CUSTOM"
    assert authorizer["Type"] == "TOKEN"
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert authorizer["AuthorizerResultTtlInSeconds"] == 300
    assert authorizer["IdentityValidationExpression"].startswith("^[Bb]earer ")


def test_a_session_is_the_users_although_a_providers_sub_may_be_too_short_for_one(
    stack: Stack, agent: AgentSource, auth: AgentAuth
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    mapped = post_method(stack)["Integration"]["RequestParameters"]

    assert mapped[SESSION] == "context.authorizer.session"
    assert mapped[USER] == "context.authorizer.sub"


def test_the_function_may_write_its_own_log_and_nothing_else(stack: Stack, agent: AgentSource, auth: AgentAuth) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
    role = _authorizer_function(stack)["Role"]["Fn::GetAtt"][0]
    policies = [
        policy["Properties"]
        for policy in resources(stack, "AWS::IAM::Policy").values()
        if policy["Properties"]["Roles"] == [{"Ref": role}]
    ]

    assert "ManagedPolicyArns" not in resources(stack, "AWS::IAM::Role")[role]["Properties"]
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    assert [sorted(statement["Action"]) for statement in statements] == [["logs:CreateLogStream", "logs:PutLogEvents"]]
    assert all("Fn::GetAtt" in statement["Resource"] for statement in statements)


def test_a_change_of_the_cache_deploys_the_api_anew(agent: AgentSource) -> None:
    def deployment(ttl: Duration) -> str:
        stack = Stack(None, "Test")
        auth = AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["agents"], results_cache_ttl=ttl)
        StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)
        return next(iter(resources(stack, "AWS::ApiGateway::Deployment")))

    assert deployment(Duration.minutes(5)) != deployment(Duration.minutes(1))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ({"discovery_url": "https://login.example.com"}, "SAC110", "got 'https://login.example.com'"),
        ({"discovery_url": DISCOVERY + "/"}, "SAC110", "ends with /.well-known/openid-configuration"),
        ({"discovery_url": DISCOVERY.replace("https", "http")}, "SAC110", "expected an https:// address"),
        ({"discovery_url": "https:///.well-known/openid-configuration"}, "SAC110", "got 'https:///"),
        ({"discovery_url": f"{DISCOVERY} "}, "SAC110", "write the issuer's address"),
        ({"audiences": None}, "SAC111", "neither audiences nor client_ids"),
        ({"audiences": []}, "SAC115", "audiences: expected at least one"),
        ({"client_ids": []}, "SAC115", "client_ids: expected at least one"),
        ({"scopes": []}, "SAC115", "scopes: expected at least one"),
        ({"scopes": ["openid email"]}, "SAC116", "got 'openid email'"),
        ({"results_cache_ttl": Duration.hours(2)}, "SAC117", "1 hour at most, got 2 hours"),
        ({"results_cache_ttl": Duration.millis(1500)}, "SAC117", "whole seconds"),
    ],
)
def test_refuses_what_could_not_work(refused: Refused, arguments: dict[str, Any], code: str, words: str) -> None:
    settings: dict[str, Any] = {"discovery_url": DISCOVERY, "audiences": ["agents"]} | arguments
    with refused(code, words):
        AgentAuth.oidc(**settings)


def test_a_required_claim_is_beside_the_standard_ones(refused: Refused) -> None:
    with refused("SAC112", "got 'aud'"):
        RequiredClaim.string_equals("aud", "agents")
    with refused("SAC113", "'roles' has no value"):
        RequiredClaim.list_contains_any("roles", [])
    with refused("SAC114", "letters, digits", r"got 'user\nEQUALS\tadmin\ttrue'"):
        RequiredClaim.list_contains("roles", "user\nEQUALS\tadmin\ttrue")


@pytest.mark.parametrize("name", ["group name", "rôles", "roles\tadmin", "\U0006a205", "roles\n"])
def test_a_claim_is_called_as_agentcore_takes_names(refused: Refused, name: str) -> None:
    with refused("SAC118", "letters, digits and any of _ . / : -"):
        RequiredClaim.string_equals(name, "user")


@pytest.mark.parametrize("name", ["custom:tenant", "https://example.com/roles", "tenant_id", "x-plan"])
def test_a_namespaced_claim_is_one_of_them(name: str) -> None:
    RequiredClaim.string_equals(name, "user")


def test_an_address_that_is_too_long_for_the_functions_description_is_left_out_of_it(
    stack: Stack, agent: AgentSource
) -> None:
    url = f"https://login.example.com/{'tenant/' * 40}.well-known/openid-configuration"
    StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.oidc(discovery_url=url, audiences=["agents"]))
    function = _authorizer_function(stack)
    assert function["Description"] == "Checks the tokens of the provider at DISCOVERY_URL"
    assert function["Environment"]["Variables"]["DISCOVERY_URL"] == url


def test_an_address_from_another_stack_is_taken(stack: Stack, agent: AgentSource) -> None:
    from aws_cdk import CfnParameter

    issuer = CfnParameter(stack, "Issuer").value_as_string
    auth = AgentAuth.oidc(discovery_url=f"{issuer}/.well-known/openid-configuration", audiences=["agents"])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)

    assert flat(_runtime_check(stack)["DiscoveryUrl"]) == "{Issuer}/.well-known/openid-configuration"
