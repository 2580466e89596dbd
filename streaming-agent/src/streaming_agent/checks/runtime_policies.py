"""Resource policies of runtimes."""

from ..template import TemplateResource
from .system import System

# what a token opens beside the one call (bedrock-agentcore devguide: resource-based-policies)
SHELL_ACTIONS = (
    "bedrock-agentcore:InvokeAgentRuntimeCommand",
    "bedrock-agentcore:InvokeAgentRuntimeCommandShell",
)


def policies_of(system: System, runtime: TemplateResource) -> tuple[list[TemplateResource], bool]:
    """The resource policies of a runtime, and whether there is one whose runtime is not known."""
    found, unknown = [], False
    for policy in system.view.resources("AWS::BedrockAgentCore::ResourcePolicy"):
        arn = policy.get("ResourceArn")
        resources = [system.view.resource(one) for one in system.symbols.references(arn)]
        if runtime in resources:
            found.append(policy)
        elif system.symbols.unknown(arn):
            unknown = True
    return found, unknown
