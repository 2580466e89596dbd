"""adapter-mismatch: the Web Adapter streams and the integration buffers, or the reverse."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK015",
    name="adapter-mismatch",
    severity=Severity.ERROR,
    title="The adapter and the integration do not agree on streaming",
    why=(
        "A streaming adapter's body begins with a JSON prelude and eight NUL bytes, which a buffered integration passes"
        " on as text; a buffered adapter streams nothing."
    ),
    fix="AWS_LWA_INVOKE_MODE: response_stream with STREAM and the streaming address, or none of the three",
    source="https://aws.github.io/aws-lambda-web-adapter/features/response-streaming.html",
    group="Streaming",
    undecided="the function's variables are not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        function = agent.function
        if function is None:
            continue
        at = agent.at("uri", "integration")
        name = function.resource.logical_id
        related = ((function.resource, ("Environment",)),)
        if function.streams and agent.mode == "BUFFERED" and not agent.streams_by_address:
            yield RULE.hit(
                agent.resource,
                at,
                f"the adapter of {name} streams, and {agent.route.label} buffers: the body begins with the"
                " adapter's prelude",
                related=related,
            )
        elif agent.streams and agent.streams_by_address and function.has_adapter and not function.streams:
            if unknown := function.variables_unknown:
                yield RULE.cannot_tell(agent.resource, at, f"the adapter's mode is not known: {unknown.why}")
            else:
                yield RULE.hit(
                    function.resource,
                    ("Environment", "Variables"),
                    f"{agent.route.label} streams, and the adapter of {name} buffers (AWS_LWA_INVOKE_MODE is not"
                    " response_stream)",
                    related=((agent.resource, agent.at("mode")),),
                )
    for agent in context.http_agent_routes:
        if agent.function is not None and agent.function.streams:
            yield RULE.hit(
                agent.resource,
                agent.at("uri"),
                f"the adapter of {agent.function.resource.logical_id} streams, and an HTTP API buffers",
                fix="a REST API with STREAM, or an adapter without AWS_LWA_INVOKE_MODE",
            )
