"""The access log: what a line holds and never holds, whose log group it is, and what is counted from it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Template

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    Firewall,
    Observability,
    Protection,
    SessionBinding,
    StreamingAgentApi,
)

from ..conftest import Refused
from ..templates import flat, only, resources

THREE_MONTHS = 90
DISCOVERY = "https://login.example.com/.well-known/openid-configuration"


def authorizer(stack: Stack) -> lambda_.IFunction:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:authorizer"
    return lambda_.Function.from_function_attributes(stack, "Authorizer", function_arn=arn, same_environment=True)


# Each way to say who may call.
WHO: dict[str, Callable[[Stack], dict[str, Any]]] = {
    "cognito": lambda _: {},
    "oidc": lambda _: {"auth": AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["agents"])},
    "lambda": lambda stack: {
        "auth": AgentAuth.lambda_authorizer(authorizer(stack), discovery_url=DISCOVERY, audiences=["agents"]),
        "session": SessionBinding.PER_REQUEST,
    },
    "iam": lambda _: {
        "auth": AgentAuth.iam(discovery_url=DISCOVERY, audiences=["agents"]),
        "session": SessionBinding.PER_REQUEST,
    },
}


def line(stack: Stack) -> dict[str, str]:
    return dict(json.loads(only(stack, "AWS::ApiGateway::Stage")["AccessLogSetting"]["Format"]))


def log_groups(stack: Stack) -> dict[str, Any]:
    return {name: group["Properties"] for name, group in resources(stack, "AWS::Logs::LogGroup").items()}


def test_a_line_is_json_and_tells_how_the_answer_streamed(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert line(stack)["transferMode"] == "$context.integration.responseTransferMode"
    assert line(stack)["timeToAllHeaders"] == "$context.integration.timeToAllHeaders"
    assert line(stack)["timeToFirstContent"] == "$context.integration.timeToFirstContent"


def test_a_line_tells_who_called_and_what_became_of_it(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert line(stack)["caller"] == "$context.authorizer.claims.sub"
    assert line(stack)["requestId"] == "$context.requestId"
    assert line(stack)["status"] == "$context.status"
    assert line(stack)["waf"] == "$context.wafResponseCode"
    assert line(stack)["apiKeyId"] == "$context.identity.apiKeyId"


@pytest.mark.parametrize(
    "secret",
    [
        "$context.identity.apiKey",  # the key's value
        "$context.authorizer.claims.email",
        "$context.error.message",  # some of them quote the Authorization header
        "$context.identity.userAgent",  # the client writes it, quotation marks and all
        "$context.path",
    ],
)
def test_a_line_never_holds_a_secret_or_what_a_client_writes_freely(
    stack: Stack, agent: AgentSource, secret: str
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert secret not in line(stack).values()


def test_every_value_is_quoted_so_that_a_missing_one_is_still_json(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    written = only(stack, "AWS::ApiGateway::Stage")["AccessLogSetting"]["Format"]
    for value in line(stack).values():
        written = written.replace(value, "-")
    assert set(json.loads(written).values()) == {"-"}


def test_bodies_are_not_in_api_gateways_own_log_and_errors_are(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    (setting,) = only(stack, "AWS::ApiGateway::Stage")["MethodSettings"]
    assert (setting["DataTraceEnabled"], setting["LoggingLevel"]) == (False, "ERROR")


def test_api_gateways_own_log_does_not_grow_for_ever(stack: Stack, agent: AgentSource) -> None:
    """API Gateway makes the group without a retention unless it is there first."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    (name,) = [name for name in log_groups(stack) if name.startswith("AgentErrorLog")]
    assert flat(log_groups(stack)[name]["LogGroupName"]) == "API-Gateway-Execution-Logs_{AgentApiBB4F9330}/prod"
    assert log_groups(stack)[name]["RetentionInDays"] == THREE_MONTHS
    assert name in next(iter(resources(stack, "AWS::ApiGateway::Stage").values()))["DependsOn"]


def test_lines_are_kept_three_months_and_outlive_the_stack(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    assert {group["RetentionInDays"] for group in log_groups(stack).values()} == {THREE_MONTHS}
    assert api.access_log_group is not None
    group = resources(stack, "AWS::Logs::LogGroup")[stack.get_logical_id(api.access_log_group.node.default_child)]
    assert group["DeletionPolicy"] == "RetainExceptOnCreate"


@pytest.mark.parametrize("who", WHO)
def test_every_new_log_group_has_the_retention_that_is_asked_for(stack: Stack, agent: AgentSource, who: str) -> None:
    settings = Observability(retention=logs.RetentionDays.ONE_YEAR)
    StreamingAgentApi(stack, "Agent", agent=agent, observability=settings, **WHO[who](stack))
    assert {group["RetentionInDays"] for group in log_groups(stack).values()} == {365}


def test_the_log_of_our_authorizer_function_is_kept_one_month_unless_said(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, **WHO["oidc"](stack))
    ours = [group for name, group in log_groups(stack).items() if name.startswith("AgentAuthorizerLog")]
    assert [group["RetentionInDays"] for group in ours] == [30]


@pytest.mark.parametrize("who", WHO)
def test_a_key_of_yours_encrypts_every_log_group_and_lets_cloudwatch_logs_use_it(
    stack: Stack, agent: AgentSource, who: str
) -> None:
    settings = Observability(encryption_key=kms.Key(stack, "Key"))
    StreamingAgentApi(stack, "Agent", agent=agent, observability=settings, **WHO[who](stack))
    keys = {name: flat(group.get("KmsKeyId", "none")) for name, group in log_groups(stack).items()}
    assert {name for name, key in keys.items() if not key.startswith("{Key")} == set()
    statement = only(stack, "AWS::KMS::Key")["KeyPolicy"]["Statement"][-1]
    assert flat(statement["Principal"]["Service"]) == "logs.{AWS::Region}.{AWS::URLSuffix}"
    context = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert flat(context).endswith(":log-group:*")


def test_the_access_log_goes_to_a_log_group_of_yours(stack: Stack, agent: AgentSource) -> None:
    mine = logs.LogGroup.from_log_group_name(stack, "Mine", "mine")
    api = StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(access_log_group=mine))
    assert api.access_log_group is not None
    assert {f["Properties"]["LogGroupName"] for f in resources(stack, "AWS::Logs::MetricFilter").values()} == {"mine"}


def test_without_an_access_log_nothing_asks_for_the_accounts_role(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(access_logs=False))
    (stage,) = resources(stack, "AWS::ApiGateway::Stage").values()
    assert api.access_log_group is None
    assert "AccessLogSetting" not in stage["Properties"]
    assert stage["Properties"]["MethodSettings"][0]["LoggingLevel"] == "OFF"
    assert resources(stack, "Custom::ApiGatewayAccountRole") == {}
    assert resources(stack, "AWS::ApiGateway::Account") == {}
    assert "AmazonAPIGatewayPushToCloudWatchLogs" not in str(resources(stack, "AWS::IAM::Role"))


def test_the_first_content_is_measured_for_this_api_alone(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    filters = {
        f["Properties"]["MetricTransformations"][0]["MetricName"]: f["Properties"]
        for f in resources(stack, "AWS::Logs::MetricFilter").values()
    }
    first = filters["TimeToFirstContent"]
    assert first["FilterPattern"] == '{ $.timeToFirstContent != "-" }'
    assert first["MetricTransformations"][0]["MetricValue"] == "$.timeToFirstContent"
    assert first["MetricTransformations"][0]["Dimensions"] == [{"Key": "ApiId", "Value": "$.apiId"}]
    assert filters["ThrottledRequests"]["FilterPattern"] == '{ $.status = "429" }'


def test_the_stage_is_traced(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert only(stack, "AWS::ApiGateway::Stage")["TracingEnabled"] is True


def test_the_firewalls_log_holds_no_token_key_or_prompt(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    redacted = only(stack, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"]
    assert {field["SingleHeader"]["Name"] for field in redacted} == {"authorization", "cookie", "x-api-key"}
    protected = only(stack, "AWS::WAFv2::WebACL")["DataProtectionConfig"]["DataProtections"]
    assert {rule["Field"]["FieldType"]: rule["Action"] for rule in protected} == {
        "SINGLE_HEADER": "SUBSTITUTION",
        "BODY": "SUBSTITUTION",
    }


def test_a_token_in_a_header_of_its_own_is_not_logged_either(stack: Stack, agent: AgentSource) -> None:
    auth = AgentAuth.iam(discovery_url=DISCOVERY, audiences=["agents"], token_header="X-User-Token")
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_REQUEST)
    redacted = only(stack, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"]
    assert "x-user-token" in {field["SingleHeader"]["Name"] for field in redacted}
    header, _ = only(stack, "AWS::WAFv2::WebACL")["DataProtectionConfig"]["DataProtections"]
    assert "x-user-token" in header["Field"]["FieldKeys"]
    assert line(stack)["caller"] == "$context.identity.userArn"


def test_the_firewalls_log_is_named_as_waf_wants_and_never_meets_a_deleted_stacks(
    stack: Stack, agent: AgentSource
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    names = [group["LogGroupName"] for group in log_groups(stack).values() if "LogGroupName" in group]
    (parts,) = [name["Fn::Join"][1] for name in names if str(name["Fn::Join"][1][0]).startswith("aws-waf-logs-")]
    assert parts[1] == {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}


def test_what_passes_the_firewall_is_not_in_its_log(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert only(stack, "AWS::WAFv2::LoggingConfiguration")["LoggingFilter"]["DefaultBehavior"] == "DROP"


def test_a_web_acl_of_yours_keeps_its_own_logging(stack: Stack, agent: AgentSource) -> None:
    arn = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/0123"
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(firewall=Firewall.existing(arn)))
    assert resources(stack, "AWS::WAFv2::LoggingConfiguration") == {}


def test_the_firewalls_log_can_be_switched_off(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, observability=Observability(firewall_logs=False))
    assert resources(stack, "AWS::WAFv2::LoggingConfiguration") == {}


def test_a_log_group_for_no_log_is_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    mine = logs.LogGroup.from_log_group_name(stack, "Mine", "mine")
    with refused("SAC090", "access_log_group is given"):
        settings = Observability(access_logs=False, access_log_group=mine)
        StreamingAgentApi(stack, "Agent", agent=agent, observability=settings)
    assert Template.from_stack(stack).to_json().get("Resources", {}) == {}


def test_a_log_group_of_another_region_is_refused(app: App, agent: AgentSource, refused: Refused) -> None:
    """API Gateway writes to its own Region."""
    stack = Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))
    arn = "arn:aws:logs:us-east-1:111122223333:log-group:calls"
    elsewhere = Observability(access_log_group=logs.LogGroup.from_log_group_arn(stack, "Calls", arn))
    with refused("SAC197", "access_log_group: expected one in eu-west-1", "got one in us-east-1"):
        StreamingAgentApi(stack, "Agent", agent=agent, observability=elsewhere)
