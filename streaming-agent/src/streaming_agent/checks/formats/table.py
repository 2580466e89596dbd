"""A table for people: by file, then by resource; one line why, one line how to fix it."""

import os
import sys
from collections.abc import Iterable

from ..check_run import Report
from ..finding import Finding, Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def written(report: Report) -> str:
    """The report as text; colours only for a terminal."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    lines: list[str] = []
    for file in dict.fromkeys(finding.place.file for finding in report.standing):
        lines.append(_painted(file, "1", colour))
        found = [finding for finding in report.standing if finding.place.file == file]
        for resource in dict.fromkeys(finding.place.resource for finding in found):
            of_resource = [finding for finding in found if finding.place.resource == resource]
            lines += _of_resource(report, resource, of_resource, colour)
        lines.append("")
    if lines or not report.refused:
        lines.append(_summary(report))
    return "\n".join(lines)


def _of_resource(report: Report, resource: str, findings: Iterable[Finding], colour: bool) -> list[str]:
    found = list(findings)
    path = found[0].place.construct_path
    lines = [f"  {resource}" + (f" ({path})" if path else "")] if resource else []
    for finding in found:
        severity = report.severity(finding)
        word = "cannot tell" if finding.undecided else severity.word
        head = f"{finding.place.line}: {_painted(word, _COLOURS[severity], colour)}"
        lines.append(f"    {head} {finding.rule.code} {finding.rule.name}: {finding.message}")
        lines.append(f"        {finding.rule.why}")
        lines.append(f"        write: {finding.fix}")
    return lines


def _summary(report: Report) -> str:
    decided = [finding for finding in report.standing if not finding.undecided]
    counts = {
        severity: sum(1 for finding in decided if finding.severity is severity) for severity in reversed(Severity)
    }
    parts = [f"{count} {severity.word}{'' if count == 1 else 's'}" for severity, count in counts.items() if count]
    text = ", ".join(parts) if parts else "nothing found"
    acknowledged = len(report.findings) - len(report.standing)
    if acknowledged:
        text += f"; {acknowledged} acknowledged"
    open_findings = [finding for finding in report.standing if finding.undecided]
    if open_findings:
        names = ", ".join(sorted({finding.rule.name for finding in open_findings}))
        text += f"; {len(open_findings)} could not be decided: {names}"
    if report.failing or decided:
        text += "\nstreaming-agent check --explain CODE says more"
    return text


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
