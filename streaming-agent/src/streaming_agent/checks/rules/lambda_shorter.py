"""lambda-shorter: the function ends long before the integration does."""

from collections.abc import Iterator

from ...template.plain_values import as_number
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK009",
    name="lambda-shorter",
    severity=Severity.WARNING,
    title="The function ends before the stream may",
    why="The function's timeout must cover the whole stream; when it ends, the stream is cut.",
    fix="Timeout of the function: as many seconds as the integration's TimeoutInMillis",
    source=f"{APIGW}/response-streaming-lambda-configure.html",
    group="Streaming",
    undecided="the function's timeout is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        function = agent.function
        if function is None or not agent.streams:
            continue
        timeout = agent.route.integration.timeout_ms
        lasts = 29.0 if timeout is None else (as_number(timeout) or 0) / 1000
        ends = function.timeout_seconds
        # people keep a few seconds between both on purpose
        if ends is not None and ends < lasts and (ends < min(30, lasts - 1) or lasts - ends > 60):
            written = "" if function.resource.has("Timeout") else " (Lambda's default)"
            yield RULE.hit(
                function.resource,
                ("Timeout",),
                f"{function.resource.logical_id} ends after {ends:g} s{written}, and {agent.route.label} may stream for"
                f" {lasts:g} s",
                related=((agent.resource, agent.at("timeout_ms", "integration")),),
            )
