"""Resource policies of runtimes."""

from ..template import TemplateResource
from .agent_routes import CheckContext

# what a token opens beside the one call (bedrock-agentcore devguide: resource-based-policies)
SHELL_ACTIONS = (
    "bedrock-agentcore:InvokeAgentRuntimeCommand",
    "bedrock-agentcore:InvokeAgentRuntimeCommandShell",
)


def policies_of(context: CheckContext, runtime: TemplateResource) -> tuple[list[TemplateResource], bool]:
    """The resource policies of a runtime, and whether there is one whose runtime is not known."""
    found, unknown = [], False
    for policy in context.view.resources("AWS::BedrockAgentCore::ResourcePolicy"):
        arn = policy.get("ResourceArn")
        resources = [context.view.resource(one) for one in context.symbols.references(arn)]
        if runtime in resources:
            found.append(policy)
        elif context.symbols.unknown(arn):
            unknown = True
    return found, unknown
