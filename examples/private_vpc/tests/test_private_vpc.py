"""What the app deploys."""

import json
from typing import Any

from syrupy.assertion import SnapshotAssertion


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_nothing_has_a_way_to_the_internet(template: Any) -> None:
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert kinds.isdisjoint({"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway"})


def test_the_api_answers_one_endpoint_alone(template: Any) -> None:
    (api,) = of_type(template, "AWS::ApiGateway::RestApi")
    endpoints = {name for name in template["Resources"] if name.startswith("VpcApiEndpoint")}
    (admitted,) = api["EndpointConfiguration"]["VpcEndpointIds"]
    assert admitted["Ref"] in endpoints
    assert json.dumps(admitted) in json.dumps(api["Policy"])


def test_the_runtime_answers_what_comes_through_the_vpc_alone(template: Any) -> None:
    (method,) = of_type(template, "AWS::ApiGateway::Method")
    (policy,) = of_type(template, "AWS::BedrockAgentCore::ResourcePolicy")
    assert method["Integration"]["ConnectionType"] == "VPC_LINK"
    assert "aws:SourceVpc" in json.dumps(policy["Policy"])
