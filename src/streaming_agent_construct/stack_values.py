"""What a template says of the place that it is deployed to, asked once and passed on to every part."""

from __future__ import annotations

import dataclasses
import typing

from aws_cdk import Aws, Fn, Stack

if typing.TYPE_CHECKING:
    from constructs import Construct


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackValues:
    """The stack and where it goes; what the app does not know is a reference that CloudFormation resolves."""

    stack: Stack
    """The stack."""
    region: str
    """Its Region."""
    account: str
    """Its account."""
    partition: str
    """Its partition, such as ``aws``."""
    url_suffix: str
    """The DNS suffix of its partition, such as ``amazonaws.com``."""


def stack_uuid() -> str:
    """The UUID at the end of the stack's id: no other stack has it, not even a later one of the same name."""
    return Fn.select(2, Fn.split("/", Aws.STACK_ID))


def stack_values(scope: Construct) -> StackValues:
    """The values of the stack that holds the scope."""
    stack = Stack.of(scope)
    return StackValues(
        stack=stack,
        region=stack.region,
        account=stack.account,
        partition=Aws.PARTITION,
        url_suffix=Aws.URL_SUFFIX,
    )
