"""stream-lambda-runtime: a streaming route to a function whose managed runtime cannot stream."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK004",
    name="stream-lambda-runtime",
    severity=Severity.ERROR,
    title="A function that cannot stream",
    why="Lambda streams on Node.js and on custom runtimes; others need the Lambda Web Adapter.",
    fix=(
        "the Web Adapter's layer with AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap and"
        " AWS_LWA_INVOKE_MODE: response_stream, or a Node.js runtime"
    ),
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html",
    group="Streaming",
    undecided="the function is an image, or its layers are not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    told = set()
    for agent in context.agent_routes:
        function = agent.function
        if function is None or not (agent.streams and agent.streams_by_address) or id(function) in told:
            continue
        told.add(id(function))
        resource = function.resource
        if function.cannot_stream:
            if function.layers_unknown or function.variables_unknown:
                yield RULE.cannot_tell(
                    resource, ("Runtime",), f"{function.language} streams only with an adapter, and its layers or"
                    " variables are not known"
                )  # fmt: skip
            else:
                yield RULE.hit(
                    resource,
                    ("Runtime",),
                    f"{agent.route.label} streams from a function on {function.language}, which cannot stream"
                    " by itself",
                )
