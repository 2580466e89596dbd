"""JSON: a list of findings, `[]` for a clean run, in a stable order."""

import json
from typing import Any

from ..check_run import Report
from ..finding import Finding


def written(report: Report) -> str:
    """The report as a JSON list."""
    return json.dumps([entry(report, finding) for finding in report.findings], indent=2)


def entry(report: Report, finding: Finding) -> dict[str, Any]:
    """One finding."""
    place = finding.place
    return {
        "code": finding.rule.code,
        "rule": finding.rule.name,
        "severity": report.severity(finding).word,
        "resource": place.resource,
        "construct_path": place.construct_path,
        "property": place.property,
        "message": finding.message,
        "fix": finding.fix,
        "source": finding.rule.source,
        "url": finding.rule.url,
        "file": place.file,
        "line": place.line,
        "undecided": finding.undecided,
        "acknowledged": finding.acknowledged,
        "related": [{"file": one.file, "line": one.line, "resource": one.resource} for one in finding.related],
    }
