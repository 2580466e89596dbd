"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_each_agent_has_its_own_time(template: Any) -> None:
    timeouts = [method["Integration"]["TimeoutInMillis"] for method in of_type(template, "AWS::ApiGateway::Method")]
    assert timeouts == [120_000, 900_000]


def test_neither_agent_may_use_the_others_model(template: Any) -> None:
    models = {
        policy["Roles"][0]["Ref"]: str(statement["Resource"]).partition("foundation-model/")[2].partition("'")[0]
        for policy in of_type(template, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "bedrock:InvokeModel" in statement["Action"] and "Condition" in statement
    }
    assert sorted(models.values()) == ["amazon.nova-micro-v1:0", "amazon.nova-pro-v1:0"]


def test_callers_of_research_stay_on_the_version_that_was_let_in(template: Any) -> None:
    (endpoint,) = of_type(template, "AWS::BedrockAgentCore::RuntimeEndpoint")
    assert (endpoint["Name"], endpoint["AgentRuntimeVersion"]) == ("live", "1")
