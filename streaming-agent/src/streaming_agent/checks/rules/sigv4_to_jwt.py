"""sigv4-to-jwt: a role that signs calls to a runtime that takes tokens."""

from collections.abc import Iterator

from ...template import TemplateResource, permissions
from ..agent_routes import CheckContext
from ..finding import Severity
from ..functions import INVOKE_AGENT
from ..rule import AGENTCORE, Hit, Rule

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


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    with_jwt = [runtime for runtime in context.runtimes if isinstance(context.jwt_authorizer(runtime), dict)]
    if not with_jwt:
        return
    for role, what in _callers(context):
        for statement in permissions(context.view, role).allowing(INVOKE_AGENT):
            for runtime in with_jwt:
                if any(_names(context, resource, runtime) for resource in statement.resources):
                    yield RULE.hit(
                        statement.place,
                        statement.path,
                        f"{what} may invoke {runtime.logical_id}, which takes tokens: if it signs with IAM, it"
                        " is refused",
                        related=((runtime, ("AuthorizerConfiguration",)),),
                    )


def _callers(context: CheckContext) -> Iterator[tuple[TemplateResource, str]]:
    for function in context.functions:
        role = function.resource
        if role.type != "AWS::Serverless::Function":
            found = context.view.resource(role.get("Role"))
            if found is not None:
                yield found, function.resource.logical_id
        else:
            yield role, function.resource.logical_id
    for task in context.view.resources("AWS::ECS::TaskDefinition"):
        found = context.view.resource(task.get("TaskRoleArn"))
        if found is not None:
            yield found, task.logical_id


def _names(context: CheckContext, resource: object, runtime: TemplateResource) -> bool:
    return any(
        reference.stack == runtime.stack.name and reference.logical_id == runtime.logical_id
        for reference in context.symbols.references(resource)
    )
