"""no-caller-limit: one caller may use up the whole stage's limit."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..firewalls import acls_of, is_rate_based, rules_of
from ..rule import APIGW, Hit, Rule
from ..usage_plans import has_sam_plan, usage_plans

RULE = Rule(
    code="CHK071",
    name="no-caller-limit",
    severity=Severity.NOTE,
    title="No limit for one caller",
    why="The stage's limits are for all callers together: a single one can use them up, and the runtime's 25"
    " calls a second.",
    fix="a rate-based rule of the web ACL (by IP or by header), or a usage plan with API keys",
    source=f"{APIGW}/api-gateway-request-throttling.html",
    group="Limits, logs, deployment",
    absence=True,
    undecided="the web ACL is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, _ in context.stages():
        acls = acls_of(context, stage)
        if None in acls or usage_plans(context, stage) or has_sam_plan(stage):
            continue
        if not any(is_rate_based(rule) for acl in acls if acl is not None for _, rule in rules_of(acl)):
            yield RULE.hit(
                stage.resource,
                stage.path,
                f"nothing limits one caller of stage {context.symbols.shown(stage.name)}",
            )
