"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_both_layers_ask_the_same_provider(template: Any) -> None:
    (function,) = [one for one in of_type(template, "AWS::Lambda::Function") if "Environment" in one]
    (runtime,) = of_type(template, "AWS::BedrockAgentCore::Runtime")
    check = runtime["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    assert function["Environment"]["Variables"]["DISCOVERY_URL"] == check["DiscoveryUrl"]
    assert check["AllowedAudience"] == ["https://agents.example.com"]


def test_no_user_pool_is_made(template: Any) -> None:
    assert of_type(template, "AWS::Cognito::UserPool") == []
