"""shell-open: a token that opens a shell in the agent's microVM."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule
from ..runtime_policies import policies_of

RULE = Rule(
    code="CHK054",
    name="shell-open",
    severity=Severity.WARNING,
    title="A caller's token opens a shell",
    why=(
        "A runtime with a JWT authorizer takes the same token for /commands and /ws/shells: a shell reads the role's"
        " credentials. A resource policy keeps callers to named actions."
    ),
    fix=(
        "AWS::BedrockAgentCore::ResourcePolicy that allows Principal '*' only bedrock-agentcore:InvokeAgentRuntime,"
        " and denies InvokeAgentRuntimeCommand, InvokeAgentRuntimeCommandShell, InvokeAgentRuntimeWithWebSocketStream"
    ),
    source=f"{AGENTCORE}/resource-based-policies.html",
    group="Who may call",
    absence=True,
    undecided="a policy is for a runtime that is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for runtime in context.runtimes:
        if not isinstance(context.jwt_authorizer(runtime), dict):
            continue
        policies, open_policy = policies_of(context, runtime)
        if policies:
            continue
        if open_policy:
            yield RULE.cannot_tell(runtime, (), f"whether {runtime.logical_id} has a resource policy is not known")
        else:
            yield RULE.hit(
                runtime,
                (),
                f"{runtime.logical_id} takes tokens and has no resource policy: each token opens /commands and"
                " /ws/shells",
            )
