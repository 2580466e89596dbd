"""What a verification found: one check a line, with what to do about those that failed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from .probe import Exchange


class Verdict(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNCLEAR = "unclear"
    """What came allows no verdict; counts as a failure, for nobody has seen that it works."""
    SKIPPED = "skipped"
    """Not asked for, or not to be seen from outside."""


_SIGNS = {Verdict.PASSED: "ok  ", Verdict.FAILED: "FAIL", Verdict.UNCLEAR: "?   ", Verdict.SKIPPED: "-   "}


@dataclass(frozen=True)
class Check:
    """One question to the API, and its answer."""

    group: str
    name: str
    verdict: Verdict
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """All of them."""

    url: str
    checks: Sequence[Check]
    timeline: Exchange = field(repr=False)
    """The streamed answer, for a plot."""

    @property
    def passed(self) -> bool:
        """Whether nothing failed and nothing was left unclear."""
        return not any(check.verdict in (Verdict.FAILED, Verdict.UNCLEAR) for check in self.checks)

    def text(self) -> str:
        """For people."""
        lines = [f"verifying {self.url}"]
        group = ""
        for check in self.checks:
            if check.group != group:
                group = check.group
                lines += ["", group]
            lines.append(f"  {_SIGNS[check.verdict]}  {check.name}: {check.found}")
            if check.advice and check.verdict in (Verdict.FAILED, Verdict.UNCLEAR):
                lines.append(f"        {check.advice}")
        counted = {verdict: sum(check.verdict is verdict for check in self.checks) for verdict in Verdict}
        lines += ["", ", ".join(f"{number} {verdict}" for verdict, number in counted.items() if number)]
        return "\n".join(lines)

    def json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "url": self.url,
            "passed": self.passed,
            "checks": [asdict(check) for check in self.checks],
            "timeline": {
                "status": self.timeline.status,
                "chunks": [{"seconds": round(at, 4), "bytes": size} for at, size in self.timeline.arrivals],
            },
        }
