"""The firewall's log: what was blocked and what was counted, without tokens, keys or prompts."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import ArnFormat, RemovalPolicy
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2

from ..acknowledgments import acknowledge_log_group
from ..stack_values import stack_uuid

if typing.TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from ..stack_values import StackValues

_SECRET_HEADERS = ["authorization", "cookie", "x-api-key"]


def secret_headers(request_headers: Sequence[str]) -> Sequence[str]:
    """The headers that hold tokens and keys, as WAF writes them; ``request_headers`` are those of the authorizer."""
    names = list(_SECRET_HEADERS)
    for header in request_headers:
        if header.lower() not in names:
            names.append(header.lower())
    return names


def protected_data(headers: Sequence[str]) -> wafv2.CfnWebACL.DataProtectionConfigProperty:
    """What WAF writes nowhere in clear: neither in logs nor in samples (WAF data-protection-masking)."""
    return wafv2.CfnWebACL.DataProtectionConfigProperty(
        data_protections=[
            wafv2.CfnWebACL.DataProtectProperty(
                field=wafv2.CfnWebACL.FieldToProtectProperty(field_type="SINGLE_HEADER", field_keys=list(headers)),
                action="SUBSTITUTION",
            ),
            wafv2.CfnWebACL.DataProtectProperty(
                field=wafv2.CfnWebACL.FieldToProtectProperty(field_type="BODY"), action="SUBSTITUTION"
            ),
        ]
    )


def log_firewall(
    scope: Construct,
    values: StackValues,
    name: str,
    web_acl_arn: str,
    headers: Sequence[str],
    retention: logs.RetentionDays,
    encryption_key: kms.IKey | None,
) -> logs.LogGroup:
    """Writes what the web ACL blocked or counted to its own log group."""
    group = logs.LogGroup(
        scope,
        "FirewallLog",
        # WAF logs only to names with this prefix (WAF logging-cw-logs). The stack's own id is part of it, because a
        # deleted stack leaves its log group behind, and the next stack of that name must not meet it.
        log_group_name=f"aws-waf-logs-{name}-{stack_uuid()}",
        retention=retention,
        encryption_key=encryption_key,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    acknowledge_log_group(group)
    wafv2.CfnLoggingConfiguration(
        scope,
        "FirewallLogging",
        resource_arn=web_acl_arn,
        # The log group's ARN without the ":*" that its attribute ends with.
        log_destination_configs=[
            values.stack.format_arn(
                service="logs",
                resource="log-group",
                resource_name=group.log_group_name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
        ],
        redacted_fields=[
            wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header}) for header in headers
        ],
        logging_filter={
            "DefaultBehavior": "DROP",
            "Filters": [
                {
                    "Behavior": "KEEP",
                    "Requirement": "MEETS_ANY",
                    "Conditions": [
                        {"ActionCondition": {"Action": "BLOCK"}},
                        {"ActionCondition": {"Action": "COUNT"}},
                        {"ActionCondition": {"Action": "EXCLUDED_AS_COUNT"}},
                    ],
                }
            ],
        },
    )
    return group
