"""Lets CloudWatch alarms publish to the app's SNS topics that have a policy."""

from __future__ import annotations

import re
import typing

from aws_cdk import Token

from ..errors import StreamingAgentError
from ..same_region import check_same_region

if typing.TYPE_CHECKING:
    from aws_cdk import aws_sns as sns

    from ..stack_values import StackValues


def allow_alarms(name: str, topic: sns.ITopic, values: StackValues) -> None:
    """Lets the account's alarms publish to a topic of the app that has a policy; refuses one that they cannot reach.

    A topic without a policy has SNS's default one, which lets them in; any policy replaces that, such as the one of
    ``enforce_ssl=True``, and CloudWatch then publishes nothing and says so in the alarm's history only
    (re:Post cloudwatch-receive-sns).
    """
    arn = topic.topic_arn
    if (
        not Token.is_unresolved(arn)
        and re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+", arn) is None
    ):
        raise StreamingAgentError(
            "SAC191",
            f"{name}: expected 'arn:aws:sns:<region>:<account>:<name>', got '{arn}'; import a topic by such an ARN",
        )
    check_same_region("SAC191", name, topic.env.region, values.region)
    if topic.node.try_find_child("Policy") is None:
        return
    from aws_cdk import aws_iam as iam

    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[typing.cast(iam.IPrincipal, iam.ServicePrincipal("cloudwatch.amazonaws.com"))],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": values.account}},
        )
    )
