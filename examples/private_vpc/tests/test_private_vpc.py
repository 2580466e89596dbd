"""What the app deploys."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from syrupy.assertion import SnapshotAssertion


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_nothing_has_a_way_to_the_internet(template: Any) -> None:
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert kinds.isdisjoint({"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway"})


def test_the_api_answers_only_one_endpoint(template: Any) -> None:
    (api,) = of_type(template, "AWS::ApiGateway::RestApi")
    endpoints = {name for name in template["Resources"] if name.startswith("VpcApiEndpoint")}
    (admitted,) = api["EndpointConfiguration"]["VpcEndpointIds"]
    assert admitted["Ref"] in endpoints
    assert json.dumps(admitted) in json.dumps(api["Policy"])


def test_the_runtime_answers_only_what_comes_through_the_vpc(template: Any) -> None:
    (method,) = of_type(template, "AWS::ApiGateway::Method")
    (policy,) = of_type(template, "AWS::BedrockAgentCore::ResourcePolicy")
    assert method["Integration"]["ConnectionType"] == "VPC_LINK"
    assert "aws:SourceVpc" in json.dumps(policy["Policy"])


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    return importlib.import_module("zones")


def test_the_subnets_are_in_two_of_agentcores_zones_whatever_the_account_calls_them(template: Any, zones: Any) -> None:
    subnets = of_type(template, "AWS::EC2::Subnet")
    assert not any("AvailabilityZone" in subnet for subnet in subnets)
    looked_up = [subnet["AvailabilityZoneId"]["Fn::FindInMap"] for subnet in subnets]
    for region, ids in zones.ZONE_IDS.items():
        found = [template["Mappings"][table][region][zone] for table, _, zone in looked_up]
        assert len(set(found)) == 2
        assert set(found) <= set(ids)
    assert all(of == {"Ref": "AWS::Region"} for _, of, _ in looked_up)


@pytest.mark.parametrize("given", ["use1-az4,use1-az2", ["use1-az4", "use1-az2"]])
def test_zones_of_ones_own_choice(zones: Any, given: Any) -> None:
    stack = Stack(App(context={"zone_ids": given}), "Chosen")
    assert zones.zone_ids(stack, 2) == ["use1-az4", "use1-az2"]


@pytest.mark.parametrize("given", ["use1-az1", "use1-az1,use1-az1", [], "use1-az1,use1-az2,use1-az4"])
def test_two_zones_it_must_be(zones: Any, given: Any) -> None:
    stack = Stack(App(context={"zone_ids": given}), "Chosen")
    with pytest.raises(ValueError, match=r"zone_ids: expected 2 different zones, got \["):
        zones.zone_ids(stack, 2)


def test_the_agent_reaches_its_code_its_model_and_its_log(template: Any) -> None:
    endpoints = {json.dumps(one["ServiceName"]): one for one in of_type(template, "AWS::EC2::VPCEndpoint")}
    (code,) = [one for name, one in endpoints.items() if '".s3"' in name]
    tables = {name for name, one in template["Resources"].items() if one["Type"] == "AWS::EC2::RouteTable"}
    assert code["VpcEndpointType"] == "Gateway"
    assert {one["Ref"] for one in code["RouteTableIds"]} == tables
    for service in ("bedrock-runtime", "logs"):
        (found,) = [one for name, one in endpoints.items() if f'.{service}"' in name]
        assert found["PrivateDnsEnabled"] is True


def test_the_balancer_admits_the_vpc_link_and_nobody_else(template: Any) -> None:
    (balancer,) = of_type(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    assert balancer["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"
    (group,) = [one["Fn::GetAtt"][0] for one in balancer["SecurityGroups"]]
    assert "SecurityGroupIngress" not in template["Resources"][group]["Properties"]
    (outbound,) = template["Resources"][group]["Properties"]["SecurityGroupEgress"]
    assert (outbound["FromPort"], outbound["ToPort"]) == (443, 443)
