"""The Regions that have no AgentCore Runtime: a stack that names one is refused before anything is deployed."""

from aws_cdk import Token

from ..errors import StreamingAgentError

# AWS's Regions without AgentCore Runtime (AC agentcore-regions, read on 2026-11-25). Any other Region passes.
_WITHOUT_AGENTCORE = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-3",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-6",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-2",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "us-gov-east-1",
]


def check_region(region: str) -> None:
    """Refuses a known Region that has no AgentCore Runtime."""
    if not Token.is_unresolved(region) and region in _WITHOUT_AGENTCORE:
        raise StreamingAgentError(
            "SAC175",
            f"the stack's Region {region} has no AgentCore Runtime (as of 2026-11-25): deploy to one that has, such as "
            "us-east-1, eu-central-1 or ap-southeast-2",
        )
