"""docs/bootstrap-policy.json: CloudFormation may make, change and delete what the construct makes, and no more."""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
POLICY: Any = json.loads((ROOT / "docs" / "bootstrap-policy.json").read_text(encoding="utf-8"))
# What a reader brings, and adds permissions for.
OWN = ("AWS::EC2::", "AWS::ElasticLoadBalancingV2::", "AWS::S3::", "AWS::CloudFront::", "AWS::KMS::", "AWS::SNS::")
OWN_TYPES = {"AWS::Lambda::LayerVersion", "Custom::CDKBucketDeployment", "Custom::S3AutoDeleteObjects", "Custom::AWS"}
APPS = ("hello_agent", "two_agents", "machine_to_machine", "oidc_provider", "production", "chat_web", "bring_your_own")

GATEWAY = ("apigateway:POST", "apigateway:PATCH", "apigateway:DELETE", "apigateway:GET")
# To make, to change and to delete each (service authorization reference).
NEEDED = {
    "AWS::ApiGateway::GatewayResponse": ("apigateway:PUT", *GATEWAY),
    "AWS::ApiGateway::Method": ("apigateway:PUT", *GATEWAY),
    "AWS::BedrockAgentCore::ResourcePolicy": (
        "bedrock-agentcore:PutResourcePolicy",
        "bedrock-agentcore:GetResourcePolicy",
        "bedrock-agentcore:DeleteResourcePolicy",
    ),
    "AWS::BedrockAgentCore::Runtime": (
        "bedrock-agentcore:CreateAgentRuntime",
        "bedrock-agentcore:UpdateAgentRuntime",
        "bedrock-agentcore:DeleteAgentRuntime",
        "bedrock-agentcore:GetAgentRuntime",
        "bedrock-agentcore:CreateWorkloadIdentity",
        "iam:PassRole",
        "iam:CreateServiceLinkedRole",
        "s3:GetObject",
    ),
    "AWS::BedrockAgentCore::RuntimeEndpoint": (
        "bedrock-agentcore:CreateAgentRuntimeEndpoint",
        "bedrock-agentcore:UpdateAgentRuntimeEndpoint",
        "bedrock-agentcore:DeleteAgentRuntimeEndpoint",
        "bedrock-agentcore:GetAgentRuntimeEndpoint",
    ),
    "AWS::CloudWatch::Alarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"),
    "AWS::CloudWatch::Dashboard": (
        "cloudwatch:PutDashboard",
        "cloudwatch:GetDashboard",
        "cloudwatch:DeleteDashboards",
    ),
    "AWS::Cognito::ManagedLoginBranding": (
        "cognito-idp:CreateManagedLoginBranding",
        "cognito-idp:UpdateManagedLoginBranding",
        "cognito-idp:DescribeManagedLoginBranding",
        "cognito-idp:DeleteManagedLoginBranding",
    ),
    "AWS::Cognito::UserPool": (
        "cognito-idp:CreateUserPool",
        "cognito-idp:UpdateUserPool",
        "cognito-idp:DescribeUserPool",
        "cognito-idp:SetUserPoolMfaConfig",
    ),
    "AWS::Cognito::UserPoolClient": (
        "cognito-idp:CreateUserPoolClient",
        "cognito-idp:UpdateUserPoolClient",
        "cognito-idp:DescribeUserPoolClient",
        "cognito-idp:DeleteUserPoolClient",
    ),
    "AWS::Cognito::UserPoolDomain": ("cognito-idp:CreateUserPoolDomain", "cognito-idp:DeleteUserPoolDomain"),
    "AWS::Cognito::UserPoolResourceServer": ("cognito-idp:CreateResourceServer", "cognito-idp:DeleteResourceServer"),
    "AWS::IAM::Policy": ("iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"),
    "AWS::IAM::Role": ("iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:GetRole", "iam:DeleteRole", "iam:TagRole"),
    "AWS::Lambda::Function": (
        "lambda:CreateFunction",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lambda:GetFunction",
        "lambda:DeleteFunction",
    ),
    "AWS::Lambda::Permission": ("lambda:AddPermission", "lambda:RemovePermission"),
    "AWS::Logs::LogGroup": ("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteLogGroup"),
    "AWS::Logs::MetricFilter": ("logs:PutMetricFilter", "logs:DescribeMetricFilters", "logs:DeleteMetricFilter"),
    "AWS::Route53::RecordSet": ("route53:ChangeResourceRecordSets", "route53:GetChange"),
    "AWS::SecretsManager::Secret": (
        "secretsmanager:CreateSecret",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:DeleteSecret",
    ),
    "AWS::WAFv2::LoggingConfiguration": (
        "wafv2:PutLoggingConfiguration",
        "wafv2:DeleteLoggingConfiguration",
        "logs:CreateLogDelivery",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
    ),
    "AWS::WAFv2::WebACL": ("wafv2:CreateWebACL", "wafv2:UpdateWebACL", "wafv2:GetWebACL", "wafv2:DeleteWebACL"),
    "AWS::WAFv2::WebACLAssociation": (
        "wafv2:AssociateWebACL",
        "wafv2:DisassociateWebACL",
        "apigateway:SetWebACL",
    ),
}


def resources(example: str) -> list[Any]:
    (snapshot,) = (ROOT / "examples" / example / "tests" / "__snapshots__").glob("*/test_template.json")
    return list(json.loads(snapshot.read_text(encoding="utf-8"))["Resources"].values())


def statements(action: str) -> list[Any]:
    return [one for one in POLICY["Statement"] if any(fnmatchcase(action, allowed) for allowed in one["Action"])]


def needed(kind: str) -> tuple[str, ...]:
    if kind.startswith("Custom::"):
        return ("lambda:InvokeFunction",)
    return NEEDED.get(kind, GATEWAY if kind.startswith("AWS::ApiGateway::") else ())


@pytest.mark.parametrize("example", APPS)
def test_what_the_construct_makes_can_be_made_changed_and_deleted(example: str) -> None:
    kinds = {one["Type"] for one in resources(example)}
    made = {kind for kind in kinds if not kind.startswith(OWN)} - OWN_TYPES
    for kind in sorted(made):
        assert needed(kind), f"say in this test what CloudFormation needs for {kind}, and allow it in the policy"
        assert [action for action in needed(kind) if not statements(action)] == [], kind


@pytest.mark.parametrize("example", APPS)
def test_roles_may_be_given_to_the_services_that_take_them(example: str) -> None:
    (statement,) = statements("iam:PassRole")
    allowed = statement["Condition"]["StringEquals"]["iam:PassedToService"]
    roles = [one["Properties"] for one in resources(example) if one["Type"] == "AWS::IAM::Role"]
    for role in roles:
        for trust in role["AssumeRolePolicyDocument"]["Statement"]:
            service = trust["Principal"]["Service"]
            assert service in allowed


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole", "lambda:CreateFunction"])
def test_only_the_stacks_own_roles_and_functions_are_touched(action: str) -> None:
    assert [one["Resource"] for one in statements(action)] in (
        [["arn:aws:iam::*:role/Chat-*"]],
        [["arn:aws:lambda:*:*:function:Chat-*"]],
    )


@pytest.mark.parametrize(
    "action",
    [
        "bedrock-agentcore:InvokeAgentRuntime",
        "bedrock-agentcore:InvokeAgentRuntimeCommandShell",
        "bedrock:InvokeModel",
        "cognito-idp:AdminGetUser",
        "iam:CreateUser",
        "logs:GetLogEvents",
        "s3:PutObject",
        "sts:AssumeRole",
    ],
)
def test_what_a_deployment_does_not_do_is_not_allowed(action: str) -> None:
    assert statements(action) == []


def test_it_fits_into_one_managed_policy() -> None:
    # IAM counts no white space (IAM reference_iam-quotas).
    assert len("".join(json.dumps(POLICY).split())) <= 6144


def test_the_outputs_of_the_page_are_the_stacks() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    (snapshot,) = (ROOT / "examples" / "hello_agent" / "tests" / "__snapshots__").glob("*/test_template.json")
    outputs = json.loads(snapshot.read_text(encoding="utf-8"))["Outputs"]
    assert [line.partition(" = ")[0] for line in page.splitlines() if line.startswith("Chat.")] == [
        f"Chat.{name}" for name in sorted(outputs)
    ]
