"""The firewall: what it blocks, what it only counts because it is a prompt, and whose web ACL it may be."""

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack

from streaming_agent_construct import AgentSource, Firewall, Protection, StreamingAgentApi

from ..conftest import Refused
from ..templates import flat, only, resources

COMMON = "AWSManagedRulesCommonRuleSet"
BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"
REPUTATION = "AWSManagedRulesAmazonIpReputationList"
ARN = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/0123"


def rules(stack: Stack) -> dict[str, Any]:
    return {rule["Name"]: rule for rule in only(stack, "AWS::WAFv2::WebACL")["Rules"]}


def groups(stack: Stack) -> dict[str, Any]:
    statements = [rule["Statement"].get("ManagedRuleGroupStatement") for rule in rules(stack).values()]
    return {statement["Name"]: statement for statement in statements if statement}


def counted(stack: Stack, group: str) -> set[str]:
    overrides = groups(stack)[group].get("RuleActionOverrides", [])
    assert all(override["ActionToUse"] == {"Count": {}} for override in overrides)
    return {override["Name"] for override in overrides}


def test_aws_rule_groups_are_asked_after_what_costs_less(stack: Stack, agent: AgentSource) -> None:
    """WAF asks the rules in the order of their priorities, lowest first."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    asked = sorted(rules(stack).values(), key=lambda rule: rule["Priority"])
    named = [rule["Statement"].get("ManagedRuleGroupStatement", {}).get("Name", rule["Name"]) for rule in asked]
    assert named == ["NoQueryString", "LimitPerIp", REPUTATION, COMMON, BAD_INPUTS, "NoReservedHeaders"]


def test_the_stage_is_what_a_web_acl_stands_in_front_of(stack: Stack, agent: AgentSource) -> None:
    """A web ACL that is associated with nothing blocks nothing, and a REST API is protected by its stage's ARN."""
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    association = only(stack, "AWS::WAFv2::WebACLAssociation")
    stage = next(iter(resources(stack, "AWS::ApiGateway::Stage")))
    rest_api = next(iter(resources(stack, "AWS::ApiGateway::RestApi")))
    assert api.web_acl is not None
    assert flat(association["ResourceArn"]) == (
        f"arn:{{AWS::Partition}}:apigateway:{{AWS::Region}}::/restapis/{{{rest_api}}}/stages/{{{stage}}}"
    )
    assert association["WebACLArn"] == {"Fn::GetAtt": [next(iter(resources(stack, "AWS::WAFv2::WebACL"))), "Arn"]}


def test_each_rule_has_a_priority_of_its_own(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    priorities = [rule["Priority"] for rule in rules(stack).values()]
    assert sorted(priorities) == list(range(len(priorities)))


def test_a_prompt_longer_than_8_kb_passes(stack: Stack, agent: AgentSource) -> None:
    """SizeRestrictions_BODY of the common rule set blocks bodies over 8 KB, which long prompts exceed."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert "SizeRestrictions_BODY" in counted(stack, COMMON)


@pytest.mark.parametrize(
    ("group", "rule"),
    [
        (COMMON, "CrossSiteScripting_BODY"),
        (COMMON, "GenericLFI_BODY"),
        (COMMON, "GenericRFI_BODY"),
        (COMMON, "EC2MetaDataSSRF_BODY"),
        (BAD_INPUTS, "Log4JRCE_BODY"),
        (BAD_INPUTS, "JavaDeserializationRCE_BODY"),
        (BAD_INPUTS, "ReactJSRCE_BODY"),
    ],
)
def test_a_prompt_may_quote_an_attack(stack: Stack, agent: AgentSource, group: str, rule: str) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert rule in counted(stack, group)


@pytest.mark.parametrize("group", [COMMON, BAD_INPUTS, REPUTATION])
def test_outside_the_body_every_rule_blocks(stack: Stack, agent: AgentSource, group: str) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert all(name.endswith("_BODY") for name in counted(stack, group))


def test_64_kb_of_a_body_are_inspected(stack: Stack, agent: AgentSource) -> None:
    """16 KB by default on API Gateway."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert only(stack, "AWS::WAFv2::WebACL")["AssociationConfig"] == {
        "RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_64"}}
    }


def test_samples_that_show_tokens_are_not_kept(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    acl = only(stack, "AWS::WAFv2::WebACL")
    settings = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]
    assert [setting["SampledRequestsEnabled"] for setting in settings] == [False] * len(settings)


def test_two_apis_count_under_two_names(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "One", agent=agent)
    StreamingAgentApi(stack, "Two", agent=agent)
    acls = resources(stack, "AWS::WAFv2::WebACL").values()
    assert len({acl["Properties"]["VisibilityConfig"]["MetricName"] for acl in acls}) == 2


def test_an_address_is_limited(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(firewall=Firewall.managed(requests_per_ip=50)))
    assert rules(stack)["LimitPerIp"]["Statement"]["RateBasedStatement"] == {"AggregateKeyType": "IP", "Limit": 50}


@pytest.mark.parametrize("limit", [0, 9, 10.5, 2_000_000_001])
def test_a_limit_that_waf_does_not_take_is_refused(refused: Refused, limit: Any) -> None:
    with refused("SAC070", f"requests_per_ip: expected a whole number from 10 to 2000000000, got {limit};"):
        Firewall.managed(requests_per_ip=limit)


@pytest.mark.parametrize("name", ["", "a b", "x" * 256])
def test_a_metric_name_that_no_web_acl_has_is_refused(refused: Refused, name: str) -> None:
    with refused("SAC094", "metric_name: expected 1 to 255 letters", f"got '{name}'; copy it from there"):
        Firewall.existing(ARN, metric_name=name)


def test_a_web_acl_of_yours_guards_the_stage(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(firewall=Firewall.existing(ARN)))
    assert api.web_acl is None
    assert resources(stack, "AWS::WAFv2::WebACL") == {}
    assert only(stack, "AWS::WAFv2::WebACLAssociation")["WebACLArn"] == ARN


@pytest.mark.parametrize(
    "arn",
    ["my-acl", ARN.replace("regional", "global"), "x:regional/webacl/mine/0", ARN.replace("wafv2", "waf-regional")],
)
def test_a_web_acl_that_a_stage_does_not_take_is_refused(refused: Refused, arn: str) -> None:
    with refused("SAC072", f"got '{arn}'"):
        Firewall.existing(arn)


def test_a_web_acl_of_another_region_is_refused(app: App, agent: AgentSource, refused: Refused) -> None:
    stack = Stack(app, "Tokyo", env=Environment(account="111122223333", region="ap-northeast-1"))
    protection = Protection(firewall=Firewall.existing(ARN))
    with refused("SAC072", "expected one in ap-northeast-1, the stack's Region, got one in"):
        StreamingAgentApi(stack, "Agent", agent=agent, protection=protection)


def test_a_web_acl_of_the_same_app_is_taken_by_its_attribute(stack: Stack, agent: AgentSource) -> None:
    other = StreamingAgentApi(stack, "Other", agent=agent)
    assert other.web_acl is not None
    shared = Protection(firewall=Firewall.existing(other.web_acl.attr_arn))
    StreamingAgentApi(stack, "Agent", agent=agent, protection=shared)
    assert len(resources(stack, "AWS::WAFv2::WebACL")) == 1
    assert len(resources(stack, "AWS::WAFv2::WebACLAssociation")) == 2


def test_without_a_firewall_nothing_of_waf_is_made(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(firewall=Firewall.disabled()))
    assert resources(stack, "AWS::WAFv2::WebACL") == resources(stack, "AWS::WAFv2::WebACLAssociation") == {}
