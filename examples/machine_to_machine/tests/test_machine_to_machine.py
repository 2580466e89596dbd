"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_the_machine_can_get_a_token_and_nobody_can_sign_in(template: Any) -> None:
    (client,) = of_type(template, "AWS::Cognito::UserPoolClient")
    assert client["AllowedOAuthFlows"] == ["client_credentials"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]


def test_both_layers_ask_for_the_scope(template: Any) -> None:
    (method,) = of_type(template, "AWS::ApiGateway::Method")
    (runtime,) = of_type(template, "AWS::BedrockAgentCore::Runtime")
    assert method["AuthorizationScopes"] == ["agents/invoke"]
    assert runtime["AuthorizerConfiguration"]["CustomJWTAuthorizer"]["AllowedScopes"] == ["agents/invoke"]
