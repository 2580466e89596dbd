"""A made-up day: what each metric and the access log would show, with one incident that still lasts.

At 03:00 a scanner tries the API and the firewall blocks it. At 13:30 the model begins to answer slowly: answers begin
late, callers try again, and many meet the throttle. It is 14:40 now. The same day comes out every time.
"""

import math
import re
import zlib
from dataclasses import dataclass
from typing import Any

from .refusal import CannotDrawError

START = "-P1D"
HOURS = 24.0
NOW = 14 + 40 / 60
FIVE_MINUTES = 300


@dataclass(frozen=True)
class Metric:
    """What a curve or an alarm counts."""

    name: str
    dimensions: dict[str, str]
    stat: str
    period: int

    def values(self) -> list[float]:
        """One value for each period of the day, oldest first."""
        steps = int(HOURS * 3600 / self.period)
        return [self._value(NOW - HOURS + (step + 1) * self.period / 3600) for step in range(steps)]

    def _value(self, hour: float) -> float:
        if self.name == "TimeToFirstContent":
            return _first_content(self.stat, hour)
        counted = _count(self.name, self.dimensions, hour)
        if (self.name, self.stat) == ("5XXError", "Average"):
            return counted / _count("Count", {}, hour)
        if self.stat not in ("Sum", "SampleCount"):
            raise CannotDrawError(f"the example day has no {self.stat} of {self.name}: add it to {__name__}")
        return round(counted * self.period / FIVE_MINUTES)


def log_lines(fields: list[str], limit: int) -> list[list[str]]:
    """The latest lines of the access log that are refusals or failures, in the columns of a query."""
    lines = []
    for number in range(limit):
        kind = _LINES[number % len(_LINES)]
        seconds = int(NOW * 3600) - 7 - number * 11
        line = {
            "@timestamp": f"2026-03-11 {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}",
            "requestId": _uuid(f"request {number}"),
            **kind,
        }
        unknown = [field for field in fields if field not in line]
        if unknown:
            raise CannotDrawError(f"the example day has no '{unknown[0]}' in its access log: add it to {__name__}")
        lines.append([line[field] for field in fields])
    return lines


def _count(name: str, dimensions: dict[str, str], hour: float) -> float:
    day = hour % 24
    wave = _noise(f"{name} {dimensions.get('Name', '')}", hour)
    slow = _slow(hour)
    asked = _traffic(day) * (1 + 0.06 * _noise("Count", hour)) * (1 + 0.2 * slow)
    throttled = max(0.0, 88 * slow * (1 + 0.2 * _noise("ThrottledRequests", hour)))
    blocked = max(0.0, 3 + 3 * _noise("BlockedRequests", hour)) + (120 if 3 <= day < 3.7 else 0)
    unknown = 0.02 * asked
    failed = asked * (0.002 + 0.016 * slow) * (1 + 0.3 * _noise("5XXError", hour))
    calls = (asked - throttled - unknown) * (0.3 if "writer" in dimensions.get("Name", "") else 0.7)
    known: dict[str, float] = {
        "Count": asked + blocked,
        "4XXError": throttled + blocked + unknown,
        "5XXError": failed,
        "ThrottledRequests": throttled,
        "BlockedRequests": blocked,
        "Invocations": calls,
        "SessionCount": calls * 0.15 * (1 + 0.2 * wave),
        "SystemErrors": calls * 0.006 * slow * (1 + 0.4 * wave),
        "UserErrors": calls * 0.0012 * (1 + wave),
        "Throttles": calls * 0.004 * slow * (1 + 0.5 * wave),
    }
    if name not in known:
        raise CannotDrawError(f"the example day has no metric {name}: add it to {__name__}")
    return known[name]


def _first_content(stat: str, hour: float) -> float:
    usual = {"p50": (850, 3600), "p90": (2300, 12600), "p99": (4600, 17500)}
    if stat not in usual:
        raise CannotDrawError(f"the example day has no {stat} of TimeToFirstContent: add it to {__name__}")
    calm, late = usual[stat]
    return (calm + (late - calm) * _slow(hour)) * (1 + 0.1 * _noise(stat, hour))


def _traffic(day: float) -> float:
    """Requests in five minutes by the hour of the day: few at night, most in the afternoon."""
    return 60 + 520 * math.exp(-(((day - 14) / 4.6) ** 2)) + 120 * math.exp(-(((day - 20.5) / 2) ** 2))


def _slow(hour: float) -> float:
    """How slow the model is: 0 usually, 1 in the incident."""
    return min(1.0, max(0.0, (hour - 13.5) / 0.25))


def _noise(name: str, hour: float) -> float:
    """Between -1 and 1, and the same in every run."""
    return zlib.crc32(f"{name} {hour:.4f}".encode()) / 0xFFFFFFFF * 2 - 1


def _uuid(seed: str) -> str:
    digits = "".join(f"{zlib.crc32(f'{seed} {part}'.encode()):08x}" for part in range(4))
    return "-".join(re.fullmatch(r"(.{8})(.{4})(.{4})(.{4})(.{12})", digits).groups())  # type: ignore[union-attr]


def _line(status: str, error: str, waf: str, resource: str, caller: str) -> dict[str, Any]:
    return {"status": status, "error": error, "waf": waf, "resource": resource, "caller": caller}


_ROOT, _WRITER = "/invocations", "/agents/writer/invocations"
_LINES = [
    _line("429", "THROTTLED", "WAF_ALLOW", _ROOT, _uuid("caller 1")),
    _line("429", "THROTTLED", "WAF_ALLOW", _ROOT, _uuid("caller 1")),
    _line("504", "INTEGRATION_TIMEOUT", "WAF_ALLOW", _WRITER, _uuid("caller 2")),
    _line("429", "THROTTLED", "WAF_ALLOW", _ROOT, _uuid("caller 3")),
    _line("401", "UNAUTHORIZED", "WAF_ALLOW", _ROOT, "-"),
    _line("429", "THROTTLED", "WAF_ALLOW", _WRITER, _uuid("caller 1")),
    _line("403", "WAF_FILTERED", "WAF_BLOCK", _ROOT, "-"),
]
