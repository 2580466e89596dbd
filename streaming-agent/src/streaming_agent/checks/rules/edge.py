"""edge: a stream on an edge-optimised API ends after 30 seconds of silence."""

from collections.abc import Iterator

from ...template import TemplateResource
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK010",
    name="edge",
    severity=Severity.WARNING,
    title="Streaming through an edge-optimised API",
    why="An edge-optimised API ends a stream after 30 s without a byte; a Regional one after 5 minutes.",
    fix="EndpointConfiguration: {Types: [REGIONAL]}",
    source=f"{APIGW}/response-streaming-http.html",
    group="Streaming",
    undecided="the endpoint type is a parameter without Default",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for api in context.agent_apis:
        resource = api.resource
        streaming = [agent for agent in context.routes_of(api) if agent.streams or not agent.mode]
        if resource is None or not streaming:
            continue
        kind = api.endpoint_type()
        certain = any(agent.streams for agent in streaming)
        if unknown := context.symbols.unknown(kind):
            yield RULE.cannot_tell(
                resource,
                ("EndpointConfiguration",),
                f"the endpoint type of {resource.logical_id} is not known: {unknown.why}",
            )
        elif kind is None or str(kind).upper() == "EDGE":
            said = "is edge-optimised" if kind else "has no endpoint type, so it is edge-optimised"
            message = f"{resource.logical_id} {said}: 30 s without a byte end a stream"
            if not certain:
                yield RULE.cannot_tell(resource, ("EndpointConfiguration",), f"{message}, if it streams")
                continue
            chosen = kind is not None or _from_cdk(resource)
            severity = Severity.WARNING if chosen else Severity.NOTE
            yield RULE.hit(resource, ("EndpointConfiguration",), message, severity=severity)


def _from_cdk(resource: TemplateResource) -> bool:
    """Whether the CDK wrote it: there, edge is the default of a class and not a habit of whoever writes templates."""
    return resource.construct_path is not None or any(
        any(key.startswith("aws:cdk:") for key in body.metadata) for body in resource.stack.resources.values()
    )
