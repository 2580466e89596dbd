"""The function that gives API Gateway a role for its logs and agents' logs their retention, against a fake account."""

import importlib.util
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from botocore.exceptions import ClientError

from streaming_agent_construct import AgentSource, Observability, StreamingAgentApi

from ..templates import only, resources

SOURCE = Path(__file__).parents[4] / "src/streaming_agent_construct/assets/region_setup/index.py"
ROLE = "AmazonAPIGatewayPushToCloudWatchLogs"
ARN = f"arn:aws:iam::111122223333:role/{ROLE}"
POLICY = f"arn:aws:iam::aws:policy/service-role/{ROLE}"
LOG = "/aws/bedrock-agentcore/runtimes/agent-0123456789-DEFAULT"
pytestmark = pytest.mark.native_only


def refusal(code: str, operation: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message or code}}, operation)


class Account:
    """API Gateway, IAM and CloudWatch Logs of one account in one Region, as far as the function asks them."""

    def __init__(
        self,
        *,
        set_role: str | None = None,
        roles: set[str] | None = None,
        iam_delay: float = 0,
        policy_delay: float = 0,
        allowed: set[str] | None = None,
    ) -> None:
        self.set_role = set_role
        self.roles = roles if roles is not None else set()
        self.attached: set[tuple[str, str]] = set()
        self.log_groups: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []
        self.now = 0.0
        self.refused: set[str] = set()
        self.allowed = allowed
        self.before_update: Callable[[], None] | None = None
        self._iam_delay = iam_delay
        self._policy_delay = policy_delay
        self._made_at: dict[str, float] = {}
        self._updated_at = -1000.0
        already = type("EntityAlreadyExistsException", (ClientError,), {})
        exists = type("ResourceAlreadyExistsException", (ClientError,), {})
        self.exceptions = SimpleNamespace(EntityAlreadyExistsException=already, ResourceAlreadyExistsException=exists)

    def client(self, service: str) -> "Account":
        assert service in ("apigateway", "iam", "logs")
        return self

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        why = "with an explicit deny in a service control policy" if operation in self.refused else ""
        if self.now < self._policy_delay or (self.allowed is not None and operation not in self.allowed):
            why = "because no identity-based policy allows the action"
        if why:
            raise refusal("AccessDeniedException", operation, f"User is not authorized to perform: {operation} {why}")

    # API Gateway
    def get_account(self) -> dict[str, str]:
        self._called("GetAccount")
        return {"cloudwatchRoleArn": self.set_role} if self.set_role is not None else {}

    def update_account(self, *, patchOperations: list[dict[str, str]]) -> None:
        self._called("UpdateAccount")
        if self.before_update is not None:
            before, self.before_update = self.before_update, None
            before()
        # One call in 20 seconds (API Gateway limits).
        if self.now - self._updated_at < 20:
            raise refusal("TooManyRequestsException", "UpdateAccount")
        self._updated_at = self.now
        (operation,) = patchOperations
        assert (operation["op"], operation["path"]) == ("replace", "/cloudwatchRoleArn")
        name = operation["value"].split("/")[-1]
        if self.now - self._made_at.get(name, -1000) < self._iam_delay or (name, POLICY) not in self.attached:
            message = "The role ARN does not have required permissions configured."
            raise refusal("BadRequestException", "UpdateAccount", message)
        self.set_role = operation["value"]

    # IAM
    def get_role(self, *, RoleName: str) -> dict[str, Any]:
        self._called("GetRole")
        if RoleName not in self.roles:
            raise refusal("NoSuchEntity", "GetRole")
        return {"Role": {"Arn": f"arn:aws:iam::111122223333:role/{RoleName}"}}

    def create_role(self, *, RoleName: str, AssumeRolePolicyDocument: str) -> None:
        self._called("CreateRole")
        if RoleName in self.roles:
            error = {"Error": {"Code": "EntityAlreadyExists", "Message": ""}}
            raise self.exceptions.EntityAlreadyExistsException(error, "CreateRole")
        (statement,) = json.loads(AssumeRolePolicyDocument)["Statement"]
        assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
        self.roles.add(RoleName)
        self._made_at[RoleName] = self.now

    def attach_role_policy(self, *, RoleName: str, PolicyArn: str) -> None:
        self._called("AttachRolePolicy")
        self.attached.add((RoleName, PolicyArn))

    # CloudWatch Logs
    def create_log_group(self, *, logGroupName: str) -> None:
        self._called("CreateLogGroup")
        if logGroupName in self.log_groups:
            error = {"Error": {"Code": "ResourceAlreadyExistsException", "Message": ""}}
            raise self.exceptions.ResourceAlreadyExistsException(error, "CreateLogGroup")
        self.log_groups[logGroupName] = {}

    def put_retention_policy(self, *, logGroupName: str, retentionInDays: int) -> None:
        self._called("PutRetentionPolicy")
        self.log_groups[logGroupName]["days"] = retentionInDays

    def delete_retention_policy(self, *, logGroupName: str) -> None:
        self._called("DeleteRetentionPolicy")
        self.log_groups[logGroupName].pop("days", None)

    def associate_kms_key(self, *, logGroupName: str, kmsKeyId: str) -> None:
        self._called("AssociateKmsKey")
        self.log_groups[logGroupName]["key"] = kmsKeyId

    def disassociate_kms_key(self, *, logGroupName: str) -> None:
        self._called("DisassociateKmsKey")
        del self.log_groups[logGroupName]["key"]


@pytest.fixture
def function() -> ModuleType:
    spec = importlib.util.spec_from_file_location("region_setup", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Call = Callable[..., dict[str, str]]


@pytest.fixture
def call(function: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls the function as CloudFormation does, with a clock of the account's own; what it answers."""

    def call(
        account: Account, request: str = "Create", before: dict[str, Any] | None = None, **properties: Any
    ) -> dict[str, str]:
        answers: list[Any] = []
        deadline = account.now + 180
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: (deadline - account.now) * 1000)

        def sleep(seconds: float) -> None:
            account.now += seconds

        monkeypatch.setattr(function, "boto3", account)
        monkeypatch.setattr(function, "time", SimpleNamespace(sleep=sleep))
        monkeypatch.setattr(function.urllib.request, "urlopen", answers.append)
        event = {
            "RequestType": request,
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "AgentAccountRole",
            "ResponseURL": "https://cloudformation.example.com/answer",
            "ResourceProperties": properties or {"RoleName": ROLE, "PolicyArn": POLICY},
            **({"OldResourceProperties": before} if before is not None else {}),
        }
        function.handler(event, context)
        (sent,) = answers
        assert (sent.get_method(), sent.full_url) == ("PUT", "https://cloudformation.example.com/answer")
        answer: dict[str, str] = json.loads(sent.data)
        assert (answer["StackId"], answer["RequestId"], answer["LogicalResourceId"]) == (
            "stack",
            "request",
            "AgentAccountRole",
        )
        return answer

    return call


def test_an_account_without_a_role_gets_one(call: Call) -> None:
    account = Account()
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == ARN
    assert account.attached == {(ROLE, POLICY)}


def test_a_role_that_is_set_stays(call: Call) -> None:
    own = "arn:aws:iam::111122223333:role/service-role/ours"
    account = Account(set_role=own, roles={"ours"})
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == own
    assert set(account.calls) == {"GetAccount", "GetRole"}


def test_a_role_that_no_longer_exists_is_replaced(call: Call) -> None:
    account = Account(set_role="arn:aws:iam::111122223333:role/deleted")
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == ARN


def test_a_role_that_may_not_be_looked_at_stays(call: Call) -> None:
    account = Account(set_role="arn:aws:iam::111122223333:role/hidden")
    account.refused = {"GetRole"}
    assert call(account)["Status"] == "SUCCESS"
    assert "UpdateAccount" not in account.calls


def test_the_role_of_another_region_is_found(call: Call) -> None:
    account = Account(roles={ROLE})
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == ARN


def test_iams_delay_is_waited_for(call: Call) -> None:
    account = Account(iam_delay=45)
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == ARN
    assert account.calls.count("UpdateAccount") > 1


def test_the_functions_own_policy_is_waited_for(call: Call) -> None:
    account = Account(policy_delay=30)
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == ARN


def test_a_policy_that_never_comes_is_one_sentence(call: Call) -> None:
    account = Account(policy_delay=100_000)
    assert "cannot be set: set it by hand" in call(account)["Reason"]
    assert account.now < 180


def test_two_stacks_at_once_both_succeed(call: Call, function: ModuleType) -> None:
    """The other one sets its role between this one's look and its own change."""
    account = Account()
    account.before_update = lambda: _other_stack_sets_the_role(account)
    assert call(account)["Status"] == "SUCCESS"
    assert account.set_role == ARN


def _other_stack_sets_the_role(account: Account) -> None:
    account.roles.add(ROLE)
    account.set_role = ARN
    account._updated_at = account.now


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_a_policy_of_the_organization_that_forbids_it_is_one_sentence(call: Call, request_type: str) -> None:
    account = Account()
    account.refused = {"UpdateAccount"}
    answer = call(account, request_type)
    assert answer["Status"] == "FAILED"
    assert "account_role=False" in answer["Reason"]
    assert "service control policy" in answer["Reason"]
    assert "\n" not in answer["Reason"]


def test_what_cannot_be_set_fails_before_the_functions_time_is_over(call: Call) -> None:
    account = Account(iam_delay=100_000)
    answer = call(account)
    assert answer["Status"] == "FAILED"
    assert "required permissions" in answer["Reason"]
    assert account.now < 180


def test_nothing_is_taken_back_when_the_stack_goes(call: Call) -> None:
    account = Account(set_role=ARN, roles={ROLE})
    assert call(account, "Delete")["Status"] == "SUCCESS"
    assert account.calls == []


def test_the_resource_is_never_replaced(call: Call) -> None:
    ids = {call(Account(), request)["PhysicalResourceId"] for request in ("Create", "Update")}
    assert len(ids) == 1


def test_an_agents_log_is_made_with_its_retention_and_key(call: Call) -> None:
    account = Account()
    answer = call(account, LogGroupName=LOG, RetentionInDays="90", KmsKeyId="key")
    assert answer["Status"] == "SUCCESS"
    assert account.log_groups == {LOG: {"days": 90, "key": "key"}}


def test_a_log_that_agentcore_has_made_is_taken(call: Call) -> None:
    account = Account()
    account.log_groups[LOG] = {}
    assert call(account, LogGroupName=LOG, RetentionInDays="7")["Status"] == "SUCCESS"
    assert account.log_groups == {LOG: {"days": 7}}


def test_a_log_that_is_kept_for_ever(call: Call) -> None:
    account = Account()
    account.log_groups[LOG] = {"days": 90}
    assert call(account, "Update", LogGroupName=LOG, RetentionInDays="0")["Status"] == "SUCCESS"
    assert account.log_groups == {LOG: {}}


KEYS = [f"arn:aws:kms:eu-west-1:111122223333:key/{name}" for name in ("first", "second")]
KEPT = [
    (retention, key)
    for retention in (logs.RetentionDays.ONE_WEEK, logs.RetentionDays.INFINITE)
    for key in (None, *KEYS)
]


@cache
def deployed(retention: logs.RetentionDays, key_arn: str | None) -> tuple[dict[str, str], set[str]]:
    """What CloudFormation sends of an agent's log, and what it lets the function do with log groups."""
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "Test")
    key = kms.Key.from_key_arn(stack, "Key", key_arn) if key_arn is not None else None
    image = AgentSource.from_image_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1")
    options = Observability(retention=retention, encryption_key=key)
    StreamingAgentApi(stack, "Agent", agent=image, observability=options)
    log = only(stack, "Custom::AgentLogGroup")
    # CloudFormation sends every value as a text.
    sent = {name: str(log[name]) for name in ("RetentionInDays", "KmsKeyId") if name in log}
    (role,) = [r["Properties"] for name, r in resources(stack, "AWS::IAM::Role").items() if "SetupRole" in name]
    statement = role["Policies"][0]["PolicyDocument"]["Statement"][0]
    assert statement["Resource"]["Fn::Sub"].endswith(":log-group:/aws/bedrock-agentcore/runtimes/*")
    return {"LogGroupName": LOG, **sent}, {action.removeprefix("logs:") for action in statement["Action"]}


@pytest.mark.parametrize("after", KEPT, ids=str)
@pytest.mark.parametrize("before", KEPT, ids=str)
def test_each_update_of_an_agents_log_is_allowed_by_the_new_template(
    call: Call, before: tuple[logs.RetentionDays, str | None], after: tuple[logs.RetentionDays, str | None]
) -> None:
    """A key that is removed is taken off by an update whose template names no key any more."""
    was, allowed_before = deployed(*before)
    now, allowed_after = deployed(*after)
    account = Account(allowed=allowed_before)
    assert call(account, **was)["Status"] == "SUCCESS"
    account.allowed = allowed_after
    assert call(account, "Update", was, **now)["Reason"] == "done"
    kept: dict[str, Any] = {}
    retention, key = after
    if retention != logs.RetentionDays.INFINITE:
        kept["days"] = 7
    if key is not None:
        kept["key"] = key
    assert account.log_groups == {LOG: kept}


def test_the_log_of_another_endpoint_keeps_the_key_that_it_was_given_elsewhere(call: Call) -> None:
    """A key is taken only off the log group that it was put on here."""
    account = Account()
    other = LOG.replace("DEFAULT", "blue")
    account.log_groups = {LOG: {"days": 7, "key": "ours"}, other: {"key": "theirs"}}
    before = {"LogGroupName": LOG, "RetentionInDays": "7", "KmsKeyId": "ours"}
    assert call(account, "Update", before, LogGroupName=other, RetentionInDays="7")["Status"] == "SUCCESS"
    assert account.log_groups[other] == {"days": 7, "key": "theirs"}


@pytest.mark.parametrize("operation", ["CreateLogGroup", "PutRetentionPolicy", "AssociateKmsKey"])
def test_a_log_that_a_policy_forbids_to_set_is_one_whole_sentence(call: Call, operation: str) -> None:
    account = Account()
    account.refused = {operation}
    answer = call(account, LogGroupName=LOG, RetentionInDays="7", KmsKeyId="key")
    assert answer["Status"] == "FAILED"
    sentence, _, reason = answer["Reason"].partition(" (")
    assert sentence == (f"{LOG} cannot be set: see which policy of the organization or key forbids it")
    assert operation in reason


def test_an_agents_log_stays_when_the_stack_goes(call: Call) -> None:
    account = Account()
    account.log_groups[LOG] = {"days": 90}
    assert call(account, "Delete", LogGroupName=LOG, RetentionInDays="90")["Status"] == "SUCCESS"
    assert account.log_groups == {LOG: {"days": 90}}


def test_the_source_fits_into_a_template() -> None:
    """Lambda takes 4,096 characters of inline code in every Region and by every tool."""
    assert len(SOURCE.read_text(encoding="utf-8")) <= 4096
