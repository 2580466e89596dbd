"""The key of the log groups: CloudWatch Logs is allowed to use it."""

from __future__ import annotations

import typing

from aws_cdk import ArnFormat

if typing.TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from ..stack_values import StackValues


def allow_logs(values: StackValues, key: kms.IKey) -> None:
    """Lets CloudWatch Logs use the key for the account's log groups (CloudWatch Logs encrypt-log-data-kms)."""
    from aws_cdk import aws_iam as iam

    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[typing.cast(iam.IPrincipal, iam.ServicePrincipal(f"logs.{values.region}.{values.url_suffix}"))],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": values.stack.format_arn(
                        service="logs",
                        resource="log-group",
                        resource_name="*",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                }
            },
        ),
        True,
    )
