"""Values that only the deployment knows: taken where they can be, refused in words where a list or a number cannot."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import CfnParameter, Fn, Stack
from aws_cdk.assertions import Template

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    AlarmThresholds,
    BedrockModel,
    Cors,
    Observability,
    RequiredClaim,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
    TokenType,
)

from .conftest import Refused

DISCOVERY = "https://login.example.com/.well-known/openid-configuration"
PAGE = "https://chat.example.com/"
Settings = Callable[[list[str]], dict[str, Any]]

LISTS: dict[str, Settings] = {
    "allow_origins": lambda values: {"cors": Cors(allow_origins=values)},
    "callback_urls": lambda values: {"auth": AgentAuth.cognito(callback_urls=values)},
    "logout_urls": lambda values: {"auth": AgentAuth.cognito(callback_urls=[PAGE], logout_urls=values)},
    "groups": lambda values: {"auth": AgentAuth.cognito(groups=values)},
    "scopes": lambda values: {
        "auth": AgentAuth.cognito(token=TokenType.ACCESS, scopes=values),
        "session": SessionBinding.PER_USER,
    },
    "audiences": lambda values: {"auth": AgentAuth.oidc(discovery_url=DISCOVERY, audiences=values)},
    "client_ids": lambda values: {"auth": AgentAuth.oidc(discovery_url=DISCOVERY, client_ids=values)},
    "the values of the claim 'roles'": lambda values: {
        "auth": AgentAuth.oidc(
            discovery_url=DISCOVERY, audiences=["a"], claims=[RequiredClaim.list_contains_any("roles", values)]
        )
    },
}


def parameter_list(stack: Stack) -> list[str]:
    return CfnParameter(stack, "Values", type="CommaDelimitedList").value_as_list


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_unknown_length_is_refused(stack: Stack, agent: AgentSource, refused: Refused, name: str) -> None:
    values = parameter_list(stack)
    with refused("SAC194", f"{name}: expected a list whose length is known", "[Fn.select(0, values)"):
        StreamingAgentApi(stack, "Agent", agent=agent, **LISTS[name](values))


def test_models_of_unknown_number_are_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC194", "model_arns: expected a list whose length is known"):
        api.grant_invoke_model(model_arns=parameter_list(stack))


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ("scopes",)])
def test_its_elements_are_taken_one_by_one(stack: Stack, agent: AgentSource, name: str) -> None:
    values = parameter_list(stack)
    StreamingAgentApi(stack, "Agent", agent=agent, **LISTS[name]([Fn.select(0, values), Fn.select(1, values)]))
    written = json.dumps(Template.from_stack(stack).to_json())
    assert '{"Fn::Select": [1, {"Ref": "Values"}]}' in written
    assert "Token[" not in written


def test_a_name_that_must_be_known_is_refused_without_the_cdks_mark(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    name = CfnParameter(stack, "Name").value_as_string
    options = RuntimeOptions(header_allow_list=[f"X-{name}"])
    with refused("SAC026", "got 'X-<known only at deployment>'"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=options)


def test_a_threshold_that_is_calculated_with_must_be_known(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    """The CDK's mark for a number is a number: a hundredth of it would stand in the template."""
    late = CfnParameter(stack, "Percent", type="Number").value_as_number
    options = Observability(alarm_thresholds=AlarmThresholds(server_error_percent=late))
    with refused("SAC195", "server_error_percent: expected a number that is known at synthesis"):
        StreamingAgentApi(stack, "Agent", agent=agent, observability=options)


@pytest.mark.parametrize("name", ["runtime_errors", "throttled_requests", "blocked_requests"])
def test_the_other_thresholds_may_be_known_at_deployment(stack: Stack, agent: AgentSource, name: str) -> None:
    late = CfnParameter(stack, "Threshold", type="Number").value_as_number
    options = Observability(alarm_thresholds=AlarmThresholds(**{name: late}))
    StreamingAgentApi(stack, "Agent", agent=agent, observability=options)
    alarms = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
    assert {"Ref": "Threshold"} in [alarm["Properties"]["Threshold"] for alarm in alarms]


def test_what_a_profile_is_made_of_must_be_known(stack: Stack, refused: Refused) -> None:
    """With an id of a geography the models of all its Regions are granted, without one those of one Region."""
    late = CfnParameter(stack, "Model").value_as_string
    arn = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2c3d4e5f6"
    with refused("SAC170", "model_id: expected an id that is known at synthesis"):
        BedrockModel.application_profile(arn, model_id=late)
