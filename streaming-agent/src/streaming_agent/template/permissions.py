"""Policy statements: what a role of the templates may do, and what a resource policy says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .iam_policy import matches
from .line_numbers import Step
from .resource import TemplateResource
from .symbols import Unknown
from .view import View


@dataclass(frozen=True)
class Statement:
    """One statement of a policy and where it stands."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    principal: Any
    condition: Any
    place: TemplateResource
    path: tuple[Step, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether it allows an action, on whatever resource."""
        return self.effect == "Allow" and self.names(action)

    def names(self, action: str) -> bool:
        """Whether the action is among its actions; `*` and `?` match as in IAM."""
        if self.not_actions:
            return not any(matches(one, action, ignore_case=True) for one in self.not_actions)
        return any(matches(one, action, ignore_case=True) for one in self.actions)


@dataclass(frozen=True)
class Permissions:
    """What a role may do. `unknown` says why there may be more than `statements`."""

    statements: tuple[Statement, ...]
    unknown: Unknown | None = None

    def allowing(self, action: str) -> list[Statement]:
        """The statements that allow an action."""
        return [statement for statement in self.statements if statement.allows(action)]


def policy_statements(place: TemplateResource, document: Any, path: tuple[Step, ...]) -> list[Statement]:
    """The statements of a policy document, which may be JSON in a text."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            return []
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    found = []
    for index, statement in enumerate(statements if isinstance(statements, list) else []):
        if isinstance(statement, dict):
            found.append(
                Statement(
                    effect=str(statement.get("Effect", "")),
                    actions=_texts(statement.get("Action")),
                    not_actions=_texts(statement.get("NotAction")),
                    resources=tuple(_list(statement.get("Resource"))),
                    principal=statement.get("Principal"),
                    condition=statement.get("Condition"),
                    place=place,
                    path=(*path, "Statement", index),
                )
            )
    return found


def permissions(view: View, role: Any) -> Permissions:
    """What the role that a value refers to may do: its own policies, those attached to it, and SAM's."""
    resource = view.resource(role) if not isinstance(role, TemplateResource) else role
    if resource is None:
        shown = view.symbols.shown(role) if isinstance(role, str) else "the role"
        return Permissions((), Unknown(shown, f"the policies of {shown} are not in the template"))
    statements: list[Statement] = []
    unknown: Unknown | None = None
    if resource.type == "AWS::Serverless::Function":
        if resource.has("Role"):
            return permissions(view, resource.get("Role"))
        statements, unknown = _sam_policies(view, resource)
    else:
        statements, unknown = _inline(view, resource)
    for policy in view.resources("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"):
        attached = [*policy.items("Roles"), policy.get("RoleName")]
        names = {resource.identity, resource.text("RoleName"), resource.attribute("Arn")}
        arns = [view.resource(arn) for arn in resource.items("ManagedPolicyArns")]
        if any(name in names for name in attached if isinstance(name, str)) or policy in arns:
            statements += policy_statements(policy, policy.get("PolicyDocument"), ("PolicyDocument",))
    return Permissions(tuple(statements), unknown)


def _inline(view: View, role: TemplateResource) -> tuple[list[Statement], Unknown | None]:
    statements: list[Statement] = []
    policies = role.get("Policies")
    for index, policy in enumerate(policies if isinstance(policies, list) else []):
        if isinstance(policy, dict):
            path = ("Policies", index, "PolicyDocument")
            statements += policy_statements(role, policy.get("PolicyDocument"), path)
    unknown = role.unknown("Policies")
    for arn in role.items("ManagedPolicyArns"):
        if isinstance(arn, str) and view.resource(arn) is None and ":aws:policy/" not in arn:
            shown = view.symbols.shown(arn)
            unknown = unknown or Unknown(shown, f"the policy {shown} is not in the template")
    return statements, unknown


def _sam_policies(view: View, function: TemplateResource) -> tuple[list[Statement], Unknown | None]:
    statements: list[Statement] = []
    unknown: Unknown | None = None
    policies = function.get("Policies")
    for index, policy in enumerate(_list(policies)):
        if isinstance(policy, dict) and "Statement" in policy:
            path = ("Policies", index) if isinstance(policies, list) else ("Policies",)
            statements += policy_statements(function, policy, path)
        elif isinstance(policy, str) and (symbol := view.symbols.unknown(policy)):
            unknown = unknown or symbol
    return statements, unknown


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in _list(value) if isinstance(item, str))


def functions_of(view: View, value: Any) -> Iterator[TemplateResource]:
    """The Lambda functions that a text (an integration's address, a target) refers to, through aliases and versions."""
    if not isinstance(value, str):
        return
    for reference in view.symbols.references(value):
        resource = view.resource(reference)
        for _ in range(5):
            if resource is None or resource.type not in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
                break
            resource = view.resource(resource.get("FunctionName"))
        if resource is not None and resource.type in ("AWS::Lambda::Function", "AWS::Serverless::Function"):
            yield resource
            return
    for resource in view.resources("AWS::Lambda::Function", "AWS::Serverless::Function"):
        name = resource.text("FunctionName")
        if name and f":function:{name}/" in f"{value}/":
            yield resource
            return
