"""An agent that answers only inside one VPC, and whose runtime answers nobody but the gateway."""

from aws_cdk import App, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ec2 as ec2
from findings import answer_vpc_findings
from network import PathToAgentCore, endpoints_of_the_agent, isolated_vpc

from streaming_agent_construct import (
    AgentSource,
    ApiEndpoint,
    BedrockModel,
    Protection,
    RuntimeGuard,
    RuntimeOptions,
    StreamingAgentApi,
)

MODEL = "us.amazon.nova-lite-v1:0"

app = App()
stack = Stack(app, "PrivateVpc")
vpc = isolated_vpc(stack)

# Callers -> the API: only through this endpoint.
entrance = vpc.add_interface_endpoint("ApiEndpoint", service=ec2.InterfaceVpcEndpointAwsService.APIGATEWAY)
# The API -> the runtime: through the VPC too, so that the runtime's policy can refuse everybody else.
path = PathToAgentCore(stack, "Path", vpc=vpc)
# The agent -> its code, its model and its log.
endpoints_of_the_agent(vpc)
answer_vpc_findings(vpc)

StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    endpoint=ApiEndpoint.private_api(vpc_endpoints=[entrance]),
    protection=Protection(
        runtime_guard=RuntimeGuard.private_path(
            vpc_link=apigateway.VpcLink(stack, "Link", targets=[path.load_balancer]), vpc=vpc
        )
    ),
    model=BedrockModel.inference_profile(MODEL),
    runtime=RuntimeOptions(
        environment_variables={"AWS_REGION": stack.region},
        network_configuration=agentcore.RuntimeNetworkConfiguration.using_vpc(
            stack, vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        ),
    ),
)
app.synth()
