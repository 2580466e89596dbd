"""The topics that alarms tell: a policy that a topic of the app has is made to let CloudWatch publish."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from aws_cdk import aws_sns as sns


def allow_alarms(topic: sns.ITopic, account: str) -> None:
    """Lets the account's alarms publish to a topic of the app that has a policy.

    A topic without a policy has SNS's default one, which lets them in; any policy replaces that, such as the one of
    ``enforce_ssl=True``, and CloudWatch then publishes nothing and says so in the alarm's history only
    (re:Post cloudwatch-receive-sns).
    """
    if topic.node.try_find_child("Policy") is None:
        return
    from aws_cdk import aws_iam as iam

    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[typing.cast(iam.IPrincipal, iam.ServicePrincipal("cloudwatch.amazonaws.com"))],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": account}},
        )
    )
