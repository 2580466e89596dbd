"""Numbers and durations that a user gives, checked here because the CDK refuses some of them in its own words."""

from aws_cdk import Duration, Token

from .errors import StreamingAgentError

MOST_WHOLE = 2147483647
"""The largest whole number that CloudFormation takes."""


def resolve_milliseconds(name: str, duration: Duration) -> float:
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


def check_whole_number(code: str, name: str, value: float, least: int, most: int, instead_words: str) -> None:
    """Refuses what is no whole number within its bounds; what only the deployment knows is not judged."""
    if (not least <= value <= most or not _is_whole(value)) and not Token.is_unresolved(value):
        raise StreamingAgentError(
            code, f"{name}: expected a whole number from {least} to {most}, got {number_words(value)}; {instead_words}"
        )


def check_positive(code: str, name: str, value: float, most: int, instead_words: str) -> None:
    """Refuses what is not more than 0, or above its bound; what only the deployment knows is not judged."""
    if not 0 < value <= most and not Token.is_unresolved(value):
        raise StreamingAgentError(
            code, f"{name}: expected more than 0 and at most {most}, got {number_words(value)}; {instead_words}"
        )


def number_words(value: float) -> str:
    """A number as a user would write it: the short form of a float would round one that is just above its bound."""
    return f"{int(value)}" if abs(value) < 1000000000000000 and _is_whole(value) else f"{value:g}"


def _is_whole(value: float) -> bool:
    return int(value) == value
