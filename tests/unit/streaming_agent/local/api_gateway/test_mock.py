"""Routes that the gateway answers by itself: mocks with their mapping templates, and what is not run."""

import asyncio
import json
from typing import Any

import pytest
from streaming_agent.local.api_gateway.mock_integration import MockFailed
from streaming_agent.local.api_gateway.request_context import Context
from streaming_agent.local.api_gateway.velocity import MappingTemplate, NotModelled
from streaming_agent.local.messages import Reply, Request

from tests.unit.streaming_agent.local.apps import gateway, method, path_part, template

# as aws-cdk-lib writes a preflight for two origins (aws_apigateway.CorsOptions)
TWO_ORIGINS = (
    '#set($origin = $input.params().header.get("Origin"))\n'
    '#if($origin == "") #set($origin = $input.params().header.get("origin")) #end\n'
    '#if($origin.matches("https://two.example.com"))\n'
    "  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n"
    "#end"
)


def answered(integration: dict[str, Any], *headers: tuple[str, str], verb: str = "GET", path: str = "ping") -> Reply:
    body = template(Ping=path_part("ping"), Get=method("Ping", verb, **integration))
    request = Request(method=verb, path=f"/prod/{path}", headers=headers)
    return asyncio.run(gateway(body).handle(request))


def mock(request_template: str, *responses: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": request_template},
        "IntegrationResponses": list(responses),
    }


@pytest.mark.parametrize(
    "status",
    [
        '{"statusCode": 200}',
        "{ statusCode: 200 }",
        '{"statusCode": "200"}',
        '{"statusCode": 200, "note": "see, path: x"}',
        '{"note": "{a: [b, c: d", "statusCode": 200}',
    ],
)
def test_a_mock_answers_with_the_templates_body(status: str) -> None:
    response = {"StatusCode": "200", "ResponseTemplates": {"application/json": '{"status": "up"}'}}
    reply = answered(mock(status, response))

    assert (reply.status, reply.body, reply.header("Content-Type")) == (200, b'{"status": "up"}', "application/json")


def test_the_request_template_selects_the_response() -> None:
    responses = {"StatusCode": "200"}, {"StatusCode": "503", "SelectionPattern": "503"}

    assert answered(mock('{"statusCode": 503}', *responses)).status == 503
    assert answered(mock('{"statusCode": 418}', *responses)).status == 200
    by_query = '{"statusCode": #if($input.params("down") == "")200#{else}503#end}'
    assert answered(mock(by_query, *responses)).status == 200


def test_a_mock_without_a_status_is_a_500_and_the_log_says_what_to_write() -> None:
    body = template(Ping=path_part("ping"), Get=method("Ping", **mock("{}", {"StatusCode": "200"})))
    api = gateway(body)
    (integration,) = [route.integration for route in api.api.routes if route.integration.mock is not None]
    assert integration.mock is not None

    assert asyncio.run(api.handle(Request(method="GET", path="/prod/ping"))).status == 500
    with pytest.raises(MockFailed, match=r'gives no statusCode; write one such as \{"statusCode": 200\}'):
        integration.mock.reply(Context(Request(method="GET", path="/prod/ping")))


@pytest.mark.parametrize(
    ("sent", "allowed"),
    [
        ("https://one.example.com", "https://one.example.com"),
        ("https://two.example.com", "https://two.example.com"),
        ("https://evil.example", "https://one.example.com"),
        ("https://two.example.com.evil.example", "https://one.example.com"),
        (None, "https://one.example.com"),
    ],
)
@pytest.mark.parametrize("name", ["Origin", "origin"])
def test_a_preflight_for_two_origins_answers_each(name: str, sent: str | None, allowed: str) -> None:
    response = {
        "StatusCode": "204",
        "ResponseParameters": {"method.response.header.Access-Control-Allow-Origin": "'https://one.example.com'"},
        "ResponseTemplates": {"application/json": TWO_ORIGINS},
    }
    headers = [(name, sent)] if sent is not None else []
    reply = answered(mock("{ statusCode: 200 }", response), *headers, verb="OPTIONS")

    assert (reply.status, reply.header("Access-Control-Allow-Origin")) == (204, allowed)


NOT_RUN: dict[str, tuple[dict[str, Any], str]] = {
    "a Lambda function": (
        {
            "Type": "AWS_PROXY",
            "Uri": {
                "Fn::Sub": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:"
                "function:f/invocations"
            },
        },
        "it is a Lambda function, which the local run does not start for a route",
    ),
    "another address": (
        {"Type": "HTTP_PROXY", "Uri": "https://status.example.com/now"},
        "https://status.example.com is not part of the local run",
    ),
    "a service": (
        {"Type": "AWS", "Uri": "arn:aws:apigateway:us-east-1:sqs:path/1/queue"},
        "its integration is of type",
    ),
    "an imported address": ({"Type": "HTTP_PROXY", "Uri": {"Fn::ImportValue": "Url"}}, "is not part of the local run"),
    "a template with a macro": (
        mock("#macro(x)#end{}", {"StatusCode": "200"}),
        "its mapping template uses #macro, which the local run does not know",
    ),
    "a pattern that cannot be read": (
        mock("{}", {"StatusCode": "200", "SelectionPattern": "("}),
        "its mapping template uses the selection pattern (",
    ),
}


@pytest.mark.parametrize("kind", NOT_RUN)
def test_a_route_that_is_not_run_says_so_and_the_agents_does_not_mind(kind: str) -> None:
    integration, sentence = NOT_RUN[kind]
    reply = answered(integration)
    assert isinstance(reply.body, bytes)

    assert reply.status == 501
    message = json.loads(reply.body)["message"]
    assert message.startswith("GET /ping is not run locally: ")
    assert sentence in message


def rendered(text: str, query: str = "", body: bytes = b"", **variables: str) -> str:
    request = Request(method="POST", path="/", query=query, headers=(("X-Name", "Ada"),), body=body)
    context = Context(request, variables=variables, stage_variables={"tier": "gold"})
    return MappingTemplate(text).rendered(context)


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("plain $5 and #hash", "plain $5 and #hash"),
        ("$missing $!missing!", "$missing !"),
        ("$input.params('x-name') ${input.params('q')}", "Ada 1"),
        ("$context.requestId|$stageVariables.tier", "r1|gold"),
        ("#set($n = 2 + 3 * 2)$n #if($n > 7 && !false)big#{else}small#end", "8 big"),
        ("#foreach($one in ['a', 'b'])$velocityCount$one#if($foreach.hasNext),#end#end", "1a,2b"),
        ("## a comment\n#* another *#kept #[[$raw]]#", "kept $raw"),
        ('#set($map = {"a": [1, 2]})$map.a[1] $map.get("a").size()', "2 2"),
        ("$input.json('$.who.name') $input.path('$.list[1]')", '"Bo" 8'),
        ('#set($t = "hi $context.requestId")$t $util.base64Encode("a")', "hi r1 YQ=="),
        ('#if("a" == "b")1#elseif($context.requestId.startsWith("r"))2#{else}3#end', "2"),
    ],
)
def test_mapping_templates_do_what_velocity_does(text: str, output: str) -> None:
    body = json.dumps({"who": {"name": "Bo"}, "list": [7, 8]}).encode()

    assert rendered(text, "q=1", body, requestId="r1") == output


@pytest.mark.parametrize(
    "text",
    [
        "#parse('x')",
        "#if(true)",
        "#end",
        "#set($a.b().c = 1)",
        "$input.bogus()",
        '#set($a = "open)',
        "#foreach($x in [1])" * 60,
        "#if(" + "(" * 200 + "true" + ")" * 200 + ")#end",
        "#foreach($a in $l)$a#end"
        if False
        else '#set($l = ["' + '","'.join("a" * 2000) + '"])#foreach($x in $l)$x#end',
        '#if("aaaa".matches("("))#end',
        "$input.path()",
        "$input.path(5)",
        "$input.json(['$'])",
        "$input.params('a', 'b')",
        "#set($l = [1])#set($n = -5)$l.get($n)",
        "#set($m = {})$m[[1]]",
        "#set($l = [])#set($x = $l.add($l))$l",
        "'$a[" * 400,
        "$a[" * 400,
        '#set($x = "' + "$a[" * 400 + '")',
        "#set($x = " + "!" * 3000 + "true)",
        "#set($x = " + "+".join("1" * 3000) + ")",
        "#set($x = " + "9" * 5000 + ")",
        "#set($x = 999999999)" + "#set($x = $x * $x)" * 12 + "$x",
    ],
)
def test_what_is_not_modelled_is_named_and_never_guessed(text: str) -> None:
    with pytest.raises(NotModelled):
        rendered(text)


def test_half_a_character_in_a_body_is_no_traceback() -> None:
    echo = {"StatusCode": "200", "ResponseTemplates": {"application/json": "$util.urlDecode('%')$input.path('$.a')"}}
    body = template(Ping=path_part("ping"), Get=method("Ping", "POST", **mock("{statusCode: 200}", echo)))
    request = Request(method="POST", path="/prod/ping", body=b'{"a": "\\ud800"}')

    assert asyncio.run(gateway(body).handle(request)).body == b"%?"


def test_a_template_that_explodes_is_ended() -> None:
    doubling = '#set($a = "x")' + '#set($a = "$a$a$a$a$a$a$a$a")' * 12 + "$a"

    with pytest.raises(NotModelled, match="megabyte"):
        rendered(doubling)
