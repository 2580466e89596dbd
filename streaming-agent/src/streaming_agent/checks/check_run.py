"""One run of the checks: reads what is given, lets the rules speak, and says how it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..template import Refusal, TemplateSet
from .acknowledgments import silenced
from .agent_folder import check_code
from .engine import all_rules, check_templates, template_rules
from .finding import Finding, Severity
from .inputs import CheckInputs, from_text, read_inputs
from .rule import Rule
from .selection import selected
from .undeployed_changes import deployments_that_stay


@dataclass
class Report:
    """What a run found.

    Args:
        findings: Sorted by file and line; those that are acknowledged are among them.
        refused: What cannot be checked, each in one sentence.
        rules: The rules that ran.
        fail_on: From which severity on the run fails.
        undecided: Which severity "cannot tell" has; a note does not make a run fail.
        templates: What was read, for the drawn report.
    """

    findings: list[Finding]
    refused: list[Refusal]
    rules: list[Rule]
    fail_on: Severity = Severity.WARNING
    undecided: Severity = Severity.NOTE
    templates: list[TemplateSet] = field(default_factory=list)

    def severity(self, finding: Finding) -> Severity:
        """The severity that counts: that of "cannot tell" where it cannot be told."""
        return self.undecided if finding.undecided else finding.severity

    @property
    def standing(self) -> list[Finding]:
        """The findings that nobody acknowledged."""
        return [finding for finding in self.findings if finding.acknowledged is None]

    @property
    def failing(self) -> list[Finding]:
        """The findings that make the run fail."""
        return [
            finding
            for finding in self.standing
            if self.severity(finding) >= self.fail_on and not (finding.undecided and self.undecided is Severity.NOTE)
        ]

    @property
    def exit_code(self) -> int:
        """0: nothing at or above `fail_on`; 1: something; 2: something could not be checked, and nothing was found."""
        return 1 if self.failing else 2 if self.refused else 0


def run(
    paths: Sequence[Path],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: Severity = Severity.WARNING,
    undecided: Severity = Severity.NOTE,
    parameters: Mapping[str, Any] | None = None,
    against: Path | None = None,
    stdin: tuple[bytes, str] | None = None,
) -> Report:
    """Checks paths.

    Args:
        paths: Templates, cloud assemblies, Terraform plans, agents' files and folders.
        select: The rules that run, by code, the beginning of a code, or name; empty: every rule.
        ignore: Rules that do not run.
        fail_on: From which severity on the run fails.
        undecided: Which severity "cannot tell" has.
        parameters: Values of the templates' parameters.
        against: An older template or assembly: what changed and is not deployed is told.
        stdin: A template's content and what to call it, in the place of paths.

    Raises:
        Refusal: SAL102 for a rule that there is none of.
    """
    known = all_rules()
    active = selected(known, select, ignore)
    found = from_text(*stdin, parameters) if stdin is not None else read_inputs(paths, parameters)
    refused = list(found.refused)
    findings: list[Finding] = []
    chosen = [rule for rule in template_rules() if rule.RULE in active]
    for templates in found.templates:
        told = check_templates(templates, chosen)
        findings += silenced(told, templates, known, active)
    findings += _of_code(found, active, refused)
    if against is not None:
        findings += _against(found, against, parameters, active, refused)
    return Report(
        findings=sorted(findings, key=lambda finding: finding.order),
        refused=refused,
        rules=active,
        fail_on=fail_on,
        undecided=undecided,
        templates=found.templates,
    )


def _of_code(found: CheckInputs, active: Sequence[Rule], refused: list[Refusal]) -> list[Finding]:
    findings: list[Finding] = []
    for name, files in found.code:
        told, unreadable, entrypoints = check_code(files, active)
        findings += told
        refused += unreadable
        if not entrypoints and not unreadable:
            refused.append(
                Refusal(
                    "SAL099",
                    f"{name} has no entrypoint: no @app.entrypoint, @app.answer or POST /invocations to check",
                )
            )
    return findings


def _against(
    found: CheckInputs,
    against: Path,
    parameters: Mapping[str, Any] | None,
    active: Sequence[Rule],
    refused: list[Refusal],
) -> list[Finding]:
    older = read_inputs([against], parameters)
    refused += older.refused
    return [
        finding
        for old in older.templates
        for new in found.templates
        for finding in deployments_that_stay(old, new)
        if finding.rule in active
    ]
