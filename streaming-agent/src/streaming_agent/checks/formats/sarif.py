"""SARIF 2.1.0, for code scanning (OASIS sarif-schema-2.1.0)."""

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from ..check_run import Report
from ..finding import Finding, Place, Severity
from ..rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_HOME = "https://github.com/streaming-agent-construct/streaming-agent-construct"


def written(report: Report) -> str:
    """The report as SARIF."""
    rules = report.rules
    index = {rule.code: position for position, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "streaming-agent",
                "informationUri": _HOME,
                "version": _version(),
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the folder in which the command ran"}}},
        "columnKind": "utf16CodeUnits",
        "results": [_result(report, finding, index) for finding in report.findings if finding.rule.code in index],
        "invocations": [
            {
                "executionSuccessful": not report.refused,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": str(refusal)}} for refusal in report.refused
                ],
            }
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why} Write: {rule.fix}", "markdown": f"{rule.why}\n\nWrite: `{rule.fix}`"},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["streaming", rule.group]},
    }


def _result(report: Report, finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": index[finding.rule.code],
        "message": {"text": f"{finding.message}. Write: {finding.fix}"},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"streamingAgent/v1": _fingerprint(finding)},
    }
    if finding.undecided and report.undecided is Severity.NOTE:
        result |= {"kind": "open", "level": "none"}
    else:
        result["level"] = _LEVELS[report.severity(finding)]
    if finding.related:
        result["relatedLocations"] = [_location(place) | {"id": number} for number, place in enumerate(finding.related)]
    if finding.acknowledged is not None:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": finding.acknowledged}]
    return result


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(place.file),
            "region": {"startLine": max(1, place.line)},
        }
    }
    name = place.construct_path or place.resource
    if name:
        location["logicalLocations"] = [
            {"fullyQualifiedName": name, "name": place.resource or name, "kind": "resource"}
        ]
    return location


def _artifact(file: str) -> dict[str, Any]:
    path = Path(file)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return {"uri": path.as_uri()}
    return {"uri": quote(str(PurePosixPath(path))), "uriBaseId": "%SRCROOT%"}


def _fingerprint(finding: Finding) -> str:
    """What stays the same when lines move: the rule, the resource and the property."""
    place = finding.place
    parts = [finding.rule.code, place.file, place.construct_path or place.resource, place.property]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _version() -> str:
    try:
        return version("streaming-agent")
    except PackageNotFoundError:
        return "0.0.0"
