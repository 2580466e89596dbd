"""cdk-nag's packs and the CDK's own validator look on while an app is synthesised."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager

from aws_cdk import App, CloudFormationValidatePlugin, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks


def look_on(app: App) -> None:
    """What they find stands in the assembly's validation-report.json."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app), _validator())


@contextmanager
def findings_in_the_report() -> Iterator[None]:
    """What they find does not stop the synthesis."""
    try:
        yield
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise


@functools.cache
def _validator() -> CloudFormationValidatePlugin:
    # one for all apps: its rules take a second to load
    return CloudFormationValidatePlugin()
