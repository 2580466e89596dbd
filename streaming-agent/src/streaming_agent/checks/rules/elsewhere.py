"""elsewhere: what the rules cannot see, said once an API."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK099",
    name="elsewhere",
    severity=Severity.NOTE,
    title="A part of the API is not in the template",
    why="What is not in the templates cannot be checked: that nothing is found there says nothing.",
    fix="give the missing file or stack too",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-guide.html",
    group="Limits, logs, deployment",
    undecided="always",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for api in context.apis:
        resource = api.resource
        if resource is None or api.kind != "REST":
            continue
        if api.unknown_routes and (context.routes_of(api) or context.holds_an_agent):
            yield RULE.cannot_tell(
                resource, (), f"which routes {resource.logical_id} has is not known: {api.unknown_routes[0].why}"
            )
        if context.routes_of(api) and not api.stages:
            yield RULE.cannot_tell(
                resource,
                (),
                f"the stage of {resource.logical_id} is not in the template: its limits, log and web ACL are not known",
            )
