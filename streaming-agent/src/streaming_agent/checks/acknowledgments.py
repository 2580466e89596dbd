"""Findings that are acknowledged: in a template's Metadata, or by the CDK."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..template import StackTemplate, TemplateSet
from ..template.line_numbers import Step
from .finding import Finding, Place, Severity
from .rule import Rule

KEY = "streaming-agent"
PLUGIN = "StreamingChecks"
# names of earlier catalogues, and of people's habit
ALIASES = {
    "cloudfront-host-header": "cloudfront-host",
    "guests-may-invoke": "guests",
    "token-client-pool": "token-client",
}
UNUSED = Rule(
    code="CHK098",
    name="unused-ignore",
    severity=Severity.NOTE,
    title="An acknowledgment that silences nothing",
    why="An acknowledgment without a reason, or of something that is not found, hides what the next reader must know.",
    fix="Metadata: {streaming-agent: {ignore: [{rule: edge, reason: answers take three seconds}]}}",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html",
    group="Limits, logs, deployment",
)


@dataclass
class Acknowledgment:
    """A rule that is acknowledged for a resource or a whole template."""

    rule: str
    reason: str
    place: Place
    used: bool = field(default=False)

    def fits(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        name = ALIASES.get(self.rule, self.rule)
        named = name in (finding.rule.code, finding.rule.name)
        same_stack = finding.place.stack == self.place.stack
        return named and same_stack and self.place.resource in ("", finding.place.resource)


def silenced(
    findings: Iterable[Finding], templates: TemplateSet, known: Sequence[Rule], active: Sequence[Rule]
) -> list[Finding]:
    """The findings, those that are acknowledged with their reason, and what is wrong with the acknowledgments.

    Args:
        findings: What the rules found.
        templates: Where the acknowledgments stand.
        known: Every rule.
        active: The rules that ran: an acknowledgment of another one is not called unused.
    """
    acknowledgments = [acknowledgment for stack in templates.stacks for acknowledgment in _in_metadata(stack)]
    told = []
    for finding in findings:
        acknowledgment = next((one for one in acknowledgments if one.fits(finding)), None)
        if acknowledgment is not None:
            acknowledgment.used = True
        reason = (acknowledgment.reason if acknowledgment else "") or _acknowledged(finding, templates)
        told.append(replace(finding, acknowledged=reason) if reason else finding)
    if UNUSED in active:
        told += [found for acknowledgment in acknowledgments for found in _wrong(acknowledgment, known, active)]
    return sorted(told, key=lambda finding: finding.order)


def _in_metadata(stack: StackTemplate) -> Iterable[Acknowledgment]:
    yield from _acknowledgments(stack, stack.metadata, "", ("Metadata",))
    for body in stack.resources.values():
        yield from _acknowledgments(stack, body.metadata, body.logical_id, ("Resources", body.logical_id, "Metadata"))


def _acknowledgments(
    stack: StackTemplate, metadata: Any, logical_id: str, at: tuple[Step, ...]
) -> Iterable[Acknowledgment]:
    section = metadata.get(KEY) if isinstance(metadata, dict) else None
    ignore = section.get("ignore") if isinstance(section, dict) else None
    for index, one in enumerate(ignore if isinstance(ignore, list) else []):
        rule, reason = (one.get("rule"), one.get("reason")) if isinstance(one, dict) else (one, None)
        line = stack.line((*at, KEY, "ignore", index))
        place = Place(stack.shown, line, logical_id, stack.construct_paths.get(logical_id), stack=stack.name)
        yield Acknowledgment(str(rule), reason.strip() if isinstance(reason, str) else "", place)


def _acknowledged(finding: Finding, templates: TemplateSet) -> str:
    """The reason that the CDK's acknowledgement gives on the construct or above it."""
    path = finding.place.construct_path
    stack = next((one for one in templates.stacks if one.name == finding.place.stack), None)
    for where, data in stack.acknowledged if stack is not None else ():
        above = path is not None and (path == where or path.startswith(f"{where}/"))
        if not (above or (path is None and where.count("/") == 0)) or not isinstance(data, dict):
            continue
        for name in (finding.rule.name, finding.rule.code):
            reason = data.get(f"{PLUGIN}::{name}")
            if isinstance(reason, str):
                return reason or "acknowledged"
    return ""


def _wrong(acknowledgment: Acknowledgment, known: Sequence[Rule], active: Sequence[Rule]) -> Iterable[Finding]:
    names = {name: rule for rule in known for name in (rule.code, rule.name)}
    rule = names.get(ALIASES.get(acknowledgment.rule, acknowledgment.rule))
    if rule is None:
        near = difflib.get_close_matches(acknowledgment.rule, names, 1)
        hint = f": did you mean {near[0]}?" if near else ""
        yield Finding(
            UNUSED, Severity.NOTE, f"there is no rule {acknowledgment.rule}{hint}", acknowledgment.place, UNUSED.fix
        )
    elif not acknowledgment.reason:
        message = f"the acknowledgment of {rule.name} gives no reason, so the finding stands"
        yield Finding(UNUSED, Severity.WARNING, message, acknowledgment.place, "reason: <why this is right here>")
    elif not acknowledgment.used and rule in active:
        message = f"the acknowledgment of {rule.name} silences nothing"
        yield Finding(UNUSED, Severity.NOTE, message, acknowledgment.place, "remove it")
