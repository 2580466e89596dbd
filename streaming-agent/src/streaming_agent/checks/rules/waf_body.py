"""waf-body: a web ACL that refuses long prompts."""

from collections.abc import Iterator
from typing import Any

from ...template import TemplateResource
from ...template.plain_values import as_list, as_mapping, as_number
from ..agent_routes import CheckContext
from ..distributions import behaviors
from ..finding import Severity
from ..firewalls import acls_of, associations, is_for_stage, rules_of, statements
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK073",
    name="waf-body",
    severity=Severity.WARNING,
    title="A web ACL that refuses long prompts",
    why="SizeRestrictions_BODY of the common rule set refuses bodies over 8 KB, which long prompts exceed.",
    fix="RuleActionOverrides: [{Name: SizeRestrictions_BODY, ActionToUse: {Count: {}}}]",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html",
    group="Limits, logs, deployment",
    undecided="the rules are not in the template",
)
_COMMON, _RULE = "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"
_LARGEST = 16_384


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for acl in _agents_acls(context):
        for index, rule in rules_of(acl):
            at = ("Rules", index)
            if _refuses_by_group(rule):
                yield RULE.hit(
                    acl, at, f"{acl.logical_id} takes the common rule set as it is: prompts over 8 KB get 403"
                )
            elif (size := _refuses_by_size(rule)) is not None:
                yield RULE.hit(
                    acl, at, f"{acl.logical_id} refuses bodies over {size:,.0f} bytes, and prompts may be longer"
                )


def _agents_acls(context: CheckContext) -> list[TemplateResource]:
    """The web ACLs that stand before an agent's stage, or may: an association may be for an ARN from elsewhere."""
    found: list[TemplateResource] = []
    stages = [stage for stage, _ in context.stages()]
    for stage in stages:
        found += [acl for acl in acls_of(context, stage) if acl is not None]
    for association, arn in associations(context):
        acl = context.view.resource(association.get("WebACLArn"))
        may_be = "/restapis/" in arn and not any(is_for_stage(context, arn, stage) is False for stage in stages)
        if acl is not None and may_be and context.agent_routes:
            found.append(acl)
    for behavior in behaviors(context):
        acl = context.view.resource(behavior.distribution.get("DistributionConfig", "WebACLId"))
        if acl is not None:
            found.append(acl)
    return list({id(acl): acl for acl in found}.values())


def _refuses_by_group(rule: dict[str, Any]) -> bool:
    if "Count" in as_mapping(rule.get("OverrideAction")):
        return False
    for kind, statement in statements(rule):
        if kind == "ManagedRuleGroupStatement" and statement.get("Name") == _COMMON:
            overrides = statement.get("RuleActionOverrides")
            excluded = statement.get("ExcludedRules")
            named = [one.get("Name") for one in as_list(overrides) if isinstance(one, dict) and _lets_through(one)]
            named += [one.get("Name") for one in as_list(excluded) if isinstance(one, dict)]
            return _RULE not in named and "ScopeDownStatement" not in statement
    return False


def _lets_through(override: dict[str, Any]) -> bool:
    action = override.get("ActionToUse")
    return isinstance(action, dict) and "Block" not in action


def _refuses_by_size(rule: dict[str, Any]) -> float | None:
    if "Block" not in as_mapping(rule.get("Action")):
        return None
    for kind, statement in statements(rule):
        field = statement.get("FieldToMatch")
        body = isinstance(field, dict) and ("Body" in field or "JsonBody" in field)
        if kind == "SizeConstraintStatement" and body and statement.get("ComparisonOperator") in ("GT", "GE"):
            size = as_number(statement.get("Size"))
            if size is not None and size <= _LARGEST:
                return size
    return None
