"""The rules of the managed firewall: what is blocked, and which of AWS's rules only count on an agent's prompts."""

from collections.abc import Sequence

from aws_cdk import aws_wafv2 as wafv2

# Rules of AWSManagedRulesCommonRuleSet that look at the body (WAF aws-managed-rule-groups-baseline). A prompt is prose
# and code: it is longer than 8 KB, and may quote a script tag, a path, a link or the metadata address and mean it.
_COUNTED_COMMON = [
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
]
# The same of AWSManagedRulesKnownBadInputsRuleSet: a question about Log4Shell quotes it.
_COUNTED_BAD_INPUTS = ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"]


def visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Counted under a name, without samples: sampled requests show headers, and so tokens."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )


def firewall_rules(requests_per_ip: int) -> Sequence[wafv2.CfnWebACL.RuleProperty]:
    """The rules in the order that WAF asks them: what costs least and refuses most comes first."""
    return [
        _no_runtime_arguments(0),
        _limit_per_ip(1, requests_per_ip),
        _managed_group(2, "IpReputation", "AWSManagedRulesAmazonIpReputationList", []),
        _managed_group(3, "Common", "AWSManagedRulesCommonRuleSet", _COUNTED_COMMON),
        _managed_group(4, "KnownBadInputs", "AWSManagedRulesKnownBadInputsRuleSet", _COUNTED_BAD_INPUTS),
    ]


def _no_runtime_arguments(priority: int) -> wafv2.CfnWebACL.RuleProperty:
    # API Gateway merges a client's query string with the mapped one, so `?qualifier=` would reach the runtime beside
    # ours, and which of the two wins is not documented. Decoded first: %71ualifier is the same argument.
    return wafv2.CfnWebACL.RuleProperty(
        name="NoRuntimeArguments",
        priority=priority,
        action=_block(),
        statement=wafv2.CfnWebACL.StatementProperty(
            regex_match_statement=wafv2.CfnWebACL.RegexMatchStatementProperty(
                regex_string="(^|&)(qualifier|accountid)(=|&|$)",
                field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(query_string={}),
                text_transformations=[
                    wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="URL_DECODE"),
                    wafv2.CfnWebACL.TextTransformationProperty(priority=1, type="LOWERCASE"),
                ],
            )
        ),
        visibility_config=visible("NoRuntimeArguments"),
    )


def _limit_per_ip(priority: int, limit: int) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name="LimitPerIp",
        priority=priority,
        action=_block(),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(aggregate_key_type="IP", limit=limit)
        ),
        visibility_config=visible("LimitPerIp"),
    )


def _managed_group(priority: int, name: str, group: str, counted: Sequence[str]) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=group,
                rule_action_overrides=[_counted(rule) for rule in counted] if len(counted) > 0 else None,
            )
        ),
        visibility_config=visible(name),
    )


def _counted(rule: str) -> wafv2.CfnWebACL.RuleActionOverrideProperty:
    return wafv2.CfnWebACL.RuleActionOverrideProperty(
        name=rule, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count=wafv2.CfnWebACL.CountActionProperty())
    )


def _block() -> wafv2.CfnWebACL.RuleActionProperty:
    return wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty())
