"""What exists already and is used in its own Region only."""

from aws_cdk import Token

from .errors import StreamingAgentError


def check_same_region(code: str, name: str, region: str, stack_region: str) -> None:
    """Refuses what its service looks for in the stack's Region only, where both Regions are known."""
    if not Token.is_unresolved(region) and not Token.is_unresolved(stack_region) and region != stack_region:
        raise StreamingAgentError(
            code, f"{name}: expected one in {stack_region}, the stack's Region, got one in {region}; make one there"
        )
