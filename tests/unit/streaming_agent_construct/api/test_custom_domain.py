"""Names of yours: certificate, records, client certificates, and one address instead of two."""

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from streaming_agent_construct import AgentSource, ApiEndpoint, CustomDomain, StreamingAgentApi

from ..conftest import Refused
from ..templates import flat, only, resources

NAME = "agents.example.com"


def certificate(stack: Stack, region: str = "eu-west-1") -> acm.ICertificate:
    arn = f"arn:aws:acm:{region}:111122223333:certificate/0123"
    return acm.Certificate.from_certificate_arn(stack, f"Certificate-{region}", arn)


def domain(stack: Stack, region: str = "eu-west-1", **settings: Any) -> CustomDomain:
    arguments: dict[str, Any] = {"domain_name": NAME, "certificate": certificate(stack, region)} | settings
    return CustomDomain(**arguments)


def truststore(stack: Stack) -> apigateway.MTLSConfig:
    return apigateway.MTLSConfig(bucket=s3.Bucket.from_bucket_name(stack, "Trust", "trust"), key="ca.pem", version="1")


@pytest.fixture
def ireland(app: App) -> Stack:
    return Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))


def test_the_api_answers_under_its_name_with_tls_1_2_and_no_less(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=ApiEndpoint.regional(domain=domain(stack)))
    name = only(stack, "AWS::ApiGateway::DomainName")
    assert (name["DomainName"], name["SecurityPolicy"]) == (NAME, "TLS_1_2")
    assert name["RegionalCertificateArn"].endswith("certificate/0123")
    mapping = only(stack, "AWS::ApiGateway::BasePathMapping")
    assert mapping["Stage"] == {"Ref": next(iter(resources(stack, "AWS::ApiGateway::Stage")))}


def test_the_default_endpoint_is_switched_off(stack: Stack, agent: AgentSource) -> None:
    """With the address of execute-api open, a caller would need no client certificate."""
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=ApiEndpoint.regional(domain=domain(stack)))
    assert only(stack, "AWS::ApiGateway::RestApi")["DisableExecuteApiEndpoint"] is True


def test_without_a_name_the_address_of_execute_api_is_open(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert "DisableExecuteApiEndpoint" not in only(stack, "AWS::ApiGateway::RestApi")


@pytest.mark.parametrize(("base_path", "address"), [(None, f"https://{NAME}/"), ("v1", f"https://{NAME}/v1/")])
def test_addresses_are_those_of_the_name(stack: Stack, agent: AgentSource, base_path: str | None, address: str) -> None:
    endpoint = ApiEndpoint.regional(domain=domain(stack, base_path=base_path))
    api = StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)
    assert api.url == address
    assert api.invocations_url == f"{address}invocations"
    assert api.add_agent("writer", agent=agent).invocations_url == f"{address}agents/writer/invocations"


def test_the_zone_gets_records_for_both_kinds_of_address(stack: Stack, agent: AgentSource) -> None:
    zone = route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z1", zone_name="example.com")
    endpoint = ApiEndpoint.regional(domain=domain(stack, hosted_zone=zone))
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)
    records = [record["Properties"] for record in resources(stack, "AWS::Route53::RecordSet").values()]
    assert {record["Type"]: record["Name"] for record in records} == {"A": f"{NAME}.", "AAAA": f"{NAME}."}
    assert only(stack, "AWS::ApiGateway::DomainName")["EndpointConfiguration"] == {
        "Types": ["REGIONAL"],
        "IpAddressType": "dualstack",
    }


def zone(stack: Stack, name: str) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z1", zone_name=name)


@pytest.mark.parametrize("name", [NAME, "example.com", "Example.com.", "com"])
def test_a_zone_that_the_name_is_in_is_taken(stack: Stack, agent: AgentSource, name: str) -> None:
    endpoint = ApiEndpoint.regional(domain=domain(stack, hosted_zone=zone(stack, name)))
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)
    assert {flat(record["Properties"]["Name"]) for record in resources(stack, "AWS::Route53::RecordSet").values()} == {
        f"{NAME}."
    }


@pytest.mark.parametrize("name", ["example.org", "ple.com", "other.example.com", f"more.{NAME}"])
def test_a_zone_of_another_domain_is_refused(stack: Stack, agent: AgentSource, refused: Refused, name: str) -> None:
    endpoint = ApiEndpoint.regional(domain=domain(stack, hosted_zone=zone(stack, name)))
    with refused("SAC196", f"expected the zone that '{NAME}' is in, got '{name}'"):
        StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)


def test_a_zone_whose_name_is_not_known_is_taken(stack: Stack, agent: AgentSource) -> None:
    """The CDK throws where it is asked for the name of a zone that was imported by its id."""
    by_id = route53.HostedZone.from_hosted_zone_id(stack, "Zone", "Z1")
    StreamingAgentApi(
        stack, "Agent", agent=agent, endpoint=ApiEndpoint.regional(domain=domain(stack, hosted_zone=by_id))
    )
    assert len(resources(stack, "AWS::Route53::RecordSet")) == 2


def test_without_a_zone_an_output_says_where_the_name_must_point(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=ApiEndpoint.regional(domain=domain(stack)))
    outputs = Template.from_stack(stack).to_json()["Outputs"]
    (target,) = [output["Value"] for name, output in outputs.items() if "DomainTarget" in name]
    assert flat(target).endswith(".RegionalDomainName}")


def test_callers_show_a_certificate(stack: Stack, agent: AgentSource) -> None:
    endpoint = ApiEndpoint.regional(domain=domain(stack, mutual_tls=truststore(stack)))
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)
    assert only(stack, "AWS::ApiGateway::DomainName")["MutualTlsAuthentication"] == {
        "TruststoreUri": "s3://trust/ca.pem",
        "TruststoreVersion": "1",
    }


def test_an_edge_optimized_domain_has_its_certificate_in_virginia(stack: Stack, agent: AgentSource) -> None:
    endpoint = ApiEndpoint.edge_optimized(domain=domain(stack, "us-east-1"))
    StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)
    name = only(stack, "AWS::ApiGateway::DomainName")
    assert name["EndpointConfiguration"] == {"Types": ["EDGE"]}
    assert name["CertificateArn"].startswith("arn:aws:acm:us-east-1:")


def test_client_certificates_at_the_edge_are_refused(stack: Stack, refused: Refused) -> None:
    with refused("SAC102", "takes no client certificates"):
        ApiEndpoint.edge_optimized(domain=domain(stack, "us-east-1", mutual_tls=truststore(stack)))


def test_an_edge_name_with_a_regional_certificate_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    with refused("SAC104", "one in us-east-1 for an edge-optimized domain, got one in eu-west-1"):
        StreamingAgentApi(stack, "Agent", agent=agent, endpoint=ApiEndpoint.edge_optimized(domain=domain(stack)))


def test_a_regional_name_with_a_certificate_of_elsewhere_is_refused(
    ireland: Stack, agent: AgentSource, refused: Refused
) -> None:
    endpoint = ApiEndpoint.regional(domain=domain(ireland, "us-east-1"))
    with refused("SAC104", "one in eu-west-1 for a regional domain, got one in us-east-1"):
        StreamingAgentApi(ireland, "Agent", agent=agent, endpoint=endpoint)


def test_a_certificate_of_the_same_stack_is_taken(ireland: Stack, agent: AgentSource) -> None:
    made = acm.Certificate(ireland, "Certificate", domain_name=NAME)
    endpoint = ApiEndpoint.regional(domain=CustomDomain(domain_name=NAME, certificate=made))
    StreamingAgentApi(ireland, "Agent", agent=agent, endpoint=endpoint)
    assert "Ref" in only(ireland, "AWS::ApiGateway::DomainName")["RegionalCertificateArn"]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:acm",
        "arn:aws:iam::111122223333:server-certificate/agents",
        "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0123",
        "arn:aws:kms:eu-west-1:111122223333:key/0123",
    ],
)
def test_what_is_no_certificate_of_acm_is_refused(stack: Stack, agent: AgentSource, refused: Refused, arn: str) -> None:
    other = acm.Certificate.from_certificate_arn(stack, "Other", arn)
    endpoint = ApiEndpoint.regional(domain=CustomDomain(domain_name=NAME, certificate=other))
    with refused("SAC103", f"got '{arn}'"):
        StreamingAgentApi(stack, "Agent", agent=agent, endpoint=endpoint)


@pytest.mark.parametrize(
    "name",
    [
        "Agents.example.com",
        "https://a.example.com",
        "agents",
        "",
        "a..b",
        "*.example.com",
        "10.0.0.1",
        "a.example-",
        f"{'a' * 64}.example.com",
    ],
)
def test_a_name_that_is_none_is_refused(stack: Stack, refused: Refused, name: str) -> None:
    with refused("SAC100", f"got '{name}'"):
        ApiEndpoint.regional(domain=domain(stack, domain_name=name))


@pytest.mark.parametrize("path", ["/v1", "v1/agents", "", "a b"])
def test_a_base_path_with_slashes_is_refused(stack: Stack, refused: Refused, path: str) -> None:
    with refused("SAC101", f"got '{path}'"):
        ApiEndpoint.regional(domain=domain(stack, base_path=path))
