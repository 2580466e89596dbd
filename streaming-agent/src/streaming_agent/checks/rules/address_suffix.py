"""address-suffix: a domain that holds in one partition, in a template for any region."""

from collections.abc import Iterator

from ...template.symbols import SYMBOL
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK034",
    name="address-suffix",
    severity=Severity.NOTE,
    title="amazonaws.com written out",
    why="Other partitions have another domain: AWS::URLSuffix is right in each.",
    fix="https://bedrock-agentcore.${AWS::Region}.${AWS::URLSuffix}/…",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html",
    group="Address and headers",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        address = agent.address
        if address is not None and address.host.endswith(".amazonaws.com") and SYMBOL.search(address.region):
            yield RULE.hit(
                agent.resource,
                agent.at("uri"),
                f"the address of {agent.route.label} takes any region and amazonaws.com only",
            )
