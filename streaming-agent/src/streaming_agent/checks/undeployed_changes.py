"""Two templates of one API: what changed between them and is not deployed, because the Deployment is the same."""

from collections.abc import Iterator
from typing import Any

from ..template import StackTemplate, TemplateSet
from ..template.stacks import ResourceBody
from .engine import place_of
from .finding import Finding, Severity
from .rules.deploy_blind import RULE

_PARTS = frozenset(
    f"AWS::ApiGateway::{name}"
    for name in ("Method", "Authorizer", "GatewayResponse", "Resource", "Model", "RequestValidator")
)
_BODY = ("Body", "BodyS3Location")


def deployments_that_stay(old: TemplateSet, new: TemplateSet) -> Iterator[Finding]:
    """A finding for each part of an API that changed while its Deployment's logical id did not.

    The stacks are paired by name, or when each side has one, with each other.
    """
    for before, after in _pairs(old, new):
        view = new.view()
        staying = [
            body.logical_id
            for body in after.resources.values()
            if body.type == "AWS::ApiGateway::Deployment" and body.logical_id in before.resources
        ]
        for logical_id in staying:
            api = _api_of(after.resources[logical_id])
            changed = sorted(_changed(before, after, api))
            if changed:
                resource = view.named(after, changed[0])
                deployment = view.named(after, logical_id)
                place = resource or deployment
                if place is None or deployment is None:
                    continue
                yield Finding(
                    rule=RULE,
                    severity=Severity.ERROR,
                    message=(
                        f"{' and '.join(changed)} changed, and {logical_id} has the same logical id: the stage"
                        " keeps the"
                        " old API"
                    ),
                    place=place_of(place, ()),
                    fix=f"another logical id for {logical_id}",
                    related=(place_of(deployment, ()),),
                )


def _pairs(old: TemplateSet, new: TemplateSet) -> Iterator[tuple[StackTemplate, StackTemplate]]:
    if len(old.stacks) == 1 and len(new.stacks) == 1:
        yield old.stacks[0], new.stacks[0]
        return
    for after in new.stacks:
        for before in old.stacks:
            if before.name == after.name:
                yield before, after


def _api_of(body: ResourceBody) -> Any:
    return body.properties.get("RestApiId")


def _changed(before: StackTemplate, after: StackTemplate, api: Any) -> Iterator[str]:
    """The parts of an API that are new, gone or different."""
    ids = dict.fromkeys((*before.resources, *after.resources))
    for logical_id in ids:
        one, other = before.resources.get(logical_id), after.resources.get(logical_id)
        body = other or one
        if body is None:
            continue
        differs = one is None or other is None or one.properties != other.properties
        if (
            body.type in _PARTS and differs and api in [_api_of(each) for each in (one, other) if each is not None]
        ) or (api == {"Ref": logical_id} and any(_part(one, name) != _part(other, name) for name in _BODY)):
            yield logical_id


def _part(body: ResourceBody | None, name: str) -> Any:
    return body.properties.get(name) if body is not None else None
