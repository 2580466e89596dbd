"""Limits of the stage, of one agent and of one key, and keys that are required beside the token."""

from typing import Any

import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk.assertions import Template

from streaming_agent_construct import AgentSource, ApiKeys, Protection, StreamingAgentApi, Throttle

from ..conftest import Refused
from ..templates import only, post_method, resources

DAY = apigateway.Period.DAY


def settings(stack: Stack) -> dict[str, Any]:
    return {setting["ResourcePath"]: setting for setting in only(stack, "AWS::ApiGateway::Stage")["MethodSettings"]}


def keyed(stack: Stack, agent: AgentSource, keys: ApiKeys) -> StreamingAgentApi:
    return StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(api_keys=keys))


def test_the_stage_is_throttled_without_being_asked(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    stage = settings(stack)["/*"]
    assert (stage["HttpMethod"], stage["ThrottlingRateLimit"], stage["ThrottlingBurstLimit"]) == ("*", 100, 50)


def test_bodies_are_never_logged(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert settings(stack)["/*"]["DataTraceEnabled"] is False


def test_the_stage_takes_its_limits(stack: Stack, agent: AgentSource) -> None:
    throttle = Throttle(rate_limit=0.5, burst_limit=2)
    StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(throttle=throttle))
    stage = settings(stack)["/*"]
    assert (stage["ThrottlingRateLimit"], stage["ThrottlingBurstLimit"]) == (0.5, 2)


def test_an_agents_limits_are_those_of_its_method(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("writer", agent=agent, throttle=Throttle(rate_limit=2, burst_limit=4))
    api.add_agent("reader", agent=agent)
    assert set(settings(stack)) == {"/*", "/~1agents~1writer~1invocations"}
    writer = settings(stack)["/~1agents~1writer~1invocations"]
    assert (writer["HttpMethod"], writer["ThrottlingRateLimit"], writer["ThrottlingBurstLimit"]) == ("POST", 2, 4)


@pytest.mark.parametrize(
    ("rate", "got"), [(0, "0"), (-1, "-1"), (2_147_483_648, "2147483648"), (2e12, "2000000000000")]
)
def test_a_rate_that_admits_nobody_or_that_cloudformation_does_not_take_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, rate: float, got: str
) -> None:
    with refused("SAC071", f"rate_limit: expected more than 0 and at most 2147483647, got {got};"):
        StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(throttle=Throttle(rate_limit=rate)))


@pytest.mark.parametrize("burst", [0, -1, 1.5, 2_147_483_648])
def test_a_burst_that_is_no_whole_number_of_requests_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, burst: Any
) -> None:
    with refused("SAC071", f"burst_limit: expected a whole number from 1 to 2147483647, got {burst};"):
        StreamingAgentApi(stack, "Agent", agent=agent, protection=Protection(throttle=Throttle(burst_limit=burst)))


def test_an_agents_throttle_is_checked_before_anything_is_made(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC071", "got 0"):
        api.add_agent("writer", agent=agent, throttle=Throttle(rate_limit=0))
    assert len(resources(stack, "AWS::BedrockAgentCore::Runtime")) == 1


def test_no_key_is_asked_for_without_a_plan(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert post_method(stack)["ApiKeyRequired"] is False
    assert resources(stack, "AWS::ApiGateway::UsagePlan") == {}


def test_a_key_is_required_beside_the_token_and_belongs_to_a_plan_of_the_stage(
    stack: Stack, agent: AgentSource
) -> None:
    api = keyed(stack, agent, ApiKeys(clients=["web", "mobile"]))
    method = post_method(stack)
    assert (method["ApiKeyRequired"], method["AuthorizationType"]) == (True, "COGNITO_USER_POOLS")
    assert (
        len(resources(stack, "AWS::ApiGateway::ApiKey")) == len(resources(stack, "AWS::ApiGateway::UsagePlanKey")) == 2
    )
    (stage,) = only(stack, "AWS::ApiGateway::UsagePlan")["ApiStages"]
    assert stage["Stage"] == {"Ref": next(iter(resources(stack, "AWS::ApiGateway::Stage")))}
    assert api.usage_plan is not None


def test_every_agent_asks_for_the_key(stack: Stack, agent: AgentSource) -> None:
    keyed(stack, agent, ApiKeys(clients=["web"])).add_agent("writer", agent=agent)
    methods = [m["Properties"] for m in resources(stack, "AWS::ApiGateway::Method").values()]
    assert [method["ApiKeyRequired"] for method in methods] == [True, True]


def test_the_quota_and_limits_of_each_key(stack: Stack, agent: AgentSource) -> None:
    quota = apigateway.QuotaSettings(limit=1000, period=DAY)
    keyed(stack, agent, ApiKeys(clients=["web"], quota=quota, throttle=Throttle(rate_limit=2, burst_limit=3)))
    plan = only(stack, "AWS::ApiGateway::UsagePlan")
    assert plan["Quota"] == {"Limit": 1000, "Period": "DAY"}
    assert plan["Throttle"] == {"RateLimit": 2, "BurstLimit": 3}


def test_a_key_of_yours_joins_the_plan(stack: Stack, agent: AgentSource) -> None:
    key = apigateway.ApiKey.from_api_key_id(stack, "Mine", "abc123")
    keyed(stack, agent, ApiKeys(existing=[key]))
    assert only(stack, "AWS::ApiGateway::UsagePlanKey")["KeyId"] == "abc123"
    assert resources(stack, "AWS::ApiGateway::ApiKey") == {}


def test_the_values_of_keys_are_not_in_the_template(stack: Stack, agent: AgentSource) -> None:
    keyed(stack, agent, ApiKeys(clients=["web"]))
    assert "Value" not in only(stack, "AWS::ApiGateway::ApiKey")
    outputs = Template.from_stack(stack).to_json()["Outputs"]
    assert [name for name in outputs if "Key" in name] == []


def test_keys_without_a_key_are_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    with refused("SAC074", "has no key", "name the clients"):
        keyed(stack, agent, ApiKeys())


def test_a_key_of_yours_that_is_given_twice_is_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    key = apigateway.ApiKey(stack, "Mine")
    with refused("SAC075", "existing: expected each key once, got 'Mine' twice; leave one"):
        keyed(stack, agent, ApiKeys(existing=[key, key]))


def test_a_key_of_yours_that_is_imported_twice_is_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    imported = [apigateway.ApiKey.from_api_key_id(stack, name, "abc123") for name in ("One", "Two")]
    with refused("SAC075", "existing: expected each key once, got 'Two' twice"):
        keyed(stack, agent, ApiKeys(existing=imported))


@pytest.mark.parametrize("clients", [["web", "web"], ["a b"], [""]])
def test_a_client_that_cannot_be_told_apart_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, clients: list[str]
) -> None:
    with refused("SAC075", f"got '{clients[-1]}'"):
        keyed(stack, agent, ApiKeys(clients=clients))


@pytest.mark.parametrize(
    ("quota", "got"),
    [
        (apigateway.QuotaSettings(limit=5), "no period"),
        (apigateway.QuotaSettings(period=DAY), "no limit"),
        (apigateway.QuotaSettings(), "neither"),
    ],
)
def test_half_a_quota_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, quota: apigateway.QuotaSettings, got: str
) -> None:
    with refused("SAC076", f"got {got};"):
        keyed(stack, agent, ApiKeys(clients=["web"], quota=quota))


@pytest.mark.parametrize(
    ("period", "offset", "most"),
    [("DAY", 1, 0), ("WEEK", 7, 6), ("MONTH", 28, 27), ("MONTH", -1, 27), ("WEEK", 0.5, 6)],
)
def test_an_offset_that_the_period_does_not_have_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, period: str, offset: float, most: int
) -> None:
    quota = apigateway.QuotaSettings(limit=5, period=apigateway.Period[period], offset=offset)
    with refused("SAC078", f"quota.offset: expected a whole number from 0 to {most}, got {offset};"):
        keyed(stack, agent, ApiKeys(clients=["web"], quota=quota))


def test_limits_that_only_the_deployment_knows_are_not_judged(stack: Stack, agent: AgentSource) -> None:
    rate = CfnParameter(stack, "Rate", type="Number")
    protection = Protection(throttle=Throttle(rate_limit=rate.value_as_number))
    StreamingAgentApi(stack, "Agent", agent=agent, protection=protection)
    assert only(stack, "AWS::ApiGateway::Stage")["MethodSettings"][0]["ThrottlingRateLimit"] == {"Ref": "Rate"}


@pytest.mark.parametrize("limit", [0, -3, 0.5, 2_147_483_648])
def test_a_quota_that_is_no_whole_number_of_requests_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused, limit: float
) -> None:
    with refused("SAC077", f"quota.limit: expected a whole number from 1 to 2147483647, got {limit};"):
        keyed(stack, agent, ApiKeys(clients=["web"], quota=apigateway.QuotaSettings(limit=limit, period=DAY)))
