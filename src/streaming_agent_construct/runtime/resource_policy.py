"""The resource policy of a new runtime: a caller with a token may call the agent, and nothing else of the runtime.

A runtime with a JWT authorizer takes the same token for a shell in its microVM, for single commands, for its WebSocket
and for stopping sessions (AC runtime-get-started-command-shell, runtime-execute-command). Once there is a policy, it
must allow what token callers do, and they are ``*`` in it (AC resource-based-policies).
"""

from __future__ import annotations

import typing

from aws_cdk import CfnResource

if typing.TYPE_CHECKING:
    from constructs import Construct

    from ..stack_values import StackValues

# The gateway sends the user-id header with each call, which makes it the second action (AC runtime-oauth).
_CALLS = ["InvokeAgentRuntime", "InvokeAgentRuntimeForUser"]
_ALL_ELSE = [
    "InvokeAgentRuntimeCommand",
    "InvokeAgentRuntimeCommandShell",
    "InvokeAgentRuntimeWithWebSocketStream",
    "InvokeAgentRuntimeWithWebSocketStreamForUser",
    "StopRuntimeSession",
]


def new_resource_policy(scope: Construct, values: StackValues, runtime_arn: str, vpc_id: str | None) -> None:
    """Makes the policy of a runtime **with a JWT authorizer**; without one, ``*`` would be every AWS account.

    With a VPC the runtime answers only there: calls that name no VPC are denied too.
    """
    admit: dict[str, object] = {
        "Sid": "AdmitCalls",
        "Effect": "Allow",
        "Principal": "*",
        "Action": _actions(_CALLS),
        "Resource": runtime_arn,
    }
    deny: dict[str, object] = {
        "Sid": "DenyAllElse",
        "Effect": "Deny",
        "Principal": "*",
        "Action": _actions(_ALL_ELSE),
        "Resource": runtime_arn,
    }
    statements = [admit, deny]
    if vpc_id is not None:
        admit["Condition"] = {"StringEquals": {"aws:SourceVpc": vpc_id}}
        statements.append(
            {
                "Sid": "DenyElsewhere",
                "Effect": "Deny",
                "Principal": "*",
                "Action": _actions(_CALLS),
                "Resource": runtime_arn,
                # True also where a request names no VPC.
                "Condition": {"StringNotEquals": {"aws:SourceVpc": vpc_id}},
            }
        )
    # aws-cdk-lib has an L1 for it only since a later version than the oldest that this package works with.
    CfnResource(
        scope,
        "RuntimePolicy",
        type="AWS::BedrockAgentCore::ResourcePolicy",
        properties={
            "ResourceArn": runtime_arn,
            "Policy": values.stack.to_json_string({"Version": "2012-10-17", "Statement": statements}),
        },
    )


def _actions(names: list[str]) -> list[str]:
    # Named one by one: what AWS adds later under the same beginning is not allowed by it.
    return [f"bedrock-agentcore:{name}" for name in names]
