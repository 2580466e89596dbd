"""The function that sets a Region up, deployed by CloudFormation to a mock of AWS that nobody here wrote.

MiniStack runs it with boto3, as its role, whose policy it evaluates, and hands it CloudFormation's events.
"""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .deployments import template_of
from .ministack import UNKNOWN_CONDITION, DeployedStack, MiniStack, accepted, ministack

ROLE = "AmazonAPIGatewayPushToCloudWatchLogs"
POLICY = f"arn:aws:iam::aws:policy/service-role/{ROLE}"
AGENT_LOG = "/aws/bedrock-agentcore/runtimes/agent-0123456789-DEFAULT"
KINDS = {"Custom::ApiGatewayAccountRole", "Custom::AgentLogGroup", "AWS::Lambda::Function", "AWS::IAM::Role"}
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    with ministack(tmp_path_factory.mktemp("ministack")) as running:
        yield running


class Region:
    """One Region of the account."""

    def __init__(self, server: MiniStack, name: str) -> None:
        self.name = name
        self.server = server
        self.api_gateway = server.client("apigateway", name)
        self.iam = server.client("iam", name)
        self.logs = server.client("logs", name)

    @property
    def role(self) -> str | None:
        """The ARN of the role that API Gateway writes logs with."""
        found: str | None = self.api_gateway.get_account().get("cloudwatchRoleArn")
        return found

    def set_role(self, arn: str) -> None:
        self.api_gateway.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}])

    def new_role(self, name: str) -> str:
        return str(self.iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"])

    def log_groups(self) -> dict[str, int | None]:
        """Each agent's log group, and how many days it is kept."""
        found = self.logs.describe_log_groups(logGroupNamePrefix="/aws/bedrock-agentcore/")["logGroups"]
        return {group["logGroupName"]: group.get("retentionInDays") for group in found}

    def deploy(self, template: dict[str, Any]) -> DeployedStack:
        return self.server.deploy("setup", json.dumps(template), self.name)


@pytest.fixture
def region(server: MiniStack) -> Iterator[Region]:
    """A Region that no other test uses; all roles go with it, since they belong to no Region."""
    region = Region(server, f"eu-west-{next(NUMBERS)}")
    yield region
    for role in region.iam.list_roles()["Roles"]:
        for policy in region.iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]:
            region.iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=policy["PolicyArn"])
        for name in region.iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            region.iam.delete_role_policy(RoleName=role["RoleName"], PolicyName=name)
        region.iam.delete_role(RoleName=role["RoleName"])


def setup(days: int = 90) -> dict[str, Any]:
    """What of an example's template sets a Region up."""
    resources = template_of("hello_agent")["Resources"]
    kept = {name: one for name, one in resources.items() if one["Type"] in KINDS and "ExecutionRole" not in name}
    for resource in kept.values():
        if resource["Type"] == "Custom::AgentLogGroup":
            resource["Properties"] |= {"LogGroupName": AGENT_LOG, "RetentionInDays": days}
    return accepted({"Resources": kept}, "")


def setup_role(template: dict[str, Any]) -> Any:
    """The statements of the function's role."""
    (role,) = [one for one in template["Resources"].values() if one["Type"] == "AWS::IAM::Role"]
    return role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]


def test_an_account_without_a_role_gets_one(region: Region) -> None:
    assert region.role is None

    region.deploy(setup())

    made = region.iam.get_role(RoleName=ROLE)["Role"]
    assert region.role == made["Arn"]
    (statement,) = made["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
    (attached,) = region.iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
    assert attached["PolicyArn"] == POLICY


def test_a_role_that_is_set_stays(region: Region) -> None:
    ours = region.new_role("ours")
    region.set_role(ours)

    region.deploy(setup())

    assert region.role == ours
    assert ROLE not in [role["RoleName"] for role in region.iam.list_roles()["Roles"]]


def test_a_role_that_no_longer_exists_is_replaced(region: Region) -> None:
    region.set_role(region.new_role("deleted"))
    region.iam.delete_role(RoleName="deleted")

    region.deploy(setup())

    assert region.role == region.iam.get_role(RoleName=ROLE)["Role"]["Arn"]


def test_the_role_of_another_region_is_taken(region: Region, server: MiniStack) -> None:
    other = Region(server, f"eu-west-{next(NUMBERS)}")
    other.deploy(setup())

    region.deploy(setup())

    assert region.role == other.role == region.iam.get_role(RoleName=ROLE)["Role"]["Arn"]


def test_an_update_leaves_the_role_that_was_set_since(region: Region) -> None:
    stack = region.deploy(setup())
    ours = region.new_role("ours")
    region.set_role(ours)
    changed = setup(days=365)
    for resource in changed["Resources"].values():
        if resource["Type"].startswith("Custom::"):
            resource["Properties"]["ServiceTimeout"] = 300

    stack.update(json.dumps(changed))

    assert region.role == ours
    assert region.log_groups() == {AGENT_LOG: 365}


def test_nothing_is_taken_back_when_the_stack_goes(region: Region) -> None:
    stack = region.deploy(setup())
    role = region.role

    stack.delete()

    assert region.role == role
    assert region.iam.get_role(RoleName=ROLE)["Role"]["Arn"] == role
    assert region.log_groups() == {AGENT_LOG: 90}


def test_a_change_that_is_forbidden_says_what_to_write(region: Region) -> None:
    forbidden = setup()
    setup_role(forbidden).append({"Effect": "Deny", "Action": "apigateway:PATCH", "Resource": "*"})

    with pytest.raises(AssertionError, match=r"Observability\(account_role=False\).*explicit deny"):
        region.deploy(forbidden)

    assert region.role is None


def test_what_is_taken_out_for_ministack_is_what_it_does_not_know(region: Region) -> None:
    allowed = {"ArnEquals": {UNKNOWN_CONDITION: POLICY}}
    statement = {"Effect": "Allow", "Action": "iam:AttachRolePolicy", "Resource": "*", "Condition": allowed}
    region.iam.create_user(UserName="attaches")
    region.iam.put_user_policy(
        UserName="attaches",
        PolicyName="Attach",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )
    key = region.iam.create_access_key(UserName="attaches")["AccessKey"]
    region.new_role("ours")
    attaches = region.server.client("iam", region.name, (key["AccessKeyId"], key["SecretAccessKey"]))
    with pytest.raises(ClientError, match="no identity-based policy allows the iam:AttachRolePolicy action"):
        attaches.attach_role_policy(RoleName="ours", PolicyArn=POLICY)

    region.logs.create_log_group(logGroupName=AGENT_LOG)
    with pytest.raises(ClientError, match="Unknown action: AssociateKmsKey"):
        region.logs.associate_kms_key(logGroupName=AGENT_LOG, kmsKeyId=f"arn:aws:kms:{region.name}:000000000000:key/1")
