"""header-unlisted: a header for the agent that the runtime does not let through."""

from collections.abc import Iterator

from ...context import CUSTOM_PREFIX
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK036",
    name="header-unlisted",
    severity=Severity.WARNING,
    title="A header that the runtime drops",
    why="Only headers in the runtime's allow-list reach the agent.",
    fix="RequestHeaderConfiguration: {RequestHeaderAllowlist: [<the header>]}",
    source=f"{AGENTCORE}/runtime-header-allowlist.html",
    group="Address and headers",
    undecided="the runtime is not in the template",
)
_PREFIX = "integration.request.header."


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        runtime = agent.address.resource if agent.address else None
        if runtime is None or runtime.unknown("RequestHeaderConfiguration"):
            continue
        listed = {str(name).lower() for name in runtime.items("RequestHeaderConfiguration", "RequestHeaderAllowlist")}
        for target in agent.parameters:
            name = target.removeprefix(_PREFIX)
            if target.startswith(_PREFIX) and name.lower().startswith(CUSTOM_PREFIX) and name.lower() not in listed:
                yield RULE.hit(
                    agent.resource,
                    (*agent.at("parameters"), target),
                    f"{agent.route.label} sends {name}, and {runtime.logical_id} does not list it: the agent"
                    " never sees it",
                    related=((runtime, ("RequestHeaderConfiguration",)),),
                )
