"""CodeArtifact: code in one object of a bucket, which the runtime's role may read, and nothing else of the bucket."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence

from aws_cdk import aws_bedrockagentcore as agentcore

if typing.TYPE_CHECKING:
    from ..stack_values import StackValues

# Any address that the CDK takes; it is in no template, since the resource's artifact is set below the construct.
_PLACEHOLDER = "111111111111.dkr.ecr.us-east-1.amazonaws.com/agent:placeholder"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CodeArtifact:
    """A zip with the agent's code."""

    bucket_name: str
    """The bucket that holds it."""
    object_key: str
    """Its key."""
    entrypoint: Sequence[str]
    """What starts the server."""
    runtime: str
    """The language and its version, as in ``PYTHON_3_13``."""


def placeholder_artifact() -> agentcore.AgentRuntimeArtifact:
    """An artifact that grants nothing: the CDK's own for code let the role read the whole bucket."""
    return agentcore.AgentRuntimeArtifact.from_image_uri(_PLACEHOLDER)


def run_code(resource: agentcore.CfnRuntime, code: CodeArtifact) -> None:
    """Sets the code as what the runtime runs."""
    resource.agent_runtime_artifact = agentcore.CfnRuntime.AgentRuntimeArtifactProperty(
        code_configuration=agentcore.CfnRuntime.CodeConfigurationProperty(
            code=agentcore.CfnRuntime.CodeProperty(
                s3=agentcore.CfnRuntime.S3LocationProperty(bucket=code.bucket_name, prefix=code.object_key)
            ),
            entry_point=list(code.entrypoint),
            runtime=code.runtime,
        )
    )


def grant_code(runtime: agentcore.Runtime, code: CodeArtifact, values: StackValues) -> None:
    """Lets the runtime's role read that one object."""
    from aws_cdk import aws_iam as iam

    arn = f"arn:{values.partition}:s3:::{code.bucket_name}/{code.object_key}"
    runtime.add_to_role_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[arn]))
