"""Where the API listens."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2

from streaming_agent_construct import AgentSource, ApiEndpoint, StreamingAgentApi

from ..conftest import Refused
from ..templates import only, warnings


def test_regional_unless_said(stack: Stack, agent: AgentSource) -> None:
    """The CDK's own default is EDGE, which ends a stream that is silent for 30 seconds."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert only(stack, "AWS::ApiGateway::RestApi")["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


def test_a_private_api_answers_its_endpoints_alone(stack: Stack, agent: AgentSource) -> None:
    endpoint = ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, "Endpoint", port=443, vpc_endpoint_id="vpce-0123456789"
    )
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=ApiEndpoint.private_api(vpc_endpoints=[endpoint]))
    api = only(stack, "AWS::ApiGateway::RestApi")
    statement = api["Policy"]["Statement"][0]
    assert api["EndpointConfiguration"] == {"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-0123456789"]}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceVpce": ["vpce-0123456789"]}}


def test_a_private_api_without_an_endpoint_is_refused(refused: Refused) -> None:
    with refused("SAC041", "vpc_endpoints: expected at least one", "execute-api"):
        ApiEndpoint.private_api(vpc_endpoints=[])


def test_an_edge_endpoint_says_its_idle_limit(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=ApiEndpoint.edge_optimized())
    assert "ends a stream that is silent for 30 seconds" in warnings(stack)


def test_an_agent_that_is_known_to_speak_in_time_is_not_warned_about(stack: Stack, agent: AgentSource) -> None:
    endpoint = ApiEndpoint.edge_optimized(max_idle=Duration.seconds(15))
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)
    assert only(stack, "AWS::ApiGateway::RestApi")["EndpointConfiguration"] == {"Types": ["EDGE"]}
    assert "silent" not in warnings(stack)


def test_an_agent_that_is_silent_for_too_long_for_the_edge_is_refused(refused: Refused) -> None:
    with refused("SAC040", "at most 30 seconds", "got 45 seconds", "ApiEndpoint.regional()"):
        ApiEndpoint.edge_optimized(max_idle=Duration.seconds(45))
