"""url-mode: a function URL and the Web Adapter behind it do not agree on streaming."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..function_urls import function_urls
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK016",
    name="url-mode",
    severity=Severity.ERROR,
    title="The function URL and the adapter do not agree on streaming",
    why="A streaming adapter needs InvokeMode: RESPONSE_STREAM; a buffered one streams nothing through it.",
    fix="InvokeMode: RESPONSE_STREAM with AWS_LWA_INVOKE_MODE: response_stream, or neither",
    source="https://aws.github.io/aws-lambda-web-adapter/features/response-streaming.html",
    group="Streaming",
    undecided="the function's variables are not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for url in function_urls(context):
        function = url.function
        if function is None or url.streams is None:
            continue
        at = (*url.path, "InvokeMode")
        if not url.streams and function.streams:
            yield RULE.hit(
                url.resource, at, f"the adapter of {function.resource.logical_id} streams, and its URL buffers"
            )
        elif url.streams and function.has_adapter and not function.streams and not function.variables_unknown:
            yield RULE.hit(
                url.resource,
                at,
                f"the URL of {function.resource.logical_id} streams, and its adapter buffers",
                severity=Severity.WARNING,
            )
