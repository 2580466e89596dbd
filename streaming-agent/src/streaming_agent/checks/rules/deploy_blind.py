"""deploy-blind: changes that are not deployed, because the Deployment stays the same."""

import re
from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..deployments import deployments
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK080",
    name="deploy-blind",
    severity=Severity.NOTE,
    title="Changes that are not deployed",
    why=(
        "A Deployment is a snapshot: when a method changes and the Deployment's logical id does not, the stage"
        " keeps the"
        " old one (aws-cdk#9086)."
    ),
    fix="a logical id that changes with the API (the CDK's and SAM's do), or a new id by hand at each change",
    source=f"{APIGW}/how-to-deploy-api.html",
    group="Limits, logs, deployment",
    undecided="a single template does not say what changed: give the old one with --against",
)
# ids that change by hand or by a tool end in a date, a number or a hash
_CHANGING = re.compile(r"(?=.*\d)[0-9a-fA-F]{6,}$|\d{3,}$|[Vv]\d+$")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for deployment, api in deployments(context):
        if context.routes_of(api) and not _CHANGING.search(deployment.logical_id):
            yield RULE.hit(
                deployment,
                (),
                f"the logical id {deployment.logical_id} never changes: later changes of the API are not deployed",
            )
