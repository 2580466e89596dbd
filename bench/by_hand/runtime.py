"""The agent's AgentCore runtime, with its role and its resource policy."""

from typing import Any

from aws_cdk import Aws, CfnResource, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

EXCLUDED = [
    *(".env", ".git", ".venv", "venv", "__pycache__", "*.pyc", ".DS_Store", ".mypy_cache", ".pytest_cache"),
    *(".ruff_cache", "cdk.out", "node_modules", ".streaming-agent", ".env.*", ".envrc", ".aws", ".ssh", ".netrc"),
    *(".npmrc", ".pypirc", "id_rsa", "id_ed25519", "*.key"),
]


def new_runtime(
    scope: Construct, stack: Stack, agent: str, pool: cognito.UserPool, client: cognito.UserPoolClient
) -> agentcore.Runtime:
    issuer = f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{pool.user_pool_id}"
    runtime = agentcore.Runtime(
        scope,
        "Runtime",
        agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_code_asset(
            path=agent, exclude=EXCLUDED, entrypoint=["agent.py"], runtime=agentcore.AgentCoreRuntime.PYTHON_3_13
        ),
        authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            f"{issuer}/.well-known/openid-configuration",
            None,
            [client.user_pool_client_id],
            None,
            [agentcore.RuntimeCustomClaim.with_string_value("token_use", "id")],
        ),
    )
    tokens = "bedrock-agentcore:GetWorkloadAccessToken"
    directory = f"arn:{Aws.PARTITION}:bedrock-agentcore:{Aws.REGION}:{Aws.ACCOUNT_ID}:workload-identity-directory"
    own = f"{directory}/default/workload-identity/{runtime.agent_runtime_name}-*"
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            sid="DenyTokensWithoutJwt",
            effect=iam.Effect.DENY,
            actions=[tokens, f"{tokens}ForUserId"],
            resources=["*"],
        )
    )
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            sid="DenyOtherIdentities",
            effect=iam.Effect.DENY,
            actions=[f"{tokens}ForJWT"],
            not_resources=[f"{directory}/default", own],
        )
    )
    restrict(scope, stack, runtime.agent_runtime_arn)
    return runtime


def restrict(scope: Construct, stack: Stack, runtime_arn: str) -> None:
    """What a token may do at the runtime, and that it may do nothing else."""
    invoke = "bedrock-agentcore:InvokeAgentRuntime"
    admitted = ["", "ForUser"]
    denied = ["Command", "CommandShell", "WithWebSocketStream", "WithWebSocketStreamForUser"]

    def statement(sid: str, effect: str, actions: list[str]) -> dict[str, Any]:
        return {"Sid": sid, "Effect": effect, "Principal": "*", "Action": actions, "Resource": runtime_arn}

    policy = {
        "Version": "2012-10-17",
        "Statement": [
            statement("AdmitCalls", "Allow", [f"{invoke}{action}" for action in admitted]),
            statement(
                "DenyAllElse",
                "Deny",
                [*(f"{invoke}{action}" for action in denied), "bedrock-agentcore:StopRuntimeSession"],
            ),
        ],
    }
    CfnResource(
        scope,
        "RuntimePolicy",
        type="AWS::BedrockAgentCore::ResourcePolicy",
        properties={"ResourceArn": runtime_arn, "Policy": stack.to_json_string(policy)},
    )
