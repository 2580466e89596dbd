"""What CloudFormation has no resource for: API Gateway's role for logs, where there is none, and agents' log groups.

One small function does both, as a custom resource. It has no log group of its own: what goes wrong stands in the
stack's events.
"""

from __future__ import annotations

import typing

from aws_cdk import CfnResource
from aws_cdk import aws_iam as iam

from ..acknowledgments import acknowledge_region_setup
from ..host import asset_text
from .retention_days import retention_days

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore
    from constructs import Construct

    from .observability import ObservabilityConfig

# One name for all stacks and Regions of the account: whichever comes first makes the role, and the others find it.
_ROLE_NAME = "AmazonAPIGatewayPushToCloudWatchLogs"
_ROLE = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{_ROLE_NAME}"}
_POLICY = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/service-role/{_ROLE_NAME}"}
_ACCOUNT_ROLE = "Custom::ApiGatewayAccountRole"
_AGENT_LOGS = "/aws/bedrock-agentcore/runtimes/"
_SECONDS = 180


class RegionSetup:
    """The function of one API, and what it sets up."""

    account_role: CfnResource | None
    """What waits for the account to have a role for API Gateway's logs, where the stack is to see to that."""
    _function: CfnResource
    _options: ObservabilityConfig

    def __init__(self, scope: Construct, writes_access_log: bool, options: ObservabilityConfig) -> None:
        self._options = options
        looks_for_role = writes_access_log and options.makes_missing_account_role
        statements = [*_log_statements(options)]
        if looks_for_role:
            statements.extend(_role_statements())
        self._function = _function(scope, statements)
        self.account_role = (
            self._resource(scope, "AccountRole", _ACCOUNT_ROLE, {"RoleName": _ROLE_NAME, "PolicyArn": _POLICY})
            if looks_for_role
            else None
        )

    def keep_agent_log(self, scope: Construct, runtime: agentcore.IBedrockAgentRuntime, qualifier: str) -> None:
        """Keeps an agent's own log as long as the others, under the same key.

        AgentCore makes the log group with the runtime or with its first call, so a log group of CloudFormation's might
        meet it.
        """
        properties: dict[str, object] = {
            "LogGroupName": f"{_AGENT_LOGS}{runtime.agent_runtime_id}-{qualifier}",
            "RetentionInDays": retention_days(self._options.retention),
        }
        if self._options.encryption_key is not None:
            properties["KmsKeyId"] = self._options.encryption_key.key_arn
        self._resource(scope, "AgentLog", "Custom::AgentLogGroup", properties)

    def _resource(self, scope: Construct, id: str, type: str, properties: dict[str, object]) -> CfnResource:
        return CfnResource(
            scope,
            id,
            type=type,
            properties={"ServiceToken": self._function.get_att("Arn"), "ServiceTimeout": _SECONDS + 60, **properties},
        )


def _function(scope: Construct, statements: list[dict[str, object]]) -> CfnResource:
    role = iam.CfnRole(
        scope,
        "SetupRole",
        assume_role_policy_document=_document(
            [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
        ),
        policies=[iam.CfnRole.PolicyProperty(policy_name="Setup", policy_document=_document(statements))],
    )
    # By its type: the module aws_lambda would be loaded by every app for this one function.
    function = CfnResource(
        scope,
        "SetupFunction",
        type="AWS::Lambda::Function",
        properties={
            "Description": "Gives API Gateway a role for its logs where it has none, and agents' logs their retention",
            "Code": {"ZipFile": asset_text("region_setup", "index.py")},
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Architectures": ["arm64"],
            "Timeout": _SECONDS,
            "Role": role.attr_arn,
        },
    )
    acknowledge_region_setup(role, function)
    return function


def _log_statements(options: ObservabilityConfig) -> list[dict[str, object]]:
    actions = ["logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy"]
    # A key is taken off the log groups by the update that no longer names it.
    actions.append("logs:DisassociateKmsKey")
    if options.encryption_key is not None:
        actions.append("logs:AssociateKmsKey")
    group = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{_AGENT_LOGS}*"
    return [{"Effect": "Allow", "Action": actions, "Resource": {"Fn::Sub": group}}]


def _role_statements() -> list[dict[str, object]]:
    return [
        {
            "Effect": "Allow",
            "Action": ["apigateway:GET", "apigateway:PATCH"],
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/account"},
        },
        {
            # Whichever role the account has set is asked for.
            "Effect": "Allow",
            "Action": "iam:GetRole",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"},
        },
        {"Effect": "Allow", "Action": "iam:CreateRole", "Resource": _ROLE},
        {
            "Effect": "Allow",
            "Action": "iam:AttachRolePolicy",
            "Resource": _ROLE,
            "Condition": {"ArnEquals": {"iam:PolicyARN": _POLICY}},
        },
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": _ROLE,
            "Condition": {"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}},
        },
    ]


def _document(statements: list[dict[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": statements}
