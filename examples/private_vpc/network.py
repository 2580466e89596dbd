"""The network: a VPC without a way to the internet, and a load balancer in front of AgentCore's interface endpoint."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_elasticloadbalancingv2_targets as targets
from aws_cdk import custom_resources as cr
from constructs import Construct

ZONES = 2


def isolated_vpc(scope: Construct) -> ec2.Vpc:
    """Two zones, no NAT, no internet gateway."""
    return ec2.Vpc(
        scope,
        "Vpc",
        max_azs=ZONES,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
        ],
        flow_logs={"Rejected": ec2.FlowLogOptions(traffic_type=ec2.FlowLogTrafficType.REJECT)},
    )


class PathToAgentCore(Construct):
    """A VPC link ends at a network load balancer; this one passes TLS on, unopened, to AgentCore's endpoint."""

    def __init__(self, scope: Construct, id: str, *, vpc: ec2.Vpc) -> None:
        super().__init__(scope, id)
        endpoint = vpc.add_interface_endpoint(
            "AgentCoreEndpoint", service=ec2.InterfaceVpcEndpointAwsService.BEDROCK_AGENTCORE
        )
        self.load_balancer = elb.NetworkLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            internet_facing=False,
            cross_zone_enabled=True,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )
        self.load_balancer.add_listener("Tls", port=443, protocol=elb.Protocol.TCP).add_targets(
            "Endpoint",
            port=443,
            protocol=elb.Protocol.TCP,
            targets=[targets.IpTarget(address, 443) for address in _addresses(self, endpoint)],
        )


def _addresses(scope: Construct, endpoint: ec2.InterfaceVpcEndpoint) -> list[str]:
    """The endpoint's addresses, one a zone; CloudFormation knows its network interfaces, and not their addresses."""
    fields = [f"NetworkInterfaces.{zone}.PrivateIpAddress" for zone in range(ZONES)]
    look_up = cr.AwsSdkCall(
        service="EC2",
        action="describeNetworkInterfaces",
        parameters={"NetworkInterfaceIds": endpoint.vpc_endpoint_network_interface_ids},
        physical_resource_id=cr.PhysicalResourceId.of("addresses"),
        output_paths=fields,
    )
    found = cr.AwsCustomResource(
        scope,
        "Addresses",
        on_create=look_up,
        on_update=look_up,
        install_latest_aws_sdk=False,
        # Describing network interfaces cannot be limited to some of them.
        policy=cr.AwsCustomResourcePolicy.from_sdk_calls(resources=["*"]),
    )
    return [found.get_response_field(field) for field in fields]
