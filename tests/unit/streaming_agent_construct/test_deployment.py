"""What a change of one setting does to a live stack: a new deployment where one is needed, nothing replaced."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    Cors,
    Protection,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
    Throttle,
)

from .templates import deployment_id, logical_ids, resources

Settings = dict[str, Any]

# A new value of any of these replaces the resource, and with it the users, the sessions or the address.
CREATE_ONLY = {
    "AWS::BedrockAgentCore::Runtime": ["AgentRuntimeName"],
    "AWS::Cognito::UserPool": ["UsernameAttributes", "AliasAttributes", "UsernameConfiguration", "Schema"],
    "AWS::Cognito::UserPoolClient": ["GenerateSecret", "UserPoolId"],
    "AWS::ApiGateway::RestApi": [],
    "AWS::ApiGateway::Stage": ["StageName", "RestApiId"],
}


@pytest.fixture
def deployed(agent: AgentSource) -> Callable[[Settings], Stack]:
    def deployed(settings: Settings) -> Stack:
        stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "Test")
        StreamingAgentApi(stack, "Agent", agent=agent, **settings)
        return stack

    return deployed


def _existing_pool(settings: Settings) -> Settings:
    scope = Stack(App(), "Elsewhere")
    pool = cognito.UserPool.from_user_pool_id(scope, "Pool", settings["pool"])
    client = cognito.UserPoolClient.from_user_pool_client_id(scope, "Client", "client")
    return {"auth": AgentAuth.user_pool(pool, [client])}


@pytest.mark.parametrize(
    "change",
    [
        {"timeout": Duration.minutes(5)},
        {"session": SessionBinding.PER_REQUEST},
        {"cors": Cors(allow_origins=["https://chat.example.com"])},
        {"runtime": RuntimeOptions(qualifier="blue")},
        {"runtime": RuntimeOptions(runtime_name="renamed")},
    ],
    ids=["timeout", "session", "cors", "qualifier", "replaced-runtime"],
)
def test_what_the_stage_depends_on_makes_a_new_deployment(
    deployed: Callable[[Settings], Stack], change: Settings
) -> None:
    """A replaced runtime leaves the CDK's Deployment as it was, and the stage calls the old address."""
    assert deployment_id(deployed({})) != deployment_id(deployed(change))


def test_another_user_pool_makes_a_new_deployment(deployed: Callable[[Settings], Stack]) -> None:
    """The CDK does it only under a feature flag that older apps do not set."""
    pools = [_existing_pool({"pool": f"eu-west-1_{letter}"}) for letter in "ab"]
    assert deployment_id(deployed(pools[0])) != deployment_id(deployed(pools[1]))


@pytest.mark.parametrize(
    "change",
    [
        {"runtime": RuntimeOptions(environment_variables={"A": "b"})},
        {"protection": Protection(throttle=Throttle(rate_limit=1))},
    ],
    ids=["environment", "throttle"],
)
def test_what_the_stage_does_not_depend_on_leaves_the_deployment(
    deployed: Callable[[Settings], Stack], change: Settings
) -> None:
    assert deployment_id(deployed({})) == deployment_id(deployed(change))


@pytest.mark.parametrize(
    "change",
    [
        {"timeout": Duration.minutes(5)},
        {"cors": Cors(allow_origins=["https://chat.example.com"])},
        {"runtime": RuntimeOptions(environment_variables={"A": "b"})},
        {"session": SessionBinding.CLIENT},
        {"protection": Protection(throttle=Throttle(rate_limit=1))},
        {"auth": AgentAuth.cognito(callback_urls=["https://chat.example.com/"])},
    ],
    ids=["timeout", "cors", "environment", "session", "throttle", "browser-sign-in"],
)
def test_an_innocent_change_replaces_no_pool_runtime_or_api(
    deployed: Callable[[Settings], Stack], change: Settings
) -> None:
    before, after = deployed({}), deployed(change)
    for kind, properties in CREATE_ONLY.items():
        was, now = resources(before, kind), resources(after, kind)
        assert set(was) == set(now), kind
        for name, resource in was.items():
            for key in properties:
                assert resource["Properties"].get(key) == now[name]["Properties"].get(key), f"{name}.{key}"


def test_logical_ids_are_a_contract(deployed: Callable[[Settings], Stack]) -> None:
    """An id that changes replaces the resource in every deployed stack."""
    ids = {name: kind for name, kind in logical_ids(deployed({})).items() if kind != "AWS::ApiGateway::Deployment"}
    assert ids == {
        "AgentAccessLogEB0F33E0": "AWS::Logs::LogGroup",
        "AgentAccountRoleDDB9FDAE": "Custom::ApiGatewayAccountRole",
        "AgentAgentLog2225C16C": "Custom::AgentLogGroup",
        "AgentApiBB4F9330": "AWS::ApiGateway::RestApi",
        "AgentApiDeploymentStageprod87C4070B": "AWS::ApiGateway::Stage",
        "AgentApiinvocations2724A428": "AWS::ApiGateway::Resource",
        "AgentApiinvocationsPOST95301DA2": "AWS::ApiGateway::Method",
        "AgentCognitoAuthorizerFD8D475D": "AWS::ApiGateway::Authorizer",
        "AgentBlockedRequestsAlarmE4A400D7": "AWS::CloudWatch::Alarm",
        "AgentDashboard83DBF91F": "AWS::CloudWatch::Dashboard",
        "AgentErrorLog1D05FC18": "AWS::Logs::LogGroup",
        "AgentFirewallLog814216F8": "AWS::Logs::LogGroup",
        "AgentFirewallLogging4226DFCC": "AWS::WAFv2::LoggingConfiguration",
        "AgentRuntime23CE8C05": "AWS::BedrockAgentCore::Runtime",
        "AgentRuntimeExecutionRole8E4AC2AE": "AWS::IAM::Role",
        "AgentRuntimeExecutionRoleDefaultPolicy63E71FE1": "AWS::IAM::Policy",
        "AgentRuntimePolicyF6EFD7E7": "AWS::BedrockAgentCore::ResourcePolicy",
        "AgentRuntimeErrorsAlarm15E4665E": "AWS::CloudWatch::Alarm",
        "AgentQuickAnswersE73BEA37": "AWS::Logs::MetricFilter",
        "AgentServerErrorsAlarm9B4ABDAC": "AWS::CloudWatch::Alarm",
        "AgentSetupFunction9C123202": "AWS::Lambda::Function",
        "AgentSetupRoleE6178650": "AWS::IAM::Role",
        "AgentSlowAnswers61F7408B": "AWS::Logs::MetricFilter",
        "AgentSlowAnswersAlarm840BED30": "AWS::CloudWatch::Alarm",
        "AgentThrottledRequests3E0365A5": "AWS::Logs::MetricFilter",
        "AgentThrottledRequestsAlarmE937218E": "AWS::CloudWatch::Alarm",
        "AgentTimeToFirstContent621C61FD": "AWS::Logs::MetricFilter",
        "AgentUserPool3F9096B1": "AWS::Cognito::UserPool",
        "AgentUserPoolClientD01F5BF2": "AWS::Cognito::UserPoolClient",
        "AgentWebAcl8A7F6F20": "AWS::WAFv2::WebACL",
        "AgentWebAclAssociation81606322": "AWS::WAFv2::WebACLAssociation",
    }


@pytest.mark.native_only
def test_streaming_is_a_part_of_what_a_deployment_follows_from(
    deployed: Callable[[Settings], Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the CDK's own property a live API that buffered is deployed anew and streams; an override of the L1 would
    leave the Deployment as it was, and the API buffering (aws-cdk#9086)."""
    streaming = deployment_id(deployed({}))
    options = apigateway.IntegrationOptions
    monkeypatch.setattr(
        apigateway, "IntegrationOptions", lambda **given: options(**{**given, "response_transfer_mode": None})
    )
    assert deployment_id(deployed({})) != streaming
