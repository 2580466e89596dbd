"""Imports that Python makes late, or never: in functions, in branches, for annotations only."""

from __future__ import annotations

import typing

from aws_cdk import App, Stack

from ..classes import Colour

if typing.TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_s3 as s3

    from ..classes import Counter


class Store:
    """Holds what is only known by its annotation."""

    bucket: s3.IBucket
    """Where."""
    _role: iam.IRole | None

    def __init__(self, bucket: s3.IBucket, role: iam.IRole | None = None) -> None:
        self.bucket = bucket
        self._role = role

    def is_open(self) -> bool:
        """Whether nobody's role is asked for."""
        return self._role is None


def in_a_function() -> list[str]:
    from aws_cdk import aws_s3 as s3

    stack = Stack(App(), "Stack")
    store = Store(s3.Bucket(stack, "Bucket"))
    return [store.bucket.node.path, "open" if store.is_open() else "closed"]


def in_branches() -> list[str]:
    said: list[str] = []
    for name in ["topic", "queue", "none"]:
        if name == "topic":
            import aws_cdk.aws_sns as sns

            said.append(sns.Topic(Stack(App(), "Stack"), "Topic").node.id)
        elif name == "queue":
            from aws_cdk import aws_sqs as sqs

            said.append(sqs.Queue(Stack(App(), "Stack"), "Queue").node.id)
    return said


def after_branches() -> str:
    if Colour.RED.value == "RED":
        from aws_cdk import aws_sns as sns
    else:
        raise ValueError("no colour")
    return sns.Topic(Stack(App(), "Stack"), "Topic").node.path


def from_the_package() -> int:
    from ..classes import Counter as Made
    from ..numbers import division_rounds_down

    return _counted(Made.by(2, label="pairs")) + len(division_rounds_down())


def _counted(counter: Counter) -> int:
    return counter.add().count
