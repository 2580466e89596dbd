"""The call from the gateway to the runtime: STREAM, time limits, address, and what the client may not choose."""

import pytest
from aws_cdk import CfnParameter, Duration, Stack

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
    TokenType,
)

from ..conftest import Refused
from ..templates import flat, only, post_method, resources, warnings

SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
USER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"


def test_the_answer_streams_for_up_to_fifteen_minutes(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    integration = post_method(stack)["Integration"]
    assert integration["Type"] == "HTTP_PROXY"
    assert integration["ResponseTransferMode"] == "STREAM"
    assert integration["TimeoutInMillis"] == 900_000


def test_a_shorter_timeout_is_taken(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, timeout=Duration.seconds(90))
    assert post_method(stack)["Integration"]["TimeoutInMillis"] == 90_000


@pytest.mark.parametrize(
    ("timeout", "code", "words"),
    [
        (Duration.minutes(20), "SAC003", "at most 15 minutes with streaming, got 20 minutes"),
        (Duration.seconds(901), "SAC003", "got 15 minutes 1 second"),
        (Duration.seconds(0), "SAC002", "at least 1 second, in whole milliseconds, got 0 seconds"),
        (Duration.millis(49), "SAC002", "got 49 millis"),
        (Duration.millis(1500.5), "SAC002", "in whole milliseconds"),
    ],
)
def test_a_timeout_that_api_gateway_would_cut_or_refuse(
    stack: Stack, agent: AgentSource, refused: Refused, timeout: Duration, code: str, words: str
) -> None:
    with refused(code, words):
        StreamingAgentApi(stack, "Agent", agent=agent, timeout=timeout)


def test_a_timeout_that_only_the_deployment_knows_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    seconds = CfnParameter(stack, "Seconds", type="Number").value_as_number
    with refused("SAC008", "timeout: expected a duration that is known", "Duration.minutes(5)"):
        StreamingAgentApi(stack, "Agent", agent=agent, timeout=Duration.seconds(seconds))


@pytest.mark.parametrize("id", ["", " ", "Agent ", "Ägent", "x" * 101])
def test_an_id_that_names_no_api(stack: Stack, agent: AgentSource, refused: Refused, id: str) -> None:
    with refused("SAC001", f"got '{id}'", "write 'Agent'"):
        StreamingAgentApi(stack, id, agent=agent)


def test_the_address_is_the_runtime_by_id_in_any_partition(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    runtime = next(iter(resources(stack, "AWS::BedrockAgentCore::Runtime")))
    assert flat(post_method(stack)["Integration"]["Uri"]) == (
        "https://bedrock-agentcore.{AWS::Region}.{AWS::URLSuffix}"
        f"/runtimes/{{{runtime}.AgentRuntimeId}}/invocations"
    )


def test_the_id_form_of_the_address_carries_the_account(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    parameters = post_method(stack)["Integration"]["RequestParameters"]
    assert flat(parameters["integration.request.querystring.accountId"]) == "'{AWS::AccountId}'"


def test_the_qualifier_is_the_apis_to_choose(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(qualifier="blue"))
    parameters = post_method(stack)["Integration"]["RequestParameters"]
    assert parameters["integration.request.querystring.qualifier"] == "'blue'"


def test_without_a_qualifier_the_latest_version_answers(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    parameters = post_method(stack)["Integration"]["RequestParameters"]
    assert parameters["integration.request.querystring.qualifier"] == "'DEFAULT'"


def test_a_clients_own_qualifier_and_account_are_blocked_however_they_are_written(
    stack: Stack, agent: AgentSource
) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    rules = {rule["Name"]: rule for rule in only(stack, "AWS::WAFv2::WebACL")["Rules"]}
    rule = rules["NoRuntimeArguments"]
    match = rule["Statement"]["RegexMatchStatement"]
    assert rule["Action"] == {"Block": {}}
    assert match["FieldToMatch"] == {"QueryString": {}}
    assert match["RegexString"] == "(^|&)(qualifier|accountid)(=|&|$)"
    assert [step["Type"] for step in match["TextTransformations"]] == ["URL_DECODE", "LOWERCASE"]


def test_a_client_cannot_choose_the_user_id(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert post_method(stack)["Integration"]["RequestParameters"][USER] == "context.authorizer.claims.sub"


def test_the_session_is_the_signed_in_users(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    assert post_method(stack)["Integration"]["RequestParameters"][SESSION] == "context.authorizer.claims.sub"


def test_a_session_for_each_request(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, session=SessionBinding.PER_REQUEST)
    assert post_method(stack)["Integration"]["RequestParameters"][SESSION] == "context.requestId"


def test_a_session_that_the_client_names_is_declared_on_the_method(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, session=SessionBinding.CLIENT)
    method = post_method(stack)
    source = method["Integration"]["RequestParameters"][SESSION]
    assert source == "method.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
    assert source in method["RequestParameters"]


def test_every_mapped_request_parameter_is_declared(stack: Stack, agent: AgentSource) -> None:
    for number, session in enumerate(SessionBinding):
        StreamingAgentApi(stack, f"Agent{number}", agent=agent, session=session)
    for method in resources(stack, "AWS::ApiGateway::Method").values():
        properties = method["Properties"]
        sources = properties["Integration"].get("RequestParameters", {}).values()
        wanted = {s for s in sources if isinstance(s, str) and s.startswith("method.request.")}
        assert wanted <= set(properties.get("RequestParameters", {}))


def test_a_session_that_the_client_names_is_warned_about(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, session=SessionBinding.CLIENT)
    assert "any signed-in caller can name any session" in warnings(stack)


def test_access_tokens_leave_the_session_to_be_chosen(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    with refused("SAC004", "whose id is too short for a session", "SessionBinding.PER_REQUEST"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=AgentAuth.cognito(token=TokenType.ACCESS))
