"""The call from the gateway to the runtime: STREAM, time limits, address, and what the client may not choose."""

from typing import Any

import pytest
from aws_cdk import CfnParameter, Duration, Stack
from aws_cdk import aws_cognito as cognito

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
SESSION_HEADER = "x-amzn-bedrock-agentcore-runtime-session-id"
USER_HEADER = "x-amzn-bedrock-agentcore-runtime-user-id"
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
def test_an_id_that_names_no_api_is_refused(stack: Stack, agent: AgentSource, refused: Refused, id: str) -> None:
    with refused("SAC001", f"got '{id}'", "write 'Agent'"):
        StreamingAgentApi(stack, id, agent=agent)


def test_an_id_that_only_the_deployment_knows_is_refused(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    with refused("SAC001", "id: expected a text that is known at synthesis", "write 'Agent'"):
        StreamingAgentApi(stack, f"Agent-{stack.region}", agent=agent)


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
    rule = firewall_rule(stack, "NoQueryString")
    assert rule["Action"] == {"Block": {}}
    # No call needs a query string, so every one is blocked: no parser's spelling of an argument passes.
    assert rule["Statement"] == {
        "SizeConstraintStatement": {
            "ComparisonOperator": "GT",
            "FieldToMatch": {"QueryString": {}},
            "Size": 0,
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
        }
    }


def test_with_signatures_in_the_query_string_the_two_arguments_are_blocked_wherever_they_stand(
    stack: Stack, agent: AgentSource
) -> None:
    auth = AgentAuth.iam(discovery_url="https://a.example.com/.well-known/openid-configuration", audiences=["a"])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_REQUEST)
    matches = [
        statement["ByteMatchStatement"]
        for statement in firewall_rule(stack, "NoRuntimeArguments")["Statement"]["OrStatement"]["Statements"]
    ]
    assert [match["SearchString"] for match in matches] == ["qualifier", "accountid"]
    for match in matches:
        assert match["PositionalConstraint"] == "CONTAINS"
        # %2571ualifier is the same argument to a parser that decodes twice.
        assert [step["Type"] for step in match["TextTransformations"]] == ["URL_DECODE", "URL_DECODE_UNI", "LOWERCASE"]


@pytest.mark.parametrize(
    ("session", "blocked"),
    [(None, [USER_HEADER, SESSION_HEADER]), (SessionBinding.CLIENT, [USER_HEADER])],
)
def test_a_client_cannot_send_what_the_gateway_sets(
    stack: Stack, agent: AgentSource, session: SessionBinding | None, blocked: list[str]
) -> None:
    """A mapping replaces the client's header only where its source has a value."""
    StreamingAgentApi(stack, "Agent", agent=agent, session=session)
    statement = firewall_rule(stack, "NoReservedHeaders")["Statement"]
    statements = statement["OrStatement"]["Statements"] if "OrStatement" in statement else [statement]
    found = [one["SizeConstraintStatement"]["FieldToMatch"]["SingleHeader"]["Name"] for one in statements]
    assert found == blocked


def firewall_rule(stack: Stack, name: str) -> dict[str, Any]:
    rules = {rule["Name"]: rule for rule in only(stack, "AWS::WAFv2::WebACL")["Rules"]}
    return dict(rules[name])


def test_a_sign_in_has_its_own_session(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, session=SessionBinding.PER_SIGN_IN)
    parameters = post_method(stack)["Integration"]["RequestParameters"]
    assert parameters[SESSION] == "context.authorizer.claims.origin_jti"


def test_a_sign_in_is_known_only_of_people_in_a_user_pool(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    auth = AgentAuth.oidc(discovery_url="https://a.example.com/.well-known/openid-configuration", audiences=["a"])
    with refused("SAC174", "whose origin_jti it needs"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_SIGN_IN)


@pytest.mark.parametrize("token", list(TokenType))
def test_a_client_without_token_revocation_has_no_sign_in(
    stack: Stack, agent: AgentSource, token: TokenType, refused: Refused
) -> None:
    """Its tokens have no origin_jti: the session would have no value, and the client's own header would pass."""
    pool = cognito.UserPool(stack, "Pool")
    clients = [pool.add_client("Web"), pool.add_client("App", enable_token_revocation=False)]
    auth = AgentAuth.user_pool(pool, clients, token=token)
    with refused("SAC174", "'Test/Pool/App'", "UserPoolClient.enable_token_revocation is False"):
        StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_SIGN_IN)


@pytest.mark.parametrize("revocation", [None, True])
def test_a_client_with_token_revocation_has_sign_ins(stack: Stack, agent: AgentSource, revocation: bool | None) -> None:
    pool = cognito.UserPool(stack, "Pool")
    auth = AgentAuth.user_pool(pool, [pool.add_client("App", enable_token_revocation=revocation)])
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_SIGN_IN)
    assert post_method(stack)["Integration"]["RequestParameters"][SESSION] == "context.authorizer.claims.origin_jti"


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
