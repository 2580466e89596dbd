"""The days of each RetentionDays value, which the Python enum does not carry."""

from __future__ import annotations

import dataclasses

from aws_cdk import aws_logs as logs


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Retention:
    retention: logs.RetentionDays
    """The CDK's name of it."""
    days: int
    """Its days; 0 keeps for ever."""


_RETENTIONS = [
    _Retention(retention=logs.RetentionDays.ONE_DAY, days=1),
    _Retention(retention=logs.RetentionDays.THREE_DAYS, days=3),
    _Retention(retention=logs.RetentionDays.FIVE_DAYS, days=5),
    _Retention(retention=logs.RetentionDays.ONE_WEEK, days=7),
    _Retention(retention=logs.RetentionDays.TWO_WEEKS, days=14),
    _Retention(retention=logs.RetentionDays.ONE_MONTH, days=30),
    _Retention(retention=logs.RetentionDays.TWO_MONTHS, days=60),
    _Retention(retention=logs.RetentionDays.THREE_MONTHS, days=90),
    _Retention(retention=logs.RetentionDays.FOUR_MONTHS, days=120),
    _Retention(retention=logs.RetentionDays.FIVE_MONTHS, days=150),
    _Retention(retention=logs.RetentionDays.SIX_MONTHS, days=180),
    _Retention(retention=logs.RetentionDays.ONE_YEAR, days=365),
    _Retention(retention=logs.RetentionDays.THIRTEEN_MONTHS, days=400),
    _Retention(retention=logs.RetentionDays.EIGHTEEN_MONTHS, days=545),
    _Retention(retention=logs.RetentionDays.TWO_YEARS, days=731),
    _Retention(retention=logs.RetentionDays.THREE_YEARS, days=1096),
    _Retention(retention=logs.RetentionDays.FIVE_YEARS, days=1827),
    _Retention(retention=logs.RetentionDays.SIX_YEARS, days=2192),
    _Retention(retention=logs.RetentionDays.SEVEN_YEARS, days=2557),
    _Retention(retention=logs.RetentionDays.EIGHT_YEARS, days=2922),
    _Retention(retention=logs.RetentionDays.NINE_YEARS, days=3288),
    _Retention(retention=logs.RetentionDays.TEN_YEARS, days=3653),
]


def retention_days(retention: logs.RetentionDays) -> int:
    """The days; 0 keeps for ever."""
    for one in _RETENTIONS:
        if one.retention == retention:
            return one.days
    return 0
