"""lambda-permission: API Gateway may not invoke the function of a streaming route."""

from collections.abc import Iterator

from ...template import TemplateResource, functions_of, permissions
from ...template.iam_policy import matches
from ..agent_routes import AgentRoute, CheckContext
from ..finding import Severity
from ..functions import Function
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK008",
    name="lambda-permission",
    severity=Severity.ERROR,
    title="API Gateway may not invoke the function",
    why="InvokeWithResponseStream needs permission for the lambda:InvokeFunction action; without it every call"
    " ends in 500.",
    fix="AWS::Lambda::Permission with Action: lambda:InvokeFunction and Principal: apigateway.amazonaws.com",
    source="https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html",
    group="Streaming",
    absence=True,
    undecided="the function, its permission or the role of Credentials is not in the template",
)
_ACTION = "lambda:InvokeFunction"


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        function = agent.function
        if function is None or agent.type != "AWS_PROXY":
            continue
        if agent.route.integration.credentials is not None:
            yield from _by_role(context, agent)
        elif not _made_by_sam(agent, function):
            yield from _by_permission(context, agent, function)


def _made_by_sam(agent: AgentRoute, function: Function) -> bool:
    """SAM writes the permission of an event, for the routes of the event's API."""
    if agent.resource is function.resource:
        return True
    events = function.resource.get("Events")
    return any(
        isinstance(event, dict) and event.get("Type") == "Api"
        for event in (events.values() if isinstance(events, dict) else ())
    )


def _by_role(context: CheckContext, agent: AgentRoute) -> Iterator[Hit]:
    credentials = agent.route.integration.credentials
    role = context.view.resource(credentials)
    if role is None:
        return  # a role that is not in the template, or the caller's own credentials
    allowed = permissions(context.view, role)
    if not allowed.allowing(_ACTION) and allowed.unknown is None:
        yield RULE.hit(
            agent.resource,
            agent.at("credentials"),
            f"{agent.route.label} invokes its function as {role.logical_id}, which may not use {_ACTION}",
            fix=f"a policy of {role.logical_id} that allows {_ACTION} on the function",
        )


def _by_permission(context: CheckContext, agent: AgentRoute, function: Function) -> Iterator[Hit]:
    other: TemplateResource | None = None
    open_permission = False
    for permission in context.view.resources("AWS::Lambda::Permission"):
        name = permission.get("FunctionName")
        if context.symbols.unknown(name):
            open_permission = True
            continue
        if not _is_for(context, name, function):
            continue
        principal = permission.text("Principal") or ""
        if principal not in ("apigateway.amazonaws.com", "*"):
            continue
        action = permission.text("Action") or ""
        if matches(action, _ACTION, ignore_case=True) or context.symbols.unknown(action):
            return
        other = other or permission
    if other is not None:
        yield RULE.hit(
            other,
            ("Action",),
            f"API Gateway may use {other.text('Action')} on {function.resource.logical_id}, and"
            f" {agent.route.label} needs"
            f" {_ACTION}",
        )
    elif open_permission:
        yield RULE.cannot_tell(
            agent.resource, agent.at("uri"), "a permission is for a function whose name is not known"
        )
    else:
        yield RULE.hit(
            agent.resource,
            agent.at("uri", "integration"),
            f"nothing allows API Gateway to invoke {function.resource.logical_id} for {agent.route.label}",
        )


def _is_for(context: CheckContext, name: object, function: Function) -> bool:
    if isinstance(name, str) and any(one is function.resource for one in functions_of(context.view, name)):
        return True
    own = function.resource.text("FunctionName")
    return own is not None and isinstance(name, str) and name.rsplit(":function:", 1)[-1].split(":")[0] == own
