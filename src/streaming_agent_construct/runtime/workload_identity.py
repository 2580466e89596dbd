"""Denies the runtime's role workload tokens by user id, and those of other agents."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore

    from ..stack_values import StackValues


def deny_other_identities(runtime: agentcore.Runtime, values: StackValues, runtime_name: str) -> None:
    """Narrows what the CDK's construct grants: workload tokens by a user's JWT only, for the runtime's own identity.

    AC runtime-permissions: where users have JWTs, deny the tokens for a user id, which anybody could name.
    """
    from aws_cdk import aws_iam as iam

    directory = (
        f"arn:{values.partition}:bedrock-agentcore:{values.region}:{values.account}:workload-identity-directory/default"
    )
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            sid="DenyTokensWithoutJwt",
            effect=iam.Effect.DENY,
            actions=[
                "bedrock-agentcore:GetWorkloadAccessToken",
                "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
            ],
            resources=["*"],
        )
    )
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            sid="DenyOtherIdentities",
            effect=iam.Effect.DENY,
            actions=["bedrock-agentcore:GetWorkloadAccessTokenForJWT"],
            not_resources=[directory, f"{directory}/workload-identity/{runtime_name}-*"],
        )
    )
