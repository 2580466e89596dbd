"""address-region: the address is in another region than the runtime."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK033",
    name="address-region",
    severity=Severity.ERROR,
    title="An address in another region than the runtime",
    why="A runtime is known in its own region only: in another every call is 404.",
    fix="https://bedrock-agentcore.${AWS::Region}.${AWS::URLSuffix}/…",
    source=f"{AGENTCORE}/runtime-invoke-agent.html",
    group="Address and headers",
    undecided="the stack has no region of its own",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        address = agent.address
        region = context.literal(address.region) if address is not None else None
        if address is None or region is None:
            continue
        text = address.runtime or ""
        other = None
        if address.resource is not None:
            other = address.resource.stack.region
        elif text.replace("%3A", ":").replace("%3a", ":").startswith("arn:"):
            parts = text.replace("%3A", ":").replace("%3a", ":").split(":")
            other = context.literal(parts[3]) if len(parts) > 3 else None
        if other and other != region:
            yield RULE.hit(
                agent.resource,
                agent.at("uri"),
                f"the address of {agent.route.label} is in {region}, and the runtime is in {other}",
            )
