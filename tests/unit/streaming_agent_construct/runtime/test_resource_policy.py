"""The resource policy of a runtime: what a caller with a token may do on the runtime's own address."""

import json

import pytest
from aws_cdk import Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk.assertions import Template

from streaming_agent_construct import AgentSource, Protection, RuntimeGuard, StreamingAgentApi

from ..templates import flat, only, resources, warnings

POLICY = "AWS::BedrockAgentCore::ResourcePolicy"
RUNTIME = "AWS::BedrockAgentCore::Runtime"


@pytest.mark.parametrize("guard", [None, RuntimeGuard.shared_secret])
def test_a_token_invokes_the_agent_and_does_nothing_else(stack: Stack, agent: AgentSource, guard: object) -> None:
    protection = Protection(runtime_guard=RuntimeGuard.shared_secret() if guard is not None else None)
    StreamingAgentApi(stack, "Agent", agent=agent, protection=protection)

    (runtime,) = resources(stack, RUNTIME)
    arn = f"{{{runtime}.AgentRuntimeArn}}"
    policy = only(stack, POLICY)
    allow, deny = json.loads(flat(policy["Policy"]))["Statement"]
    assert flat(policy["ResourceArn"]) == arn
    assert allow == {
        "Sid": "AdmitCalls",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeAgentRuntimeForUser"],
        "Resource": arn,
    }
    assert (deny["Effect"], deny["Principal"], deny["Resource"]) == ("Deny", "*", arn)
    assert set(deny["Action"]) == {
        "bedrock-agentcore:InvokeAgentRuntimeCommand",
        "bedrock-agentcore:InvokeAgentRuntimeCommandShell",
        "bedrock-agentcore:InvokeAgentRuntimeWithWebSocketStream",
        "bedrock-agentcore:InvokeAgentRuntimeWithWebSocketStreamForUser",
        "bedrock-agentcore:StopRuntimeSession",
    }


def test_each_agent_has_its_own(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("billing", agent=agent)

    named = {flat(policy["Properties"]["ResourceArn"]) for policy in resources(stack, POLICY).values()}
    assert named == {f"{{{runtime}.AgentRuntimeArn}}" for runtime in resources(stack, RUNTIME)}


def test_every_runtime_with_a_policy_for_everybody_checks_tokens(stack: Stack, agent: AgentSource) -> None:
    # Without a JWT authorizer the principal * would be every AWS account.
    StreamingAgentApi(stack, "Agent", agent=agent)

    assert "CustomJWTAuthorizer" in only(stack, RUNTIME)["AuthorizerConfiguration"]


def test_an_existing_runtime_is_left_as_it_is_and_a_warning_says_what_to_add(stack: Stack) -> None:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn="arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/agent-AbCdEfGhIj",
        agent_runtime_id="agent-AbCdEfGhIj",
        agent_runtime_name="agent",
        agent_runtime_version="1",
        role_arn="arn:aws:iam::123456789012:role/agent",
    )
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_existing_runtime(runtime))

    Template.from_stack(stack).resource_count_is(POLICY, 0)
    assert "give it a resource policy that lets token callers invoke it and nothing else" in warnings(stack)
