"""cdk-nag's packs and the CDK's own validator look on while an app is synthesised."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aws_cdk import App, CloudFormationValidatePlugin, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

REPORT = "validation-report.json"
VALIDATOR = "CloudFormation Validate"


def look_on(app: App) -> None:
    """What they find stands in the assembly's REPORT."""
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


def violations(report: Path) -> dict[str, list[Any]]:
    """What each of them found; one that found nothing may be left out."""
    found: dict[str, list[Any]] = {}
    for plugin in json.loads(report.read_text(encoding="utf-8"))["pluginReports"]:
        found.setdefault(plugin["pluginName"], []).extend(plugin["violations"])
    return found
