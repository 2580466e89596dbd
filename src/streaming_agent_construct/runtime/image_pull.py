"""Lets a runtime's role pull the image that an address in ECR names."""

from __future__ import annotations

import typing

from aws_cdk import Annotations, ArnFormat, Token

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore
    from constructs import Construct

    from ..stack_values import StackValues


def grant_pull(scope: Construct, runtime: agentcore.Runtime, uri: str, values: StackValues) -> None:
    """Grants the pull on the repository, which may be another account's or Region's; warns where it is not known."""
    if Token.is_unresolved(uri):
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:image-pull",
            "the image's address is known only at deployment, so the runtime's role is not allowed to pull it: "
            "grant it with repository.grant_pull(api.runtime.role), or use AgentSource.from_ecr_repository",
        )
        return
    host = uri.split("/", maxsplit=1)[0].split(".")
    name = uri.replace(f"{uri.split('/', maxsplit=1)[0]}/", "").split("@")[0].split(":")[0]
    from aws_cdk import aws_ecr as ecr

    repository = ecr.Repository.from_repository_attributes(
        scope,
        "ImageRepository",
        repository_name=name,
        repository_arn=values.stack.format_arn(
            service="ecr",
            account=host[0],
            region=host[3],
            resource="repository",
            resource_name=name,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        ),
    )
    repository.grant_pull(runtime.role)
