"""The network: a VPC without a way to the internet, and a load balancer in front of AgentCore's interface endpoint."""

from typing import cast

from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_elasticloadbalancingv2_targets as targets
from aws_cdk import custom_resources as cr
from constructs import Construct
from findings import answer_path_findings
from zones import zone_ids

ZONES = 2
# one a zone, as EC2 describes the endpoint's network interfaces
ADDRESSES = [f"NetworkInterfaces.{zone}.PrivateIpAddress" for zone in range(ZONES)]


def isolated_vpc(scope: Construct) -> ec2.Vpc:
    """Two zones in which AgentCore runs, no NAT, no internet gateway."""
    vpc = ec2.Vpc(
        scope,
        "Vpc",
        max_azs=ZONES,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
        ],
        flow_logs={"Rejected": ec2.FlowLogOptions(traffic_type=ec2.FlowLogTrafficType.REJECT)},
    )
    # The CDK's own choice of zones is by name.
    for subnet, zone in zip(vpc.isolated_subnets, zone_ids(scope, ZONES), strict=True):
        resource = cast(ec2.CfnSubnet, subnet.node.default_child)
        resource.availability_zone = None
        resource.availability_zone_id = zone
    return vpc


def endpoints_of_the_agent(vpc: ec2.Vpc) -> None:
    """What the agent reaches: its code, its model, and its log. An agent that is an image needs ECR too, see README."""
    # New runtimes bring no endpoint of their own since 5 May 2026 (API_VpcConfig, requireServiceS3Endpoint).
    vpc.add_gateway_endpoint("CodeEndpoint", service=ec2.GatewayVpcEndpointAwsService.S3)
    vpc.add_interface_endpoint("ModelEndpoint", service=ec2.InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME)
    vpc.add_interface_endpoint("LogEndpoint", service=ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS)


class PathToAgentCore(Construct):
    """A VPC link ends at a network load balancer; this one passes TLS on, unopened, to AgentCore's endpoint."""

    def __init__(self, scope: Construct, id: str, *, vpc: ec2.Vpc) -> None:
        super().__init__(scope, id)
        endpoint = vpc.add_interface_endpoint(
            "AgentCoreEndpoint", service=ec2.InterfaceVpcEndpointAwsService.BEDROCK_AGENTCORE
        )
        # It admits nobody: what comes through the VPC link passes because PrivateLink's traffic is exempt. A security
        # group of its own, since apps made by `cdk init` give one to each balancer, and then no request passes.
        group = ec2.SecurityGroup(
            self, "Group", vpc=vpc, description="The balancer in front of AgentCore", allow_all_outbound=False
        )
        group.add_egress_rule(ec2.Peer.ipv4(vpc.vpc_cidr_block), ec2.Port.tcp(443), "To the endpoint of AgentCore")
        self.load_balancer = elb.NetworkLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            internet_facing=False,
            cross_zone_enabled=True,
            security_groups=[group],
            enforce_security_group_inbound_rules_on_private_link_traffic=False,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )
        look_up = _look_up_of_addresses(self, endpoint)
        self.load_balancer.add_listener("Tls", port=443, protocol=elb.Protocol.TCP).add_targets(
            "Endpoint",
            port=443,
            protocol=elb.Protocol.TCP,
            targets=[targets.IpTarget(look_up.get_response_field(field), 443) for field in ADDRESSES],
        )
        answer_path_findings(self)


def _look_up_of_addresses(scope: Construct, endpoint: ec2.InterfaceVpcEndpoint) -> cr.AwsCustomResource:
    """Finds the endpoint's addresses; CloudFormation knows its network interfaces, and not their addresses."""
    look_up = cr.AwsSdkCall(
        service="EC2",
        action="describeNetworkInterfaces",
        # each id by its place: a list that only CloudFormation knows would take a function more to become JSON
        parameters={
            "NetworkInterfaceIds": [
                Fn.select(zone, endpoint.vpc_endpoint_network_interface_ids) for zone in range(ZONES)
            ]
        },
        physical_resource_id=cr.PhysicalResourceId.of("addresses"),
        output_paths=ADDRESSES,
    )
    return cr.AwsCustomResource(
        scope,
        "Addresses",
        on_create=look_up,
        on_update=look_up,
        install_latest_aws_sdk=False,
        policy=cr.AwsCustomResourcePolicy.from_sdk_calls(resources=["*"]),
    )
