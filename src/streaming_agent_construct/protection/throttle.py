"""Throttle: how many requests the stage, or one agent's method, lets through."""

from __future__ import annotations

import dataclasses

from ..argument_types import checked_arguments
from ..durations import MOST_WHOLE, check_positive, check_whole_number

_DEFAULT_RATE_LIMIT = 100
_DEFAULT_BURST_LIMIT = 50


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class Throttle:
    """How many requests pass; more are answered with 429.

    Limits that would let no request through are refused (SAC071).

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html

    Example::

        Throttle(rate_limit=20, burst_limit=40)
    """

    rate_limit: float | None = None
    """Requests a second, in the long run. Default: 100"""
    burst_limit: int | None = None
    """Requests at once. Default: 50"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ThrottleLimits:
    """The limits of a throttle, with their defaults."""

    rate_limit: float
    """Requests a second, in the long run."""
    burst_limit: int
    """Requests at once."""


def resolve_throttle(throttle: Throttle | None) -> ThrottleLimits:
    """The limits with their defaults, refused where they would admit nobody."""
    rate = throttle.rate_limit if throttle is not None else None
    burst = throttle.burst_limit if throttle is not None else None
    if rate is not None:
        check_positive(
            "SAC071",
            "rate_limit",
            rate,
            MOST_WHOLE,
            instead_words="write the requests of one second, such as 20, or leave it out",
        )
    if burst is not None:
        check_whole_number(
            "SAC071",
            "burst_limit",
            burst,
            1,
            MOST_WHOLE,
            instead_words="write the requests at once, such as 40, or leave it out",
        )
    return ThrottleLimits(
        rate_limit=rate if rate is not None else _DEFAULT_RATE_LIMIT,
        burst_limit=burst if burst is not None else _DEFAULT_BURST_LIMIT,
    )
