"""sigv4-to-jwt: a role that signs calls to a runtime that takes tokens."""

from collections.abc import Iterator

from ...template import TemplateResource, permissions
from ..finding import Severity
from ..functions import INVOKE_AGENT
from ..rule import AGENTCORE, Hit, Rule
from ..system import System

RULE = Rule(
    code="CHK046",
    name="sigv4-to-jwt",
    severity=Severity.WARNING,
    title="A role for a runtime that takes tokens only",
    why="A runtime with a JWT authorizer answers signed calls with 'Authorization method mismatch'.",
    fix="pass the caller's bearer token on in Authorization, or a runtime without AuthorizerConfiguration",
    source=f"{AGENTCORE}/runtime-oauth.html",
    group="Tokens and sessions",
    undecided="whether the code signs: the finding says so",
)


def check(system: System) -> Iterator[Hit]:
    """Every place that the rule finds."""
    with_jwt = [runtime for runtime in system.runtimes if isinstance(system.jwt_authorizer(runtime), dict)]
    if not with_jwt:
        return
    for role, what in _callers(system):
        for statement in permissions(system.view, role).allowing(INVOKE_AGENT):
            for runtime in with_jwt:
                if any(_names(system, resource, runtime) for resource in statement.resources):
                    yield RULE.hit(
                        statement.place,
                        statement.path,
                        f"{what} may invoke {runtime.logical_id}, which takes tokens: if it signs with IAM, it"
                        " is refused",
                        related=((runtime, ("AuthorizerConfiguration",)),),
                    )


def _callers(system: System) -> Iterator[tuple[TemplateResource, str]]:
    for function in system.functions:
        role = function.resource
        if role.type != "AWS::Serverless::Function":
            found = system.view.resource(role.get("Role"))
            if found is not None:
                yield found, function.resource.logical_id
        else:
            yield role, function.resource.logical_id
    for task in system.view.resources("AWS::ECS::TaskDefinition"):
        found = system.view.resource(task.get("TaskRoleArn"))
        if found is not None:
            yield found, task.logical_id


def _names(system: System, resource: object, runtime: TemplateResource) -> bool:
    return any(
        reference.stack == runtime.stack.name and reference.logical_id == runtime.logical_id
        for reference in system.symbols.references(resource)
    )
