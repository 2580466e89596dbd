"""stream-compression: content encoding of an API that streams."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK013",
    name="stream-compression",
    severity=Severity.WARNING,
    title="Content encoding with STREAM",
    why="Content encoding (MinimumCompressionSize) is not supported with STREAM.",
    fix="remove MinimumCompressionSize",
    source=f"{APIGW}/response-transfer-mode.html",
    group="Streaming",
)
_IN_BODY = "x-amazon-apigateway-minimum-compression-size"


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for api in context.agent_apis:
        resource = api.resource
        if resource is None or not any(agent.streams for agent in context.routes_of(api)):
            continue
        body = api.body()
        if resource.has("MinimumCompressionSize"):
            at: tuple[str, ...] = ("MinimumCompressionSize",)
        elif isinstance(body, dict) and _IN_BODY in body:
            at = ("Body" if resource.has("Body") else "DefinitionBody", _IN_BODY)
        else:
            continue
        yield RULE.hit(
            resource, at, f"{resource.logical_id} compresses answers, and it streams: neither goes with the other"
        )
