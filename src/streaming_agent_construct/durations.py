"""Numbers and durations that a user gives, judged here because the CDK would stop at them half-way."""

from aws_cdk import Duration, Token

from .errors import StreamingAgentError


def milliseconds(name: str, duration: Duration) -> float:
    """How long it is; one that only the deployment knows is refused, since every limit on it is checked here."""
    if duration.is_unresolved():
        raise StreamingAgentError(
            "SAC008",
            f"{name} must be known when the app is synthesised, got a value of the deployment: "
            "write it as a number, such as Duration.minutes(5)",
        )
    # Any other conversion stops at a part of the unit.
    return duration.to_milliseconds(integral=False)


def is_multiple_of(duration_ms: float, unit_ms: int) -> bool:
    """Whether it is a whole number of seconds (1000) or minutes (60000)."""
    return int(duration_ms / unit_ms) * unit_ms == duration_ms


def is_positive(limit: float) -> bool:
    """Whether a limit admits something, and is one."""
    return Token.is_unresolved(limit) or 0 < limit < 1000000000000
