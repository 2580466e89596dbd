"""Resolves a template's intrinsic functions to plain values, and refuses what it does not know."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .document import Resource, Template
from .refusal import Refusal

_NO_VALUE = object()
_SUB_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:([^}]*)\}\}")


@dataclass(frozen=True)
class ResourceValues:
    """What a resource's `Ref` and attributes are."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where in the template a value stands, for the sentence that refuses it."""

    logical_id: str
    path: str = ""

    def __truediv__(self, step: str | int) -> "Place":
        return Place(self.logical_id, f"{self.path}.{step}" if self.path else str(step))

    def __str__(self) -> str:
        return f"{self.logical_id}.{self.path}" if self.path else self.logical_id


class Resolver:
    """Resolves values of one template.

    `values` says what a resource's `Ref` and attributes are, or `None` when it doesn't know; it may resolve properties
    of that resource through this resolver. `dynamic` says what a dynamic reference, `{{resolve:…}}`, stands for.
    """

    def __init__(
        self,
        template: Template,
        pseudo_parameters: Mapping[str, str],
        values: "Callable[[Resource, Resolver], ResourceValues | None]",
        dynamic: "Callable[[str, Resolver], str | None]" = lambda reference, resolver: None,
    ) -> None:
        self.template = template
        self._pseudo = pseudo_parameters
        self._values = values
        self._dynamic = dynamic
        self._under_way: list[str] = []
        self.read_last = Place("the template")  # for whoever finds that a property has another shape
        self._functions: dict[str, Callable[[Any, Place], Any]] = {
            "Ref": self._ref,
            "Condition": self._named_condition,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::Base64": self._base64,
            "Fn::If": self._if,
            "Fn::Equals": self._equals,
            "Fn::Not": lambda argument, at: not self._value(argument[0], at),
            "Fn::And": lambda argument, at: all(self._value(one, at) for one in argument),
            "Fn::Or": lambda argument, at: any(self._value(one, at) for one in argument),
            "Fn::FindInMap": self._find_in_map,
        }

    def exists(self, resource: Resource) -> bool:
        """Whether the resource's condition, if it has one, holds."""
        return resource.condition is None or bool(
            self._named_condition(resource.condition, Place(resource.logical_id, "Condition"))
        )

    def property(self, resource: Resource, path: str, default: Any = None) -> Any:
        """One property, resolved; nested ones by dots. Only what is asked for is resolved."""
        value: Any = resource.properties
        at = Place(resource.logical_id)
        self.read_last = at / path
        for step in path.split("."):
            # an intrinsic on the way (Fn::If around a structure) is resolved as far as the path goes on
            if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in self._functions:
                value = self.resolve(value, at)
            if not isinstance(value, dict) or step not in value:
                return default
            value, at = value[step], at / step
        resolved = self._value(value, at)
        return default if resolved is _NO_VALUE else resolved

    def ref(self, resource: Resource) -> str:
        """What `Ref` of this resource is."""
        return self._of_resource(resource.logical_id, Place(resource.logical_id)).ref

    def attribute(self, resource: Resource, name: str) -> str:
        """What `Fn::GetAtt` of this resource is."""
        return self._get_att([resource.logical_id, name], Place(resource.logical_id))

    def resolve(self, value: Any, at: Place) -> Any:
        """A value with every intrinsic function in it resolved; `AWS::NoValue` is `None`."""
        resolved = self._value(value, at)
        return None if resolved is _NO_VALUE else resolved

    def _value(self, value: Any, at: Place) -> Any:
        if isinstance(value, list):
            items = [self._value(item, at / index) for index, item in enumerate(value)]
            return [item for item in items if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return self._plain(value, at)
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in self._functions:
                return self._functions[name](argument, at)
            if name == "Fn::ImportValue":
                raise Refusal(
                    "SAL008",
                    f"{at} must not import another stack's output, got Fn::ImportValue: put the API, its user pool and"
                    " its runtime in one stack to run it locally",
                )
            if name.startswith("Fn::"):
                raise Refusal("SAL006", f"{at} must be a value known before deployment, got {name}: write it out")
        entries = {key: self._value(item, at / key) for key, item in value.items()}
        return {key: item for key, item in entries.items() if item is not _NO_VALUE}

    def _plain(self, value: Any, at: Place) -> Any:
        def known(reference: re.Match[str]) -> str:
            stands_for = self._dynamic(reference[1], self)
            if stands_for is None:
                raise Refusal("SAL006", f"{at} must be a value known before deployment, got {value}: write it out")
            return stands_for

        return _DYNAMIC_REFERENCE.sub(known, value) if isinstance(value, str) else value

    # ------------------------------------------------------------------ references
    def _ref(self, name: str, at: Place) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self.template.parameters:
            return self._parameter(name, at)
        return self._of_resource(name, at).ref

    def _parameter(self, name: str, at: Place) -> str:
        parameter = self.template.parameters[name]
        if "Default" not in parameter or parameter["Type"].startswith("AWS::SSM::"):
            raise Refusal("SAL007", f"{at} must not depend on parameter {name}, which has no value: give it a Default")
        return str(parameter["Default"])

    def _get_att(self, argument: list[str] | str, at: Place) -> str:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        values = self._of_resource(logical_id, at)
        if attribute not in values.attributes:
            raise self._unknown(at, f"{logical_id}.{attribute}", self.template.resources[logical_id].type)
        return values.attributes[attribute]

    def _of_resource(self, logical_id: str, at: Place) -> ResourceValues:
        resource = self.template.resources.get(logical_id)
        if resource is None:
            raise Refusal("SAL006", f"{at} must refer to something in the template, got {logical_id}")
        if logical_id in self._under_way:
            raise Refusal("SAL006", f"{at} must not refer to itself, got {' -> '.join([*self._under_way, logical_id])}")
        self._under_way.append(logical_id)
        try:
            values = self._values(resource, self)
        finally:
            self._under_way.pop()
        if values is None:
            raise self._unknown(at, logical_id, resource.type)
        return values

    @staticmethod
    def _unknown(at: Place, reference: str, resource_type: str) -> Refusal:
        return Refusal(
            "SAL006", f"{at} must be a value that is known locally, got a reference to {reference} ({resource_type})"
        )

    # ------------------------------------------------------------------ text and lists
    def _sub(self, argument: Any, at: Place) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument

        def replaced(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in variables:
                return str(self._value(variables[name], at))
            return str(self._get_att(name, at) if "." in name else self._ref(name, at))

        return str(self._plain(_SUB_VARIABLE.sub(replaced, text), at))

    def _join(self, argument: list[Any], at: Place) -> str:
        delimiter, parts = argument
        return str(self._plain(delimiter.join(str(part) for part in self._value(parts, at)), at))

    def _select(self, argument: list[Any], at: Place) -> Any:
        index, items = self._value(argument, at)
        if not 0 <= int(index) < len(items):
            raise Refusal("SAL006", f"{at} must select one of {len(items)} items, got index {index}")
        return items[int(index)]

    def _split(self, argument: list[Any], at: Place) -> list[str]:
        delimiter, text = self._value(argument, at)
        return str(text).split(delimiter)

    def _base64(self, argument: Any, at: Place) -> str:
        return base64.b64encode(str(self._value(argument, at)).encode()).decode()

    # ------------------------------------------------------------------ conditions and mappings
    def _named_condition(self, name: str, at: Place) -> Any:
        if name not in self.template.conditions:
            raise Refusal("SAL006", f"{at} must name a condition of the template, got {name}")
        return self._value(self.template.conditions[name], Place("Conditions", name))

    def _if(self, argument: list[Any], at: Place) -> Any:
        condition, then, otherwise = argument
        return self._value(then if self._named_condition(condition, at) else otherwise, at)

    def _equals(self, argument: list[Any], at: Place) -> bool:
        one, other = self._value(argument, at)
        return bool(one == other)

    def _find_in_map(self, argument: list[Any], at: Place) -> Any:
        name, first, second = self._value(argument[:3], at)
        try:
            return self.template.mappings[name][first][second]
        except KeyError:
            if len(argument) > 3:
                return self._value(argument[3]["DefaultValue"], at)
            raise Refusal(
                "SAL006", f"{at} must find a value in mapping {name}, got keys {first} and {second}"
            ) from None
