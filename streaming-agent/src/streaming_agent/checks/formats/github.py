"""GitHub's annotations: one workflow command a finding (Workflow commands for GitHub Actions)."""

from ..check_run import Report
from ..finding import Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def written(report: Report) -> str:
    """The report as workflow commands."""
    lines = []
    for finding in report.standing:
        level = _LEVELS[report.severity(finding)]
        title = _property(f"streaming-agent ({finding.rule.code})")
        place = f"file={_property(finding.place.file)},line={finding.place.line}"
        name = f"{finding.place.resource}: " if finding.place.resource else ""
        open_word = "cannot tell: " if finding.undecided else ""
        text = _text(f"{name}{open_word}{finding.message}\nwrite: {finding.fix}\n{finding.rule.url}")
        lines.append(f"::{level} title={title},{place}::{text}")
    return "\n".join(lines)


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
