"""What a new runtime's role may do: read its own code, and get workload tokens by a user's JWT only."""

from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from constructs import Construct

from streaming_agent_construct import AgentSource, RuntimeOptions, StreamingAgentApi

from ..templates import flat, only, resources


def statements(stack: Stack) -> list[dict[str, Any]]:
    return [
        statement
        for policy in resources(stack, "AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def about(stack: Stack, service: str) -> list[dict[str, Any]]:
    def actions(statement: dict[str, Any]) -> list[str]:
        return statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]

    return [one for one in statements(stack) if any(action.startswith(f"{service}:") for action in actions(one))]


def test_the_role_reads_its_own_code_and_nothing_else_of_the_bucket(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)

    (statement,) = about(stack, "s3")
    code = only(stack, "AWS::BedrockAgentCore::Runtime")["AgentRuntimeArtifact"]["CodeConfiguration"]["Code"]["S3"]
    assert statement["Action"] == "s3:GetObject"
    assert str(statement["Resource"]).count(code["Prefix"]) == 1
    assert "*" not in str(statement["Resource"])


def test_a_zip_in_a_bucket_is_the_one_object_that_is_read(stack: Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "agents-of-ours")
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_s3(bucket, "agents/1.zip"))

    (statement,) = about(stack, "s3")
    assert statement["Action"] == "s3:GetObject"
    assert flat(statement["Resource"]) == "arn:{AWS::Partition}:s3:::agents-of-ours/agents/1.zip"


def test_a_bucket_that_knows_its_key_lets_the_role_decrypt(stack: Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket", encryption=s3.BucketEncryption.KMS)
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_s3(bucket, "agents/1.zip"))

    assert [statement["Action"] for statement in about(stack, "kms")] == ["kms:Decrypt"]


def test_workload_tokens_come_by_jwt_and_for_the_runtimes_own_identity(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)

    name = only(stack, "AWS::BedrockAgentCore::Runtime")["AgentRuntimeName"]
    denied = [statement for statement in about(stack, "bedrock-agentcore") if statement["Effect"] == "Deny"]
    without_jwt, others = denied
    assert without_jwt["Action"] == [
        "bedrock-agentcore:GetWorkloadAccessToken",
        "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
    ]
    assert without_jwt["Resource"] == "*"
    assert others["Action"] == "bedrock-agentcore:GetWorkloadAccessTokenForJWT"
    directory = "arn:{AWS::Partition}:bedrock-agentcore:{AWS::Region}:{AWS::AccountId}:workload-identity-directory"
    assert [flat(resource) for resource in others["NotResource"]] == [
        f"{directory}/default",
        f"{directory}/default/workload-identity/{name}-*",
    ]


def test_a_role_that_several_agents_may_share_is_denied_nothing(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock-agentcore.amazonaws.com"))
    agent = AgentSource.from_directory(str(tmp_path))
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(execution_role=role))

    assert not [statement for statement in statements(stack) if statement["Effect"] == "Deny"]
    assert [statement["Action"] for statement in about(stack, "s3")] == ["s3:GetObject"]


def names_of_the_role(name: str | None, agent: AgentSource) -> tuple[set[str], str]:
    """The logical ids of a runtime's role and policy, and the runtimes that the role trusts."""
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "Chat")
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(runtime_name=name))
    (role,) = [one for one in resources(stack, "AWS::IAM::Role") if "ExecutionRole" in one]
    (policy,) = [one for one in resources(stack, "AWS::IAM::Policy") if "ExecutionRole" in one]
    trust = resources(stack, "AWS::IAM::Role")[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    return {role, policy}, flat(trust["Condition"]["ArnLike"]["aws:SourceArn"])


def test_a_runtime_of_another_name_gets_a_role_of_its_own(agent: AgentSource) -> None:
    """The trust names the runtime, and the old one answers until the new one is there."""
    unnamed, _ = names_of_the_role(None, agent)
    old, trusted = names_of_the_role("chat_one", agent)
    new, _ = names_of_the_role("chat_two", agent)

    assert trusted.endswith(":runtime/chat_one*")
    assert not unnamed & old
    assert not old & new


def test_a_name_too_long_for_a_logical_id_leaves_the_role_as_it_is(agent: AgentSource) -> None:
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "S" * 128)
    scope = Construct(stack, "C" * 120)
    StreamingAgentApi(scope, "Agent", agent=agent, runtime=RuntimeOptions(runtime_name="n" * 48))
    assert max(len(name) for name in Template.from_stack(stack).to_json()["Resources"]) <= 255
