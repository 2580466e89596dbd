"""What the hello app deploys: its template, and the logical IDs that a release must not change."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_logical_ids_stay(template: Any) -> None:
    """A changed ID is a replaced resource: users would lose their accounts and callers their URL."""
    kept = ("AWS::ApiGateway::RestApi", "AWS::BedrockAgentCore::Runtime", "AWS::Cognito::UserPool")
    ids = {resource["Type"]: name for name, resource in template["Resources"].items()}
    assert {kind: name for kind, name in ids.items() if kind.startswith(kept)} == {
        "AWS::ApiGateway::RestApi": "AgentApiBB4F9330",
        "AWS::BedrockAgentCore::Runtime": "AgentRuntime23CE8C05",
        "AWS::Cognito::UserPool": "AgentUserPool3F9096B1",
        "AWS::Cognito::UserPoolClient": "AgentUserPoolClientD01F5BF2",
    }


def test_the_agent_may_use_its_model_and_no_other(template: Any) -> None:
    models = [
        statement["Resource"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Policy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        if "bedrock:InvokeModel" in statement["Action"]
    ]
    profile, behind_it = (str(resources) for resources in models)
    assert "inference-profile/us.amazon.nova-lite-v1:0" in profile
    assert behind_it.count("foundation-model/") == behind_it.count("foundation-model/amazon.nova-lite-v1:0") == 2
