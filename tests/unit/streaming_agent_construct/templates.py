"""Short ways to ask a synthesised stack what is in it."""

from typing import Any

from aws_cdk import Stack
from aws_cdk.assertions import Annotations, Match, Template

Resource = dict[str, Any]


def resources(stack: Stack, kind: str) -> dict[str, Resource]:
    """The resources of a type by logical id."""
    return {name: dict(found) for name, found in Template.from_stack(stack).find_resources(kind).items()}


def only(stack: Stack, kind: str) -> Resource:
    """The properties of the one resource of a type."""
    found = resources(stack, kind)
    assert len(found) == 1, f"{len(found)} resources of type {kind}"
    return dict(next(iter(found.values())).get("Properties", {}))


def post_method(stack: Stack) -> Resource:
    """The properties of the one POST method."""
    methods = [m["Properties"] for m in resources(stack, "AWS::ApiGateway::Method").values()]
    posts = [m for m in methods if m["HttpMethod"] == "POST"]
    assert len(posts) == 1, f"{len(posts)} POST methods"
    return dict(posts[0])


def logical_ids(stack: Stack) -> dict[str, str]:
    """Every logical id and its type."""
    return {name: r["Type"] for name, r in Template.from_stack(stack).to_json()["Resources"].items()}


def deployment_id(stack: Stack) -> str:
    """The logical id of the Deployment: a new one is a new deployment of the API."""
    return next(iter(resources(stack, "AWS::ApiGateway::Deployment")))


def flat(value: Any) -> str:
    """A Fn::Join as one string, references by name."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(flat(part) for part in parts)
    if "Ref" in value:
        return f"{{{value['Ref']}}}"
    if "Fn::GetAtt" in value:
        return "{" + ".".join(value["Fn::GetAtt"]) + "}"
    raise AssertionError(f"not a string: {value}")


def warnings(stack: Stack) -> str:
    """What synthesis warns about, a line each."""
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    return "\n".join(str(message.entry.data) for message in found)
