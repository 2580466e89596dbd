"""stream-missing: the transfer mode of an agent's route is BUFFERED, by word or by default."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK001",
    name="stream-missing",
    severity=Severity.ERROR,
    title="The answer of an agent is buffered",
    why="Without ResponseTransferMode: STREAM, API Gateway holds the answer back until the agent has ended.",
    fix="ResponseTransferMode: STREAM, TimeoutInMillis: 900000",
    source=f"{APIGW}/response-transfer-mode.html",
    group="Streaming",
    undecided="the mode is a parameter without Default",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        mode = agent.route.integration.mode
        if unknown := context.symbols.unknown(mode):
            yield RULE.cannot_tell(agent.resource, agent.at("mode"), f"the transfer mode is not known: {unknown.why}")
        elif agent.mode == "BUFFERED" and not agent.streams_by_address:
            function = agent.function
            if function is not None and function.streams:
                continue  # adapter-mismatch tells this cause
            written = "is BUFFERED" if mode is not None else "is not given, and BUFFERED is the default"
            yield RULE.hit(
                agent.resource,
                agent.at("mode", "integration"),
                f"{agent.route.label} leads to an agent and its transfer mode {written}: nothing streams",
                severity=Severity.ERROR if agent.address else Severity.WARNING,
            )
