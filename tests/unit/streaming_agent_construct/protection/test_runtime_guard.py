"""What keeps callers off the runtime's own address: a shared secret, or a private path."""

import json
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_secretsmanager as secretsmanager

from streaming_agent_construct import (
    AgentSource,
    ApiEndpoint,
    Protection,
    RuntimeGuard,
    RuntimeOptions,
    StreamingAgentApi,
)

from ..conftest import Refused
from ..templates import deployment_id, flat, only, post_method, resources, warnings

HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Gateway-Secret"
SECRET = "AWS::SecretsManager::Secret"
POLICY = "AWS::BedrockAgentCore::ResourcePolicy"


def _shown(stack: Stack) -> str:
    return flat(post_method(stack)["Integration"]["RequestParameters"][f"integration.request.header.{HEADER}"])


def test_the_gateway_shows_a_new_secret_that_the_template_does_not_hold(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(runtime_guard=RuntimeGuard.shared_secret()))

    secret = next(iter(resources(stack, SECRET)))
    assert _shown(stack) == f"'{{{{resolve:secretsmanager:{{{secret}}}:SecretString:::}}}}'"
    assert only(stack, SECRET)["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 64}


def test_the_agent_may_read_the_secret_and_is_told_which(stack: Stack, agent: AgentSource) -> None:
    options = RuntimeOptions(environment_variables={"MODEL": "nova"}, header_allow_list=["Authorization"])
    guard = RuntimeGuard.shared_secret()
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(runtime_guard=guard), runtime=options)

    secret = {"Ref": next(iter(resources(stack, SECRET)))}
    runtime = only(stack, "AWS::BedrockAgentCore::Runtime")
    assert runtime["EnvironmentVariables"] == {"GATEWAY_SECRET_ARN": secret, "MODEL": "nova"}
    assert runtime["RequestHeaderConfiguration"]["RequestHeaderAllowlist"] == ["Authorization", HEADER]
    statements = [
        statement
        for policy in resources(stack, "AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "secretsmanager:GetSecretValue" in statement["Action"]
    ]
    assert [statement["Resource"] for statement in statements] == [secret]


def test_all_agents_behind_one_api_expect_one_secret(stack: Stack, agent: AgentSource) -> None:
    guard = RuntimeGuard.shared_secret()
    api = StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(runtime_guard=guard))
    api.add_agent("billing", agent=agent)

    runtimes = resources(stack, "AWS::BedrockAgentCore::Runtime").values()
    assert len(resources(stack, SECRET)) == 1
    assert [r["Properties"]["EnvironmentVariables"]["GATEWAY_SECRET_ARN"] for r in runtimes] == [
        {"Ref": next(iter(resources(stack, SECRET)))}
    ] * 2


def test_a_rotated_secret_is_let_in_by_its_version_which_deploys_the_api_anew(agent: AgentSource) -> None:
    def stack_with(version_id: str) -> Stack:
        stack = Stack(None, "Test")
        name = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-AbCdEf"
        secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", name)
        guard = RuntimeGuard.shared_secret(secret=secret, version_id=version_id)
        StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(runtime_guard=guard))
        return stack

    before, after = (
        stack_with("11111111111111111111111111111111"),
        stack_with("22222222222222222222222222222222"),
    )
    assert _shown(before) == (
        "'{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-AbCdEf"
        ":SecretString:::11111111111111111111111111111111}}'"
    )
    assert deployment_id(before) != deployment_id(after)


@pytest.mark.parametrize("version_id", ["", "AWSCURRENT", "1", "0123456789abcdef0123456789abcd:}"])
def test_a_version_that_no_secret_has_is_refused(refused: Refused, version_id: str) -> None:
    with refused("SAC079", f"got '{version_id}'", "list-secret-version-ids"):
        RuntimeGuard.shared_secret(version_id=version_id)


def test_without_a_guard_there_is_no_secret_and_no_condition_on_the_network(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)

    runtime = only(stack, "AWS::BedrockAgentCore::Runtime")
    statements = json.loads(flat(only(stack, POLICY)["Policy"]))["Statement"]
    assert not resources(stack, SECRET)
    assert HEADER not in str(post_method(stack)["Integration"])
    assert "GATEWAY_SECRET_ARN" not in str(runtime.get("EnvironmentVariables"))
    assert HEADER not in str(runtime.get("RequestHeaderConfiguration"))
    assert [statement["Effect"] for statement in statements if "Condition" not in statement] == ["Allow", "Deny"]
    assert len(statements) == 2


@pytest.fixture
def private(stack: Stack) -> Protection:
    """A private path through a VPC and a link that exist already."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-12345678", availability_zones=["eu-west-1a"])
    link = apigateway.VpcLink.from_vpc_link_id(stack, "Link", "abc123")
    return Protection(runtime_guard=RuntimeGuard.private_path(vpc_link=link, vpc=vpc))


def test_on_a_private_path_the_gateway_calls_through_the_vpc(
    stack: Stack, agent: AgentSource, private: Protection
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, protection=private)

    integration = post_method(stack)["Integration"]
    assert integration["ConnectionType"] == "VPC_LINK"
    assert integration["ConnectionId"] == "abc123"
    assert integration["ResponseTransferMode"] == "STREAM"


def test_on_a_private_path_the_runtime_answers_nobody_from_elsewhere(
    stack: Stack, agent: AgentSource, private: Protection
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, protection=private)

    runtime = next(iter(resources(stack, "AWS::BedrockAgentCore::Runtime")))
    policy = only(stack, POLICY)
    arn = f"{{{runtime}.AgentRuntimeArn}}"
    document: dict[str, Any] = json.loads(flat(policy["Policy"]))
    assert flat(policy["ResourceArn"]) == arn
    assert [
        (statement["Effect"], statement["Principal"], statement["Resource"], statement.get("Condition"))
        for statement in document["Statement"]
    ] == [
        ("Allow", "*", arn, {"StringEquals": {"aws:SourceVpc": "vpc-12345678"}}),
        ("Deny", "*", arn, None),
        ("Deny", "*", arn, {"StringNotEquals": {"aws:SourceVpc": "vpc-12345678"}}),
    ]


@pytest.mark.parametrize("guarded", [True, False])
def test_an_existing_runtime_is_guarded_where_it_is_made_and_a_warning_says_so(stack: Stack, guarded: bool) -> None:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn="arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/agent-AbCdEfGhIj",
        agent_runtime_id="agent-AbCdEfGhIj",
        agent_runtime_name="agent",
        agent_runtime_version="1",
        role_arn="arn:aws:iam::123456789012:role/agent",
    )
    StreamingAgentApi(
        stack,
        "Agent",
        agent=AgentSource.from_existing_runtime(runtime),
        protection=Protection(runtime_guard=RuntimeGuard.shared_secret() if guarded else None),
    )

    assert ("the existing runtime is not guarded here" in warnings(stack)) is guarded


@pytest.mark.parametrize("guarded", [True, False])
def test_a_private_api_in_front_of_a_public_runtime_is_warned_about(
    stack: Stack, agent: AgentSource, private: Protection, guarded: bool
) -> None:
    vpc_endpoint = ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, "VpcEndpoint", vpc_endpoint_id="vpce-12345678", port=443
    )
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        endpoint=ApiEndpoint.private_api(vpc_endpoints=[vpc_endpoint]),
        protection=private if guarded else None,
    )

    assert ("the runtime's own address is public" in warnings(stack)) is not guarded


def test_a_secret_of_another_region_is_refused(app: App, agent: AgentSource, refused: Refused) -> None:
    """CloudFormation would look for it in the stack's Region, whatever the ARN says."""
    stack = Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:gateway-AbCdEf"
    elsewhere = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", arn)
    protection = Protection(runtime_guard=RuntimeGuard.shared_secret(secret=elsewhere))
    with refused("SAC197", "secret: expected one in eu-west-1", "got one in us-east-1"):
        StreamingAgentApi(stack, "Agent", agent=agent, protection=protection)
