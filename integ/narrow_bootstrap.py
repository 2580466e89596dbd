"""A bootstrap beside the account's own, whose CloudFormation may do what docs/bootstrap-policy.json says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .stacks import QUALIFIER

POLICY = Path(__file__).parents[1] / "docs" / "bootstrap-policy.json"
NAME = "StreamingAgentIntegExecution"
TOOLKIT = f"CDKToolkit-{QUALIFIER}"


@contextmanager
def narrow_bootstrap(
    aws: Callable[[str, str], Any], region: str, stack: str, bootstrap: Callable[[str], bool]
) -> Iterator[None]:
    """Makes policy and bootstrap for one stack, and deletes both with the bucket that the bootstrap leaves."""
    iam = aws("iam", region)
    arn = iam.create_policy(PolicyName=NAME, PolicyDocument=policy_for(stack))["Policy"]["Arn"]
    try:
        if not bootstrap(arn):
            raise AssertionError("the bootstrap failed")
        yield
    finally:
        account = aws("sts", region).get_caller_identity()["Account"]
        _delete_bucket(aws("s3", region), f"cdk-{QUALIFIER}-assets-{account}-{region}")
        cloudformation = aws("cloudformation", region)
        cloudformation.delete_stack(StackName=TOOLKIT)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=TOOLKIT)
        iam.delete_policy(PolicyArn=arn)


def policy_for(stack: str) -> str:
    """The page's policy with this stack's name and this bootstrap's qualifier in the place of the page's."""
    document = json.loads(POLICY.read_text(encoding="utf-8").replace("Chat-*", f"{stack}-*"))
    # IAM takes 6,144 characters without white space.
    return json.dumps(document, separators=(",", ":")).replace("hnb659fds", QUALIFIER)


def _delete_bucket(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    s3.delete_bucket(Bucket=bucket)
