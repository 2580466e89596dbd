"""The rules of the managed firewall: what is blocked, and which of AWS's rules only count on an agent's prompts."""

import dataclasses
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReservedByGateway:
    """What the gateway sets on each call to the runtime, so that a client may not."""

    headers: Sequence[str]
    """Header names, in lower case."""
    query_signing: bool
    """Whether AWS signatures may stand in the query string, which then cannot be refused as a whole."""


def visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Counted under a name, without samples: sampled requests show headers, and so tokens."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )


def firewall_rules(requests_per_ip: int, reserved: ReservedByGateway) -> Sequence[wafv2.CfnWebACL.RuleProperty]:
    """The rules in the order that WAF asks them: what costs least and refuses most comes first."""
    rules = [
        _no_runtime_arguments(0) if reserved.query_signing else _no_query_string(0),
        _limit_per_ip(1, requests_per_ip),
        _managed_group(2, "IpReputation", "AWSManagedRulesAmazonIpReputationList", []),
        _managed_group(3, "Common", "AWSManagedRulesCommonRuleSet", _COUNTED_COMMON),
        _managed_group(4, "KnownBadInputs", "AWSManagedRulesKnownBadInputsRuleSet", _COUNTED_BAD_INPUTS),
    ]
    if len(reserved.headers) > 0:
        rules.append(_no_reserved_headers(5, reserved.headers))
    return rules


def _no_query_string(priority: int) -> wafv2.CfnWebACL.RuleProperty:
    # API Gateway merges a client's query string with the mapped one, so `?qualifier=` would reach the runtime beside
    # the gateway's, and which of the two wins is not documented; nor is how the runtime splits and decodes it. No call
    # needs a query string.
    return wafv2.CfnWebACL.RuleProperty(
        name="NoQueryString",
        priority=priority,
        action=_block(),
        statement=wafv2.CfnWebACL.StatementProperty(
            size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
                comparison_operator="GT",
                size=0,
                field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(query_string={}),
                text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
            )
        ),
        visibility_config=visible("NoQueryString"),
    )


def _no_runtime_arguments(priority: int) -> wafv2.CfnWebACL.RuleProperty:
    # The words are refused wherever they stand, decoded twice: %2571ualifier, +qualifier and qualifier[] are arguments
    # of that name to one parser or another. A signature's parameters hold neither word.
    words = [_query_holds(word) for word in ["qualifier", "accountid"]]
    return wafv2.CfnWebACL.RuleProperty(
        name="NoRuntimeArguments",
        priority=priority,
        action=_block(),
        statement=wafv2.CfnWebACL.StatementProperty(or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=words)),
        visibility_config=visible("NoRuntimeArguments"),
    )


def _query_holds(word: str) -> wafv2.CfnWebACL.StatementProperty:
    transformations = ["URL_DECODE", "URL_DECODE_UNI", "LOWERCASE"]
    return wafv2.CfnWebACL.StatementProperty(
        byte_match_statement=wafv2.CfnWebACL.ByteMatchStatementProperty(
            search_string=word,
            positional_constraint="CONTAINS",
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(query_string={}),
            text_transformations=[
                wafv2.CfnWebACL.TextTransformationProperty(priority=number, type=kind)
                for number, kind in enumerate(transformations)
            ],
        )
    )


def _no_reserved_headers(priority: int, headers: Sequence[str]) -> wafv2.CfnWebACL.RuleProperty:
    # A mapping replaces the client's header, unless its source has no value: then the client's would pass.
    named = [_has_header(header) for header in headers]
    return wafv2.CfnWebACL.RuleProperty(
        name="NoReservedHeaders",
        priority=priority,
        action=_block(),
        statement=(
            named[0]
            if len(named) == 1
            else wafv2.CfnWebACL.StatementProperty(or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=named))
        ),
        visibility_config=visible("NoReservedHeaders"),
    )


def _has_header(header: str) -> wafv2.CfnWebACL.StatementProperty:
    return wafv2.CfnWebACL.StatementProperty(
        size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
            comparison_operator="GT",
            size=0,
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": header}),
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
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
