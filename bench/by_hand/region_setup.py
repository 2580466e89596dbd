"""A function that gives the account its role for API Gateway's logs, and agents' logs their retention."""

from pathlib import Path
from typing import Any

from aws_cdk import CfnResource
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from constructs import Construct

# The same code on both sides.
CODE = Path(__file__).parents[2] / "src" / "streaming_agent_construct" / "assets" / "region_setup" / "index.py"
NAME = "AmazonAPIGatewayPushToCloudWatchLogs"
LOGS = "/aws/bedrock-agentcore/runtimes/"
POLICY = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/service-role/{NAME}"}


class RegionSetup:
    account_role: CfnResource

    def __init__(self, scope: Construct) -> None:
        self._scope = scope
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.CfnRole(
            scope,
            "SetupRole",
            assume_role_policy_document=_document([trust]),
            policies=[iam.CfnRole.PolicyProperty(policy_name="Setup", policy_document=_document(_statements()))],
        )
        self._function = CfnResource(
            scope,
            "SetupFunction",
            type="AWS::Lambda::Function",
            properties={
                "Description": "Gives API Gateway a role for its logs where it has none, and agents' logs their "
                "retention",
                "Code": {"ZipFile": CODE.read_text(encoding="utf-8")},
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Architectures": ["arm64"],
                "Timeout": 180,
                "Role": role.attr_arn,
            },
        )
        self.account_role = self._resource(
            "AccountRole", "Custom::ApiGatewayAccountRole", {"RoleName": NAME, "PolicyArn": POLICY}
        )

    def keep_agent_log(self, runtime: agentcore.Runtime) -> None:
        name = f"{LOGS}{runtime.agent_runtime_id}-DEFAULT"
        self._resource("AgentLog", "Custom::AgentLogGroup", {"LogGroupName": name, "RetentionInDays": 90})

    def _resource(self, id: str, type: str, properties: dict[str, Any]) -> CfnResource:
        token = {"ServiceToken": self._function.get_att("Arn"), "ServiceTimeout": 240}
        return CfnResource(self._scope, id, type=type, properties={**token, **properties})


def _statements() -> list[dict[str, Any]]:
    group = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{LOGS}*"
    account = "arn:${AWS::Partition}:apigateway:${AWS::Region}::/account"
    every_role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/"
    role = f"{every_role}{NAME}"
    attached = {"ArnEquals": {"iam:PolicyARN": POLICY}}
    passed = {"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}}
    kept = ["CreateLogGroup", "PutRetentionPolicy", "DeleteRetentionPolicy", "DisassociateKmsKey"]
    return [
        _allow([f"logs:{action}" for action in kept], group),
        _allow(["apigateway:GET", "apigateway:PATCH"], account),
        _allow("iam:GetRole", f"{every_role}*"),
        _allow("iam:CreateRole", role),
        _allow("iam:AttachRolePolicy", role, Condition=attached),
        _allow("iam:PassRole", role, Condition=passed),
    ]


def _allow(action: str | list[str], resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": {"Fn::Sub": resource}, **more}


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}
