"""role-wide: a role that may invoke any runtime of the account."""

from collections.abc import Iterator

from ...template import TemplateResource, permissions
from ..agent_routes import CheckContext
from ..finding import Severity
from ..functions import INVOKE_AGENT
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK082",
    name="role-wide",
    severity=Severity.NOTE,
    title="A role for any runtime of the account",
    why="Whoever takes over the caller may speak with every agent of the account.",
    fix="Resource: [!GetAtt Runtime.AgentRuntimeArn, !Sub '${Runtime.AgentRuntimeArn}/runtime-endpoint/*']",
    source=f"{AGENTCORE}/security-iam.html",
    group="Limits, logs, deployment",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for role in _roles(context):
        for statement in permissions(context.view, role).allowing(INVOKE_AGENT):
            everything = any(resource == "*" or str(resource).endswith("runtime/*") for resource in statement.resources)
            all_actions = any(action.lower() in ("bedrock-agentcore:*", "*") for action in statement.actions)
            if statement.condition or not (everything or all_actions):
                continue
            what = "any runtime of the account" if everything else "each action of AgentCore"
            name = role.logical_id
            yield RULE.hit(statement.place, statement.path, f"{name} may use {what}")


def _roles(context: CheckContext) -> Iterator[TemplateResource]:
    yield from context.view.resources("AWS::IAM::Role")
    for function in context.view.resources("AWS::Serverless::Function"):
        if not function.has("Role"):
            yield function
