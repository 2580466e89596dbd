"""CORS: preflight answers and API Gateway's own errors."""

from typing import Any

import pytest
from aws_cdk import Aws, Duration, Stack

from streaming_agent_construct import AgentSource, Cors, StreamingAgentApi

from ..conftest import Refused
from ..templates import resources


def _preflight(stack: Stack) -> dict[str, Any]:
    methods = [m["Properties"] for m in resources(stack, "AWS::ApiGateway::Method").values()]
    return next(m for m in methods if m["HttpMethod"] == "OPTIONS")


def test_no_preflight_unless_asked(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)
    methods = [m["Properties"]["HttpMethod"] for m in resources(stack, "AWS::ApiGateway::Method").values()]
    assert methods == ["POST"]
    assert resources(stack, "AWS::ApiGateway::GatewayResponse") == {}


def test_a_preflight_asks_for_no_token(stack: Stack, agent: AgentSource) -> None:
    cors = Cors(allow_origins=["https://chat.example.com"], max_age=Duration.minutes(10))
    StreamingAgentApi(stack, "Agent", agent=agent, cors=cors)
    method = _preflight(stack)
    answer = method["Integration"]["IntegrationResponses"][0]["ResponseParameters"]
    assert method["AuthorizationType"] == "NONE"
    assert answer["method.response.header.Access-Control-Allow-Origin"] == "'https://chat.example.com'"
    assert answer["method.response.header.Access-Control-Max-Age"] == "'600'"
    assert "Authorization" in answer["method.response.header.Access-Control-Allow-Headers"]


def test_a_page_can_read_why_it_was_refused(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=["https://chat.example.com"]))
    answers = {
        r["Properties"]["ResponseType"]: r["Properties"]["ResponseParameters"]
        for r in resources(stack, "AWS::ApiGateway::GatewayResponse").values()
    }
    assert set(answers) == {"DEFAULT_4XX", "DEFAULT_5XX"}
    for headers in answers.values():
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://chat.example.com'"


def test_errors_answer_whichever_of_several_origins_asked(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=["https://a.example", "https://b.example"]))
    headers = next(iter(resources(stack, "AWS::ApiGateway::GatewayResponse").values()))["Properties"][
        "ResponseParameters"
    ]
    assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "method.request.header.Origin"
    assert headers["gatewayresponse.header.Vary"] == "'Origin'"


@pytest.mark.parametrize(
    ("origins", "code", "words"),
    [
        ([], "SAC030", "allow_origins: expected at least one"),
        (["*", "https://a.example"], "SAC031", "write only one of them"),
        (["https://a.example/"], "SAC032", "got 'https://a.example/'"),
        (["https://a.example/chat"], "SAC032", "without a path"),
        (["a.example"], "SAC032", "got 'a.example'"),
        (["https://A.example"], "SAC032", "in lower case"),
        (["https://a'b.example"], "SAC032", "got 'https://a'b.example'"),
        (["https://a.example:443"], "SAC032", "without the scheme's own port, got 'https://a.example:443'; write"),
        (["http://localhost:80"], "SAC032", "write 'http://localhost'"),
        (["http://localhost:80/"], "SAC032", "write 'http://localhost'"),
        (["http://localhost:443/"], "SAC032", "write 'http://localhost:443'"),
        (["https://A.example:80/chat"], "SAC032", "write 'https://a.example:80'"),
        (["https://A.example:443/chat"], "SAC032", "write 'https://a.example'"),
    ],
)
def test_origins_that_a_browser_never_sends_are_refused(
    stack: Stack, agent: AgentSource, origins: list[str], code: str, words: str, refused: Refused
) -> None:
    with refused(code, words):
        StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=origins))


@pytest.mark.parametrize("header", ["", "*", "X Trace", "X-Trace'"])
def test_a_header_that_no_page_can_send_is_refused(
    stack: Stack, agent: AgentSource, header: str, refused: Refused
) -> None:
    with refused("SAC034", f"got '{header}'"):
        cors = Cors(allow_origins=["https://a.example"], allow_headers=["Authorization", header])
        StreamingAgentApi(stack, "Agent", agent=agent, cors=cors)


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3000", "http://[::1]:3000", f"https://{Aws.REGION}.example.com"],
    ids=["localhost", "IPv6", "of the deployment"],
)
def test_an_origin_of_development_or_of_the_deployment_is_taken(stack: Stack, agent: AgentSource, origin: str) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=[origin]))
    assert resources(stack, "AWS::ApiGateway::GatewayResponse")


def test_the_agent_is_told_the_callers_origin_under_a_name_that_agentcore_passes_on(
    stack: Stack, agent: AgentSource
) -> None:
    """AgentCore keeps `Origin` from agents, and an allow-list that names it fails the deployment."""
    StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=["https://a.example", "https://b.example"]))
    methods = [m["Properties"] for m in resources(stack, "AWS::ApiGateway::Method").values()]
    post = next(m for m in methods if m["HttpMethod"] == "POST")
    header = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin"
    assert post["Integration"]["RequestParameters"][header] == "method.request.header.Origin"
    assert post["RequestParameters"] == {"method.request.header.Origin": False}


def test_a_part_of_a_second_is_refused_before_the_cdk_stops_at_it(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    with refused("SAC033", "whole seconds", "1 second 500 millis"):
        cors = Cors(allow_origins=["https://chat.example.com"], max_age=Duration.millis(1500))
        StreamingAgentApi(stack, "Agent", agent=agent, cors=cors)
