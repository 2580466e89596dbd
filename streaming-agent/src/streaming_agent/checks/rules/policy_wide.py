"""policy-wide: a runtime's resource policy that admits more than the one action."""

from collections.abc import Iterator

from ...template import Statement, policy_statements
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..runtime_policies import SHELL_ACTIONS, policies_of

RULE = Rule(
    code="CHK055",
    name="policy-wide",
    severity=Severity.ERROR,
    title="A runtime's policy that admits too much",
    why=(
        "InvokeAgentRuntime* takes in Command and CommandShell; and Principal '*' on a runtime without a JWT authorizer"
        " admits every AWS account."
    ),
    fix="Action: bedrock-agentcore:InvokeAgentRuntime, without a star",
    source=f"{AGENTCORE}/resource-based-policies.html",
    group="Who may call",
    undecided="the policy's text is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for runtime in context.runtimes:
        jwt = context.jwt_authorizer(runtime)
        for policy in policies_of(context, runtime)[0]:
            statements = policy_statements(policy, policy.get("Policy"), ("Policy",))
            for statement in statements:
                if statement.effect != "Allow" or statement.condition or not _everybody(statement.principal):
                    continue
                open_actions = [
                    action for action in SHELL_ACTIONS if statement.names(action) and not _denied(statements, action)
                ]
                at = ("Policy",) if isinstance(policy.get("Policy"), str) else statement.path
                if open_actions:
                    names = ", ".join(action.partition(":")[2] for action in open_actions)
                    yield RULE.hit(policy, at, f"everybody with a token may use {names} of {runtime.logical_id}")
                elif jwt is None and statement.actions:
                    yield RULE.hit(
                        policy,
                        at,
                        f"{runtime.logical_id} has no JWT authorizer, and its policy admits every AWS account",
                        fix="Principal: {AWS: <the account or role that may call>}",
                    )


def _everybody(principal: object) -> bool:
    if isinstance(principal, dict):
        named = principal.get("AWS")
        return named == "*" or (isinstance(named, list) and "*" in named)
    return principal == "*"


def _denied(statements: list[Statement], action: str) -> bool:
    return any(one.effect == "Deny" and one.names(action) and _everybody(one.principal) for one in statements)
