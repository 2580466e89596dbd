"""What a client needs to know: the stack's outputs, which `streaming-agent chat --outputs` reads."""

from __future__ import annotations

import typing

from aws_cdk import CfnOutput

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..auth.auth_config import AuthConfig


def client_outputs(scope: Construct, invocations_url: str, auth: AuthConfig) -> None:
    """The address to ask, and where Cognito signs callers in its pool and client."""
    CfnOutput(scope, "InvocationsUrl", value=invocations_url)
    if auth.user_pool_id is not None and auth.user_pool_client_id is not None:
        CfnOutput(scope, "UserPoolId", value=auth.user_pool_id)
        CfnOutput(scope, "UserPoolClientId", value=auth.user_pool_client_id)
