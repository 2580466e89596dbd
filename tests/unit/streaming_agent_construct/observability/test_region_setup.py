"""What CloudFormation has no resource for: API Gateway's role for logs, and the agents' own log groups."""

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from streaming_agent_construct import AgentSource, Observability, RuntimeOptions, StreamingAgentApi

from ..templates import flat, only, resources

ROLE = "Custom::ApiGatewayAccountRole"
AGENT_LOG = "Custom::AgentLogGroup"


def statements(stack: Stack) -> list[dict[str, Any]]:
    """What the function may do."""
    (role,) = [found for name, found in resources(stack, "AWS::IAM::Role").items() if "SetupRole" in name]
    (policy,) = role["Properties"]["Policies"]
    assert "ManagedPolicyArns" not in role["Properties"]
    return list(policy["PolicyDocument"]["Statement"])


def test_an_account_without_a_role_gets_one_before_the_stage(stack: Stack, agent: AgentSource) -> None:
    """API Gateway makes no stage with logs before: "CloudWatch Logs role ARN must be set in account settings"."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    ((name, _),) = resources(stack, ROLE).items()
    (stage,) = resources(stack, "AWS::ApiGateway::Stage").values()
    assert name in stage["DependsOn"]


def test_a_role_that_the_account_has_is_not_replaced_by_one_of_the_stack(stack: Stack, agent: AgentSource) -> None:
    """RestApi sets a role for every API in the account, whatever is set, unless told not to."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert resources(stack, "AWS::ApiGateway::Account") == {}
    trusted = [role["Properties"]["AssumeRolePolicyDocument"] for role in resources(stack, "AWS::IAM::Role").values()]
    assert "apigateway" not in str(trusted)


def test_the_accounts_role_is_set_whatever_is_set_when_asked_for(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(account_role=True))
    assert len(resources(stack, "AWS::ApiGateway::Account")) == 1
    assert resources(stack, ROLE) == {}


@pytest.mark.parametrize("options", [{"account_role": False}, {"access_logs": False}])
def test_the_account_is_left_as_it_is(stack: Stack, agent: AgentSource, options: dict[str, Any]) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(**options))
    assert resources(stack, "AWS::ApiGateway::Account") == resources(stack, ROLE) == {}
    (logs_only,) = statements(stack)
    assert all(action.startswith("logs:") for action in logs_only["Action"])


def test_the_function_may_change_one_role_and_pass_it_to_api_gateway_only(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    role = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/AmazonAPIGatewayPushToCloudWatchLogs"}
    policy = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"}
    assert [statement for statement in statements(stack) if "iam:" in str(statement["Action"])] == [
        {
            "Effect": "Allow",
            "Action": "iam:GetRole",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"},
        },
        {"Effect": "Allow", "Action": "iam:CreateRole", "Resource": role},
        {
            "Effect": "Allow",
            "Action": "iam:AttachRolePolicy",
            "Resource": role,
            "Condition": {"ArnEquals": {"iam:PolicyARN": policy}},
        },
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": {"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}},
        },
    ]


@pytest.mark.parametrize("encrypted", [False, True])
def test_beside_roles_the_function_may_change_agents_log_groups_and_the_gateways_account(
    stack: Stack, agent: AgentSource, encrypted: bool
) -> None:
    options = Observability(encryption_key=kms.Key(stack, "Key")) if encrypted else None
    StreamingAgentApi(stack, "Agent", agent=agent, observability=options)
    groups = "log-group:/aws/bedrock-agentcore/runtimes/*"
    kept = ["CreateLogGroup", "PutRetentionPolicy", "DeleteRetentionPolicy", "DisassociateKmsKey"]
    assert [statement for statement in statements(stack) if "iam:" not in str(statement["Action"])] == [
        {
            "Effect": "Allow",
            "Action": [f"logs:{action}" for action in [*kept, *(["AssociateKmsKey"] if encrypted else [])]],
            "Resource": {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:{groups}"},
        },
        {
            "Effect": "Allow",
            "Action": ["apigateway:GET", "apigateway:PATCH"],
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/account"},
        },
    ]


def test_an_agents_own_log_is_kept_as_long_as_the_others_under_the_same_key(stack: Stack, agent: AgentSource) -> None:
    options = Observability(retention=logs.RetentionDays.ONE_YEAR, encryption_key=kms.Key(stack, "Key"))
    StreamingAgentApi(stack, "Agent", agent=agent, observability=options)
    log = only(stack, AGENT_LOG)
    name = flat(log["LogGroupName"])
    assert name.startswith("/aws/bedrock-agentcore/runtimes/{")
    assert name.endswith("-DEFAULT")
    assert log["RetentionInDays"] == 365
    assert flat(log["KmsKeyId"]).startswith("{Key")


@pytest.mark.native_only
def test_every_retention_has_the_days_of_the_cdks_log_groups(stack: Stack) -> None:
    from streaming_agent_construct.observability.retention_days import retention_days

    for retention in logs.RetentionDays:
        logs.LogGroup(stack, retention.name, retention=retention)
    days = {
        name.rstrip("0123456789ABCDEF"): group.get("Properties", {}).get("RetentionInDays", 0)
        for name, group in resources(stack, "AWS::Logs::LogGroup").items()
    }
    expected = {retention.name.replace("_", ""): retention_days(retention) for retention in logs.RetentionDays}
    # A logical id ends with eight hexadecimal digits, which may take letters of the name with them.
    assert {name.rstrip("ABCDEF"): value for name, value in days.items()} == {
        name.rstrip("ABCDEF"): value for name, value in expected.items()
    }


def test_each_agent_has_a_log_of_its_endpoint(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("writer", agent=agent, runtime=RuntimeOptions(qualifier="blue"))
    names = [flat(log["Properties"]["LogGroupName"]) for log in resources(stack, AGENT_LOG).values()]
    assert sorted(name.rpartition("-")[2] for name in names) == ["DEFAULT", "blue"]


def test_the_log_of_an_existing_runtime_is_its_owners(stack: Stack) -> None:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn="arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/agent-0123456789",
        agent_runtime_id="agent-0123456789",
        agent_runtime_name="agent",
        role_arn="arn:aws:iam::111122223333:role/agent",
        agent_runtime_version="1",
    )
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_existing_runtime(runtime))
    assert resources(stack, AGENT_LOG) == {}
