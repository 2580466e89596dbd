"""The checks as a validation plugin of the CDK. The only module here that needs aws-cdk-lib."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigateway as apigateway

from ..template import Refusal, TemplateSet
from .acknowledgments import PLUGIN, silenced
from .configuration import FAIL_ON
from .engine import all_rules, check_templates, place_of, template_rules
from .finding import Finding, Severity
from .rule import Rule
from .rules.deploy_blind import RULE as DEPLOY_BLIND
from .selection import selected


@jsii.implements(cdk.IPolicyValidationPlugin)
class StreamingChecks:
    """Fails the synthesis of an app whose templates have a finding at or above `fail_on`.

    A finding is acknowledged on the resource or above it, by the name of its rule::

        Validations.of(api).acknowledge(Acknowledgment(id="StreamingChecks::edge", reason="short answers"))

    Args:
        select: The rules that run, by code, the beginning of a code, or name; `None`: every rule.
        ignore: Rules that do not run; `None`: none.
        fail_on: From which severity on the synthesis fails: error, warning or note; `None`: warning.

    Raises:
        Refusal: SAL102 for a rule that there is none of, SAL103 for another `fail_on`.

    Example::

        from aws_cdk import App, Validations
        from streaming_agent.checks.plugin import StreamingChecks

        app = App()
        Validations.of(app).add_plugins(StreamingChecks())
    """

    def __init__(
        self, *, select: Sequence[str] | None = None, ignore: Sequence[str] | None = None, fail_on: str | None = None
    ) -> None:
        if fail_on is not None and fail_on not in FAIL_ON:
            raise Refusal("SAL103", f"fail_on: expected error, warning or note, got {fail_on!r}")
        self._known = all_rules()
        self._active = selected(self._known, select or (), ignore or ())
        self._fail_on = FAIL_ON[fail_on or "warning"]

    @property
    def name(self) -> str:
        """What acknowledgements begin with."""
        return PLUGIN

    @property
    def version(self) -> str:
        """The version of streaming-agent."""
        try:
            return version("streaming-agent")
        except PackageNotFoundError:
            return "0.0.0"

    @property
    def rule_ids(self) -> list[str]:
        """The names of the rules that run."""
        return [rule.name for rule in self._active]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Checks the templates that were synthesised."""
        try:
            return self._report(context)
        except Exception as problem:
            # the CDK shows only the message: without the rule nobody could say where
            notes = ", ".join(getattr(problem, "__notes__", []))
            raise RuntimeError(f"{type(problem).__name__}: {problem} {notes}".strip()) from problem

    def _report(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        paths = [Path(path) for path in context.template_paths]
        templates = _templates(paths)
        chosen = [rule for rule in template_rules() if rule.RULE in self._active]
        findings = silenced(check_templates(templates, chosen), templates, self._known, self._active)
        findings += _overrides(context, templates, self._active)
        told = [finding for finding in findings if not finding.undecided and finding.acknowledged is None]
        files = {stack.shown: str(stack.path) for stack in templates.stacks}
        return cdk.PolicyValidationPluginReport(
            # success decides, not severity: what is below fail_on is printed and the synthesis goes on
            success=not any(finding.severity >= self._fail_on for finding in told),
            violations=[_violation(rule, told, files) for rule in self._active if _of(rule, told)],
        )


def _templates(paths: Sequence[Path]) -> TemplateSet:
    """The stacks of the synthesised templates; nested ones lie beside them."""
    stacks = [stack for path in paths for stack in TemplateSet.read(path).stacks if stack.parent is None]
    for stack, path in zip(stacks, paths, strict=True):
        stack.shown = str(path)
    return TemplateSet(stacks)


def _of(rule: Rule, findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule is rule]


def _violation(rule: Rule, findings: Sequence[Finding], files: dict[str, str]) -> cdk.PolicyViolation:
    own = _of(rule, findings)
    severity: Severity = max(finding.severity for finding in own)
    details = "; ".join(dict.fromkeys(finding.message for finding in own))
    return cdk.PolicyViolation(
        rule_name=rule.name,
        description=f"{details}. {rule.why} ({rule.code})",
        fix=f"{own[0].fix} ({rule.url})",
        severity=severity.word,
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=finding.place.resource,
                template_path=files.get(finding.place.file, finding.place.file),
                locations=[f"Properties/{finding.place.property.replace('.', '/')}" if finding.place.property else ""],
            )
            for finding in own
        ],
    )


def _overrides(context: Any, templates: TemplateSet, active: Sequence[Rule]) -> list[Finding]:
    """Methods that say STREAM by a property override: the CDK's Deployment does not notice it (aws-cdk#9086)."""
    app = context.app_construct if DEPLOY_BLIND in active else None
    found: list[Finding] = []
    for construct in app.node.find_all() if app is not None else ():
        if not isinstance(construct, apigateway.CfnMethod):
            continue
        stack = cdk.Stack.of(construct)
        logical_id = stack.resolve(construct.logical_id)
        written = next(
            (
                method
                for method in templates.view().resources("AWS::ApiGateway::Method")
                if method.logical_id == logical_id and method.construct_path in (None, construct.node.path)
            ),
            None,
        )
        integration = stack.resolve(construct.integration)
        said = integration.get("responseTransferMode") if isinstance(integration, dict) else None
        if written is not None and written.has("Integration", "ResponseTransferMode") and said is None:
            found.append(
                Finding(
                    DEPLOY_BLIND,
                    Severity.ERROR,
                    f"{logical_id} has its transfer mode by an override: added to a live API, it deploys nothing",
                    place_of(written, ("Integration", "ResponseTransferMode")),
                    "response_transfer_mode=apigateway.ResponseTransferMode.STREAM of the integration",
                )
            )
    return found
