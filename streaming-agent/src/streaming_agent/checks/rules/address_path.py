"""address-path: the path of a runtime's address is none that AgentCore has."""

import re
from collections.abc import Iterator

from ..agent_routes import AgentRoute, CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK030",
    name="address-path",
    severity=Severity.ERROR,
    title="A path that AgentCore does not have",
    why="AgentCore answers at /runtimes/{id or encoded ARN}/invocations; any other path is 404.",
    fix=(
        "https://bedrock-agentcore.${AWS::Region}.${AWS::URLSuffix}/runtimes/${Runtime.AgentRuntimeId}/invocations"
        "?qualifier=DEFAULT&accountId=${AWS::AccountId}"
    ),
    source=f"{AGENTCORE}/runtime-invoke-agent.html",
    group="Address and headers",
    undecided="a part of the path is not in the template",
)
_PARAMETER = re.compile(r"\{([^}+]+)\+?\}")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        address = agent.address
        if address is None:
            continue
        at = agent.at("uri")
        for name in _PARAMETER.findall(address.path):
            if agent.mapped("path", name) is None:
                yield RULE.hit(
                    agent.resource,
                    at,
                    f"the address of {agent.route.label} has {{{name}}}, and nothing is mapped to it",
                    fix=f"RequestParameters: {{integration.request.path.{name}: method.request.path.{name}}}",
                )
        if address.runtime is not None:
            continue
        path = _with_mappings(agent, address.path)
        if unknown := context.symbols.unknown(path):
            yield RULE.cannot_tell(agent.resource, at, f"the path of the address is not known: {unknown.why}")
        elif not re.fullmatch(r"/runtimes/.+/invocations/?", path, re.DOTALL) and "{" not in path:
            shown = context.symbols.shown(address.path) or "/"
            yield RULE.hit(
                agent.resource,
                at,
                f"{agent.route.label} calls {shown} of AgentCore, and agents answer at /runtimes/…/invocations",
            )


def _with_mappings(agent: AgentRoute, path: str) -> str:
    """The path with its parameters as they are mapped: a literal, or what is known of it."""

    def mapped(found: "re.Match[str]") -> str:
        value = agent.mapped("path", found[1])
        return value.strip("'") if isinstance(value, str) and value.startswith("'") else found[0]

    return _PARAMETER.sub(mapped, path)
