"""AgentAuth.lambda_authorizer: a function of the user's decides at the gateway, and the runtime still takes a JWT."""

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_

from streaming_agent_construct import AgentAuth, AgentSource, Cors, SessionBinding, StreamingAgentApi

from ..conftest import Refused
from ..templates import only, post_method, resources

DISCOVERY = "https://login.example.com/.well-known/openid-configuration"
SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
USER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
AUTHORIZATION = "integration.request.header.Authorization"


@pytest.fixture
def handler(stack: Stack) -> lambda_.IFunction:
    return lambda_.Function.from_function_attributes(
        stack,
        "Handler",
        function_arn="arn:aws:lambda:eu-west-1:123456789012:function:authorizer",
        same_environment=True,
    )


def _auth(handler: lambda_.IFunction, **settings: Any) -> AgentAuth:
    arguments: dict[str, Any] = {"discovery_url": DISCOVERY, "audiences": ["agents"]} | settings
    return AgentAuth.lambda_authorizer(handler, **arguments)


def test_the_function_decides_and_the_runtime_checks_a_token(
    stack: Stack, agent: AgentSource, handler: lambda_.IFunction
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(handler), session=SessionBinding.PER_REQUEST)
    authorizer = only(stack, "AWS::ApiGateway::Authorizer")

    assert post_method(stack)["AuthorizationType"] == "CUSTOM"
    assert authorizer["Type"] == "REQUEST"
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"]["CustomJWTAuthorizer"] == {
        "DiscoveryUrl": DISCOVERY,
        "AllowedAudience": ["agents"],
    }


def test_the_callers_own_token_goes_through(stack: Stack, agent: AgentSource, handler: lambda_.IFunction) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(handler), session=SessionBinding.PER_REQUEST)

    assert AUTHORIZATION not in post_method(stack)["Integration"]["RequestParameters"]


def test_the_function_may_answer_with_the_runtimes_token(
    stack: Stack, agent: AgentSource, handler: lambda_.IFunction
) -> None:
    auth = _auth(handler, identity_headers=["Cookie"], token_key="token")
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_REQUEST)

    mapped = post_method(stack)["Integration"]["RequestParameters"]
    assert mapped[AUTHORIZATION] == "context.authorizer.token"
    assert mapped[USER] == "context.authorizer.principalId"
    assert only(stack, "AWS::ApiGateway::Authorizer")["IdentitySource"] == "method.request.header.Cookie"


def test_the_function_may_answer_with_the_session(stack: Stack, agent: AgentSource, handler: lambda_.IFunction) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(handler, session_key="session"))

    assert post_method(stack)["Integration"]["RequestParameters"][SESSION] == "context.authorizer.session"


@pytest.mark.parametrize("session", [None, SessionBinding.PER_USER])
def test_no_session_per_user_without_a_session_from_the_function(
    stack: Stack, agent: AgentSource, handler: lambda_.IFunction, session: SessionBinding | None, refused: Refused
) -> None:
    with refused("SAC007", "principalId may be too short", "session_key"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(handler), session=session)


def test_browsers_may_send_the_headers_that_callers_are_known_by(
    stack: Stack, agent: AgentSource, handler: lambda_.IFunction
) -> None:
    auth = _auth(handler, identity_headers=["Authorization", "X-Tenant"], session_key="session")
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, cors=Cors(allow_origins=["https://chat.example.com"]))

    options = next(
        method["Properties"]
        for method in resources(stack, "AWS::ApiGateway::Method").values()
        if method["Properties"]["HttpMethod"] == "OPTIONS"
    )
    answer = options["Integration"]["IntegrationResponses"][0]["ResponseParameters"]
    assert "X-Tenant" in answer["method.response.header.Access-Control-Allow-Headers"].strip("'").split(",")


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"identity_headers": []}, "SAC120", "identity_headers: expected at least one"),
        ({"identity_headers": ["X Tenant"]}, "SAC121", "got 'X Tenant'"),
        ({"identity_headers": ["Cookie"]}, "SAC122", "callers send only Cookie"),
        (
            {"token_key": "the token"},
            "SAC123",
            "token_key: expected a letter, then letters, digits and underscores",
        ),
        (
            {"session_key": "session.id"},
            "SAC123",
            "session_key: expected a letter, then letters, digits and underscores",
        ),
        ({"audiences": None}, "SAC111", "neither audiences nor client_ids"),
        ({"discovery_url": "https://login.example.com"}, "SAC110", "got 'https://login.example.com'"),
    ],
)
def test_refuses_what_could_not_work(
    handler: lambda_.IFunction, refused: Refused, settings: dict[str, Any], code: str, words: str
) -> None:
    with refused(code, words):
        _auth(handler, **settings)


def test_no_header_that_a_caller_is_known_by_is_logged(
    stack: Stack, agent: AgentSource, handler: lambda_.IFunction
) -> None:
    auth = _auth(handler, identity_headers=["Authorization", "X-Device-Key"], session_key="session")
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth)

    redacted = only(stack, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"]
    assert {"authorization", "x-device-key"} <= {field["SingleHeader"]["Name"] for field in redacted}
