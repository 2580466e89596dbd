"""The constructs' answers to findings stand where the CDK's own stand."""

from aws_cdk import Stack, Validations

from streaming_agent_construct import AgentSource, StreamingAgentApi


def test_answers_are_found_where_the_cdk_keeps_its_own(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    kept = [entry.data for entry in api.node.metadata if entry.type == Validations.ACKNOWLEDGED_RULES_METADATA_KEY]
    assert [sorted(one)[0] for one in kept] == ["AwsSolutions::AwsSolutions-APIG2"]
