"""guests: visitors who did not sign in may call the agent."""

from collections.abc import Iterator

from ...template import Statement, TemplateResource, permissions
from ...template.symbols import SYMBOL
from ..agent_routes import CheckContext
from ..finding import Severity
from ..function_urls import function_urls
from ..functions import INVOKE_AGENT
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK053",
    name="guests",
    severity=Severity.ERROR,
    title="Guests of an identity pool may call the agent",
    why="An identity pool gives everybody the credentials of its unauthenticated role: IAM is no sign-in then.",
    fix="AllowUnauthenticatedIdentities: false, or a role of the guests that may not call",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html",
    group="Who may call",
    undecided="the guests' role is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for attachment in context.view.resources("AWS::Cognito::IdentityPoolRoleAttachment"):
        pool = context.view.resource(attachment.get("IdentityPoolId"))
        if pool is not None and pool.flag("AllowUnauthenticatedIdentities") is False:
            continue
        role = context.view.resource(attachment.get("Roles", "unauthenticated"))
        if role is None:
            continue
        found = next(_calls(context, role), None)
        if found is not None:
            statement, what = found
            yield RULE.hit(
                statement.place,
                statement.path,
                f"guests of {pool.logical_id if pool else 'the identity pool'} get {role.logical_id}, which"
                f" may call {what}",
                related=((pool, ("AllowUnauthenticatedIdentities",)),) if pool else (),
            )


def _calls(context: CheckContext, role: TemplateResource) -> Iterator[tuple[Statement, str]]:
    allowed = permissions(context.view, role)
    for statement in allowed.allowing("execute-api:Invoke"):
        for agent in context.agent_routes:
            api = agent.route.api
            if agent.route.authorization.kind == "AWS_IAM" and _covers(statement, api.identity, agent.route.url_path):
                yield statement, agent.route.label
    for statement in allowed.allowing("lambda:InvokeFunctionUrl"):
        for url in function_urls(context):
            function = url.function
            if function is not None and (function.may_ask_agent or function.may_ask_model or function.streams):
                yield statement, f"the URL of {function.resource.logical_id}"
    for statement in allowed.allowing(INVOKE_AGENT):
        yield statement, "an agent runtime"


def _covers(statement: Statement, api: str, url_path: str | None) -> bool:
    """Whether a statement's resources take in a route of an API."""
    for resource in statement.resources:
        text = resource if isinstance(resource, str) else ""
        if text == "*":
            return True
        tail = text.rpartition(":")[2]
        named, _, rest = tail.partition("/")
        if named not in (api, "*"):
            continue
        path = rest.split("/", 2)[2] if rest.count("/") >= 2 else "*"
        if url_path is None or SYMBOL.search(path) or path.endswith("*"):
            return url_path is None or url_path.strip("/").startswith(path.rstrip("*").strip("/"))
        if path.strip("/") == url_path.strip("/"):
            return True
    return False
