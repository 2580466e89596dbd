"""Numbers and durations that a user gives, checked here because the CDK refuses some of them in its own words."""

from aws_cdk import Duration, Token

from .errors import StreamingAgentError


def milliseconds(name: str, duration: Duration) -> float:
    """The duration in milliseconds. One that only the deployment knows is refused: its limits are checked here."""
    if duration.is_unresolved():
        raise StreamingAgentError(
            "SAC008",
            f"{name}: expected a duration that is known at synthesis, got a value known only at deployment; "
            "write it as a number, such as Duration.minutes(5)",
        )
    # Any other conversion stops at a part of the unit.
    return duration.to_milliseconds(integral=False)


def is_multiple_of(duration_ms: float, unit_ms: int) -> bool:
    """Whether a duration is a whole number of seconds (1000) or minutes (60000)."""
    return int(duration_ms / unit_ms) * unit_ms == duration_ms


def is_positive(limit: float) -> bool:
    """Whether a limit is more than zero and finite, or known only at deployment."""
    return Token.is_unresolved(limit) or 0 < limit < 1000000000000
