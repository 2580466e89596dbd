"""address-arn: a runtime's ARN that is not encoded."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK032",
    name="address-arn",
    severity=Severity.ERROR,
    title="A runtime's ARN that is not encoded",
    why="An ARN in the path must be URL-encoded (%3A, %2F): as it is, every call is 404.",
    fix="${Runtime.AgentRuntimeId} with &accountId=${AWS::AccountId} in the query, which needs no encoding",
    source=f"{AGENTCORE}/runtime-invoke-agent.html",
    group="Address and headers",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        address = agent.address
        if address is None or address.runtime is None:
            continue
        reference = context.symbols.reference(address.runtime)
        is_arn = address.runtime.startswith("arn:") or (
            reference is not None
            and (
                reference.attribute == "AgentRuntimeArn"
                or (
                    not reference.attribute
                    and context.view.type_of(reference) == "AWS::BedrockAgentCore::RuntimeEndpoint"
                )
            )
        )
        if is_arn:
            yield RULE.hit(
                agent.resource,
                agent.at("uri"),
                f"the address of {agent.route.label} holds the runtime's ARN as it is: every call is 404",
            )
