"""An agent in an account where everything else is there already: users, role, network, firewall, key, logs, on-call."""

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    Firewall,
    Observability,
    Protection,
    RuntimeOptions,
    StreamingAgentApi,
)

app = App()
yours = app.node.get_context("yours")
account, region = yours["account"], yours["region"]
stack = Stack(app, "BringYourOwn", env=Environment(account=account, region=region))

pool = cognito.UserPool.from_user_pool_id(stack, "Pool", yours["user_pool_id"])
clients = [
    cognito.UserPoolClient.from_user_pool_client_id(stack, f"Client{number}", client_id)
    for number, client_id in enumerate(yours["user_pool_client_ids"], start=1)
]
vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id=yours["vpc_id"],
    availability_zones=yours["availability_zones"],
    private_subnet_ids=yours["private_subnet_ids"],
)

StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_ecr_repository(
        ecr.Repository.from_repository_name(stack, "Images", yours["image_repository"]), yours["image_tag"]
    ),
    auth=AgentAuth.user_pool(pool, clients, groups=["agent-users"]),
    protection=Protection(firewall=Firewall.existing(yours["web_acl_arn"], metric_name=yours["web_acl_metric_name"])),
    observability=Observability(
        access_log_group=logs.LogGroup.from_log_group_name(stack, "AccessLog", yours["access_log_group"]),
        encryption_key=kms.Key.from_key_arn(stack, "LogKey", yours["log_key_arn"]),
        critical_topic=sns.Topic.from_topic_arn(stack, "OnCall", yours["on_call_topic_arn"]),
    ),
    runtime=RuntimeOptions(
        execution_role=iam.Role.from_role_arn(stack, "AgentRole", yours["agent_role_arn"], mutable=False),
        network_configuration=agentcore.RuntimeNetworkConfiguration.using_vpc(
            stack,
            vpc=vpc,
            security_groups=[
                ec2.SecurityGroup.from_security_group_id(stack, "AgentNetwork", yours["agent_security_group_id"])
            ],
        ),
    ),
)
app.synth()
