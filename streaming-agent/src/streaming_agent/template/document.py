"""A CloudFormation template as its resources, parameters and conditions, with nothing resolved yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .refusal import Refusal


@dataclass(frozen=True)
class Resource:
    """One resource, its properties still holding intrinsic functions."""

    logical_id: str
    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    condition: str | None = None


class Template:
    """A template's sections, each empty when the template leaves it out."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.parameters: Mapping[str, Any] = body.get("Parameters", {})
        self.mappings: Mapping[str, Any] = body.get("Mappings", {})
        self.conditions: Mapping[str, Any] = body.get("Conditions", {})
        self.resources: Mapping[str, Resource] = {
            logical_id: Resource(
                logical_id, _type(logical_id, entry), entry.get("Properties", {}), entry.get("Condition")
            )
            for logical_id, entry in body.get("Resources", {}).items()
        }

    def of_type(self, resource_type: str) -> Iterator[Resource]:
        """The resources of one type, in the template's order."""
        return (resource for resource in self.resources.values() if resource.type == resource_type)


def _type(logical_id: str, entry: Mapping[str, Any]) -> str:
    if not isinstance(entry["Type"], str):
        raise Refusal("SAL002", f"{logical_id}.Type must be the name of a resource type, got {entry['Type']}")
    return str(entry["Type"])
