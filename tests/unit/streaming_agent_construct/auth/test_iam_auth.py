"""AgentAuth.iam: AWS credentials at the gateway, the user's token in a header of its own for the runtime."""

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from streaming_agent_construct import AgentAuth, AgentSource, Cors, SessionBinding, StreamingAgentApi

from ..conftest import Refused
from ..templates import flat, only, post_method, resources, warnings

DISCOVERY = "https://login.example.com/.well-known/openid-configuration"


def _auth(**settings: Any) -> AgentAuth:
    arguments: dict[str, Any] = {"discovery_url": DISCOVERY, "audiences": ["agents"]} | settings
    return AgentAuth.iam(**arguments)


def test_the_gateway_asks_for_a_signature_and_the_runtime_for_a_token(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=SessionBinding.PER_REQUEST)

    method = post_method(stack)
    assert method["AuthorizationType"] == "AWS_IAM"
    assert "AuthorizerId" not in method
    assert only(stack, "AWS::BedrockAgentCore::Runtime")["AuthorizerConfiguration"]["CustomJWTAuthorizer"] == {
        "DiscoveryUrl": DISCOVERY,
        "AllowedAudience": ["agents"],
    }


def test_the_users_token_travels_in_a_declared_header_of_its_own(stack: Stack, agent: AgentSource) -> None:
    auth = _auth(token_header="X-User-Token")
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_REQUEST)

    method = post_method(stack)
    mapped = method["Integration"]["RequestParameters"]
    assert mapped["integration.request.header.Authorization"] == "method.request.header.X-User-Token"
    assert "method.request.header.X-User-Token" in method["RequestParameters"]


def test_what_aws_does_not_document_is_warned_about(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=SessionBinding.PER_REQUEST)

    assert "AWS does not document that a method with AWS_IAM may" in warnings(stack)


def test_the_caller_cannot_name_another_user(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=SessionBinding.PER_REQUEST)

    mapped = post_method(stack)["Integration"]["RequestParameters"]
    assert mapped["integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"] == "context.identity.userArn"


@pytest.mark.parametrize("session", [None, SessionBinding.PER_USER])
def test_there_is_no_session_per_user_where_the_gateway_knows_no_user(
    stack: Stack, agent: AgentSource, session: SessionBinding | None, refused: Refused
) -> None:
    with refused("SAC007", "not the user in the token", "SessionBinding.PER_REQUEST"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=session)


def test_a_role_may_call_the_agent_once_it_is_granted(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=SessionBinding.PER_REQUEST)
    api.grant_invoke(iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal()))

    policy = next(p for name, p in resources(stack, "AWS::IAM::Policy").items() if name.startswith("Caller"))
    statement = policy["Properties"]["PolicyDocument"]["Statement"][0]
    assert statement["Action"] == "execute-api:Invoke"
    assert flat(statement["Resource"]).endswith("/POST/invocations")


def test_each_agent_is_granted_on_its_own(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=SessionBinding.PER_REQUEST)
    api.add_agent("billing", agent=agent).grant_invoke(iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal()))

    policy = next(p for name, p in resources(stack, "AWS::IAM::Policy").items() if name.startswith("Caller"))
    resource = policy["Properties"]["PolicyDocument"]["Statement"][0]["Resource"]
    assert flat(resource).endswith("/POST/agents/billing/invocations")


def test_where_a_token_is_asked_for_there_is_nothing_to_grant(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC131", "takes tokens only", "AgentAuth.iam"):
        api.grant_invoke(iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal()))


def test_browsers_may_send_the_signature_and_the_token(stack: Stack, agent: AgentSource) -> None:
    cors = Cors(allow_origins=["https://chat.example.com"], allow_headers=["Content-Type"])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=_auth(), session=SessionBinding.PER_REQUEST, cors=cors)

    options = next(
        method["Properties"]
        for method in resources(stack, "AWS::ApiGateway::Method").values()
        if method["Properties"]["HttpMethod"] == "OPTIONS"
    )
    answer = options["Integration"]["IntegrationResponses"][0]["ResponseParameters"]
    allowed = answer["method.response.header.Access-Control-Allow-Headers"].strip("'").split(",")
    assert {"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Agent-Authorization"} <= set(allowed)


@pytest.mark.parametrize("header", ["Authorization", "authorization", "X-Amz-Date", "x-amzn-token", "my header"])
def test_the_token_header_is_none_of_the_signatures(header: str, refused: Refused) -> None:
    with refused("SAC130", f"got '{header}'"):
        _auth(token_header=header)
