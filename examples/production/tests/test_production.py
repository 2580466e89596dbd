"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion

HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Gateway-Secret"


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_the_api_has_one_address_the_domain_name(template: Any) -> None:
    (api,) = of_type(template, "AWS::ApiGateway::RestApi")
    (name,) = of_type(template, "AWS::ApiGateway::DomainName")
    assert api["DisableExecuteApiEndpoint"] is True
    assert name["DomainName"] == "agents.example.com"


def test_callers_show_a_key_beside_their_token(template: Any) -> None:
    (method,) = [m for m in of_type(template, "AWS::ApiGateway::Method") if m["HttpMethod"] == "POST"]
    assert method["ApiKeyRequired"] is True
    assert method["AuthorizationType"] == "COGNITO_USER_POOLS"


def test_the_gateway_shows_the_secret_that_the_agent_expects(template: Any) -> None:
    (method,) = [m for m in of_type(template, "AWS::ApiGateway::Method") if m["HttpMethod"] == "POST"]
    (runtime,) = of_type(template, "AWS::BedrockAgentCore::Runtime")
    shown = method["Integration"]["RequestParameters"][f"integration.request.header.{HEADER}"]
    assert runtime["EnvironmentVariables"]["GATEWAY_SECRET_ARN"] in shown["Fn::Join"][1]
    assert HEADER in runtime["RequestHeaderConfiguration"]["RequestHeaderAllowlist"]


def test_every_alarm_is_heard(template: Any) -> None:
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    assert alarms
    assert all(alarm["AlarmActions"] for alarm in alarms)
