"""What the app deploys."""

from typing import Any

from syrupy.assertion import SnapshotAssertion


def of_type(template: Any, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def test_template(template: Any, snapshot: SnapshotAssertion) -> None:
    assert template == snapshot


def test_nothing_is_made_that_was_there_already(template: Any) -> None:
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert kinds.isdisjoint(
        {
            "AWS::Cognito::UserPool",
            "AWS::Cognito::UserPoolClient",
            "AWS::EC2::VPC",
            "AWS::ECR::Repository",
            "AWS::KMS::Key",
            "AWS::SNS::Topic",
            "AWS::WAFv2::WebACL",
        }
    )


def test_the_only_role_is_that_of_the_function_which_sets_the_region_up(template: Any) -> None:
    (role,) = of_type(template, "AWS::IAM::Role")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_nothing_that_is_yours_is_changed(template: Any) -> None:
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert kinds.isdisjoint({"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::Logs::ResourcePolicy"})


def test_the_users_of_the_group_pass(template: Any) -> None:
    (runtime,) = of_type(template, "AWS::BedrockAgentCore::Runtime")
    check = runtime["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    assert check["AllowedAudience"] == ["1example23456789", "2example23456789"]
    assert check["CustomClaims"][1]["InboundTokenClaimName"] == "cognito:groups"
