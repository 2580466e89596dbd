"""What exists already and is used in its own Region, or account, only."""

from aws_cdk import Token

from .errors import StreamingAgentError


def is_elsewhere(place: str, stack_place: str) -> bool:
    """Whether a Region or account is another one than the stack's, where both are known."""
    return not Token.is_unresolved(place) and not Token.is_unresolved(stack_place) and place != stack_place


def check_same_region(code: str, name: str, region: str, stack_region: str) -> None:
    """Refuses what its service looks for in the stack's Region only, where both Regions are known."""
    if is_elsewhere(region, stack_region):
        raise StreamingAgentError(
            code, f"{name}: expected one in {stack_region}, the stack's Region, got one in {region}; make one there"
        )
