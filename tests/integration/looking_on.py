"""cdk-nag's packs and the CDK's own validator look on while an app is synthesised."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aws_cdk import App, CloudFormationValidatePlugin, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks


def look_on(app: App) -> None:
    """What they find stands in the assembly's validation-report.json."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app), validator())


@contextmanager
def findings_in_the_report() -> Iterator[None]:
    """What they find does not stop the synthesis."""
    try:
        yield
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise


@functools.cache
def validator() -> CloudFormationValidatePlugin:
    """The CDK's own, one for all apps: its rules take a second to load."""
    return CloudFormationValidatePlugin()


def findings(outdir: Path, plugin: str = "CloudFormation Validate") -> list[str]:
    """What one of them found, rule by rule; nothing where it has no report."""
    report = outdir / "validation-report.json"
    reports = json.loads(report.read_text(encoding="utf-8"))["pluginReports"] if report.exists() else []
    return [
        f"{violation['ruleName']} {violation['description']}"
        for one in reports
        if one["pluginName"] == plugin
        for violation in one["violations"]
    ]
