"""The key of the log groups: CloudWatch Logs is allowed to use it."""

from __future__ import annotations

import typing

from aws_cdk import ArnFormat, Aws, Stack

if typing.TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct


def allow_logs(scope: Construct, key: kms.IKey) -> None:
    """Lets CloudWatch Logs use the key for the account's log groups (CloudWatch Logs encrypt-log-data-kms)."""
    from aws_cdk import aws_iam as iam

    stack = Stack.of(scope)
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[typing.cast(iam.IPrincipal, iam.ServicePrincipal(f"logs.{stack.region}.{Aws.URL_SUFFIX}"))],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": stack.format_arn(
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
