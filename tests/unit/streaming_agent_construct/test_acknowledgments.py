"""The constructs' acknowledgments of checkers' findings stand where the CDK's own stand."""

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct, IConstruct

from streaming_agent_construct import AgentSource, StreamingAgentApi


def acknowledgments(scope: IConstruct) -> list[dict[str, str]]:
    """Those of one construct, as the CDK keeps them."""
    return [entry.data for entry in scope.node.metadata if entry.type == Validations.ACKNOWLEDGED_RULES_METADATA_KEY]


def test_acknowledgments_are_kept_as_the_cdk_keeps_its_own(stack: Stack, agent: AgentSource) -> None:
    """Each is a reason by the finding's id."""
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    other = Construct(stack, "Other")
    ((id, reason),) = [found for one in acknowledgments(api) for found in one.items() if "APIG2" in found[0]]
    Validations.of(other).acknowledge(Acknowledgment(id=id, reason=reason))
    assert acknowledgments(other) == [{id: reason}]


def test_each_acknowledgment_is_of_the_construct_that_the_finding_is_about(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    rules: dict[str, set[str]] = {}
    for scope in stack.node.find_all():
        for kept in acknowledgments(scope):
            assert all(reason.strip() for reason in kept.values())
            # The pack's name twice, the rule, and in brackets what it was found of.
            rules.setdefault(scope.node.path, set()).update(id.split("-")[1].split("[")[0] for id in kept)
    assert rules == {
        "Test/Agent": {"APIG2", "COG2", "COG8", "IAM4", "LambdaDLQ", "LambdaTracing", "SMG4"},
        "Test/Agent/Runtime": {"IAM5"},
        "Test/Agent/SetupRole": {"IAM5"},
    }
