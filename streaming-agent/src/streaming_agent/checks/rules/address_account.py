"""address-account: a runtime's id without its account."""

from collections.abc import Iterator

from ...template.runtime_address import is_runtime_id
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK031",
    name="address-account",
    severity=Severity.ERROR,
    title="A runtime's id without its account",
    why="With an id in the path AgentCore needs accountId in the query: without it every call is 400.",
    fix="…/invocations?qualifier=DEFAULT&accountId=${AWS::AccountId}",
    source=f"{AGENTCORE}/runtime-invoke-agent.html",
    group="Address and headers",
    undecided="whether the path holds an id or an ARN",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        address = agent.address
        if address is None or address.runtime is None or "{" in address.runtime:
            continue
        reference = context.symbols.reference(address.runtime)
        is_id = is_runtime_id(address.runtime) or (
            reference is not None
            and context.view.type_of(reference) == "AWS::BedrockAgentCore::Runtime"
            and reference.attribute in ("", "AgentRuntimeId")
        )
        named = any(part.startswith("accountId=") for part in address.query.split("&"))
        if is_id and not named and agent.mapped("querystring", "accountId") is None:
            yield RULE.hit(
                agent.resource,
                agent.at("uri"),
                f"the address of {agent.route.label} names the runtime by its id and not its account: every"
                " call is 400",
            )
