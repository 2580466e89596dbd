"""The firewall in front of the stage, and its log."""

from typing import Any

from aws_cdk import Aws, Fn, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

NAME = "ChatAgent39062F12"
SECRETS = ["authorization", "cookie", "x-api-key"]
RESERVED = ["x-amzn-bedrock-agentcore-runtime-user-id", "x-amzn-bedrock-agentcore-runtime-session-id"]
COMMON = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY"]
COUNTED = {
    "IpReputation": ("AWSManagedRulesAmazonIpReputationList", []),
    "Common": ("AWSManagedRulesCommonRuleSet", [*COMMON, "EC2MetaDataSSRF_BODY"]),
    "KnownBadInputs": (
        "AWSManagedRulesKnownBadInputsRuleSet",
        ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
    ),
}


def new_firewall(scope: Construct, stage: apigateway.Stage) -> str:
    """The name under which it counts."""
    block = wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty())
    limit = wafv2.CfnWebACL.RateBasedStatementProperty(aggregate_key_type="IP", limit=2000)
    named = [_longer_than_0(single_header={"Name": header}) for header in RESERVED]
    groups = [_managed(number, *group) for number, group in enumerate(COUNTED.items(), start=2)]
    acl = wafv2.CfnWebACL(
        scope,
        "WebAcl",
        scope="REGIONAL",
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
        visibility_config=_visible(f"{NAME}WebAcl"),
        rules=[
            _rule(0, "NoQueryString", _longer_than_0(query_string={}), action=block),
            _rule(1, "LimitPerIp", wafv2.CfnWebACL.StatementProperty(rate_based_statement=limit), action=block),
            *groups,
            _rule(
                5,
                "NoReservedHeaders",
                wafv2.CfnWebACL.StatementProperty(or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=named)),
                action=block,
            ),
        ],
        data_protection_config=wafv2.CfnWebACL.DataProtectionConfigProperty(
            data_protections=[
                _substituted(field_type="SINGLE_HEADER", field_keys=SECRETS),
                _substituted(field_type="BODY"),
            ]
        ),
        association_config=wafv2.CfnWebACL.AssociationConfigProperty(
            request_body={
                "API_GATEWAY": wafv2.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                    default_size_inspection_limit="KB_64"
                )
            }
        ),
    )
    arn = acl.attr_arn
    wafv2.CfnWebACLAssociation(scope, "WebAclAssociation", resource_arn=stage.stage_arn, web_acl_arn=arn)
    _new_log(scope, arn)
    return f"{NAME}WebAcl"


def _new_log(scope: Construct, web_acl_arn: str) -> None:
    stack_id = Fn.select(2, Fn.split("/", Aws.STACK_ID))
    log = logs.LogGroup(
        scope,
        "FirewallLog",
        log_group_name=f"aws-waf-logs-{NAME}-{stack_id}",
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    kept = ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"]
    conditions = [{"ActionCondition": {"Action": action}} for action in kept]
    wafv2.CfnLoggingConfiguration(
        scope,
        "FirewallLogging",
        resource_arn=web_acl_arn,
        log_destination_configs=[
            f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:{log.log_group_name}"
        ],
        redacted_fields=[
            wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header}) for header in SECRETS
        ],
        logging_filter={
            "DefaultBehavior": "DROP",
            "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": conditions}],
        },
    )


def _rule(
    priority: int, name: str, statement: wafv2.CfnWebACL.StatementProperty, **action: Any
) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name, priority=priority, statement=statement, visibility_config=_visible(name), **action
    )


def _managed(priority: int, name: str, group: tuple[str, list[str]]) -> wafv2.CfnWebACL.RuleProperty:
    count = wafv2.CfnWebACL.RuleActionProperty(count=wafv2.CfnWebACL.CountActionProperty())
    overrides = [wafv2.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=count) for rule in group[1]]
    managed = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name=group[0], rule_action_overrides=overrides or None
    )
    statement = wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=managed)
    none = wafv2.CfnWebACL.OverrideActionProperty(none={})
    return _rule(priority, name, statement, override_action=none)


def _longer_than_0(**field: Any) -> wafv2.CfnWebACL.StatementProperty:
    size = wafv2.CfnWebACL.SizeConstraintStatementProperty(
        comparison_operator="GT",
        size=0,
        field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(**field),
        text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
    )
    return wafv2.CfnWebACL.StatementProperty(size_constraint_statement=size)


def _substituted(**field: Any) -> wafv2.CfnWebACL.DataProtectProperty:
    return wafv2.CfnWebACL.DataProtectProperty(
        action="SUBSTITUTION", field=wafv2.CfnWebACL.FieldToProtectProperty(**field)
    )


def _visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
