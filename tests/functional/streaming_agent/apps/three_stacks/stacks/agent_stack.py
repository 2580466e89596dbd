"""The runtime: as a plain resource, as the L1 class, or as the L2; its address by id or by encoded ARN."""

from pathlib import Path
from typing import Any

from aws_cdk import CfnOutput, CfnResource, Fn, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

AGENT = str(Path(__file__).parents[1] / "agent")


class AgentStack(Stack):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        prefix: str,
        pool: cognito.UserPool,
        client: cognito.UserPoolClient,
        **options: Any,
    ) -> None:
        super().__init__(scope, name, **options)
        discovery_url = (
            f"https://cognito-idp.{self.region}.amazonaws.com/{pool.user_pool_id}/.well-known/openid-configuration"
        )
        kind = self.node.try_get_context("runtime")
        if kind == "l2":
            arn, runtime_id = self._l2(prefix, discovery_url, client)
        else:
            arn, runtime_id = self._l1(prefix, discovery_url, client, is_resource=kind == "resource")
        host = f"https://bedrock-agentcore.{self.region}.amazonaws.com"
        if self.node.try_get_context("address") == "arn":
            # what JavaScript's encodeURIComponent would do, for a text that is not known yet
            encoded = Fn.join("%2F", Fn.split("/", Fn.join("%3A", Fn.split(":", arn))))
            self.url = f"{host}/runtimes/{encoded}/invocations?qualifier=DEFAULT"
        else:
            self.url = f"{host}/runtimes/{runtime_id}/invocations?qualifier=DEFAULT&accountId={self.account}"
        CfnOutput(self, "RuntimeArn", value=arn)

    def _l2(self, prefix: str, discovery_url: str, client: cognito.UserPoolClient) -> tuple[str, str]:
        runtime = agentcore.Runtime(
            self,
            "Runtime",
            runtime_name=f"{prefix}_agent",
            agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_code_asset(
                path=AGENT, runtime=agentcore.AgentCoreRuntime.PYTHON_3_12, entrypoint=["agent.py"]
            ),
            authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
                discovery_url, None, [client.user_pool_client_id]
            ),
            environment_variables={"GREETING": "Bon voyage"},
        )
        return runtime.agent_runtime_arn, runtime.agent_runtime_id

    def _l1(
        self, prefix: str, discovery_url: str, client: cognito.UserPoolClient, *, is_resource: bool
    ) -> tuple[str, str]:
        code = s3_assets.Asset(self, "Code", path=AGENT)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("bedrock-agentcore.amazonaws.com"))
        role.add_to_policy(iam.PolicyStatement(actions=["bedrock:InvokeModelWithResponseStream"], resources=["*"]))
        code.grant_read(role)
        if is_resource:
            resource = CfnResource(
                self,
                "Runtime",
                type="AWS::BedrockAgentCore::Runtime",
                properties={
                    "AgentRuntimeName": f"{prefix}_agent",
                    "RoleArn": role.role_arn,
                    "NetworkConfiguration": {"NetworkMode": "PUBLIC"},
                    "AuthorizerConfiguration": {
                        "CustomJWTAuthorizer": {
                            "DiscoveryUrl": discovery_url,
                            "AllowedAudience": [client.user_pool_client_id],
                        }
                    },
                    "AgentRuntimeArtifact": {
                        "CodeConfiguration": {
                            "Code": {"S3": {"Bucket": code.s3_bucket_name, "Prefix": code.s3_object_key}},
                            "EntryPoint": ["agent.py"],
                            "Runtime": "PYTHON_3_12",
                        }
                    },
                    "EnvironmentVariables": {"GREETING": "Bon voyage"},
                },
            )
            resource.node.add_dependency(role)
            return resource.get_att("AgentRuntimeArn").to_string(), resource.ref
        runtime = agentcore.CfnRuntime(
            self,
            "Runtime",
            agent_runtime_name=f"{prefix}_agent",
            role_arn=role.role_arn,
            network_configuration=agentcore.CfnRuntime.NetworkConfigurationProperty(network_mode="PUBLIC"),
            authorizer_configuration=agentcore.CfnRuntime.AuthorizerConfigurationProperty(
                custom_jwt_authorizer=agentcore.CfnRuntime.CustomJWTAuthorizerConfigurationProperty(
                    discovery_url=discovery_url, allowed_audience=[client.user_pool_client_id]
                )
            ),
            agent_runtime_artifact=agentcore.CfnRuntime.AgentRuntimeArtifactProperty(
                code_configuration=agentcore.CfnRuntime.CodeConfigurationProperty(
                    code=agentcore.CfnRuntime.CodeProperty(
                        s3=agentcore.CfnRuntime.S3LocationProperty(
                            bucket=code.s3_bucket_name, prefix=code.s3_object_key
                        )
                    ),
                    entry_point=["agent.py"],
                    runtime="PYTHON_3_12",
                )
            ),
            environment_variables={"GREETING": "Bon voyage"},
        )
        runtime.node.add_dependency(role)
        return runtime.attr_agent_runtime_arn, runtime.attr_agent_runtime_id
