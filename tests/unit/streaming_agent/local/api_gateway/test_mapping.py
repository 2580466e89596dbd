"""What the integration is sent."""

import pytest
from streaming_agent.local.api_gateway import LocalIntegration
from streaming_agent.local.api_gateway.mapping import integration_request
from streaming_agent.local.api_gateway.request_context import Context
from streaming_agent.local.api_gateway.responses import HttpError
from streaming_agent.local.messages import Request

SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
INTEGRATION = LocalIntegration(
    type="HTTP_PROXY",
    uri="https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/agent/invocations",
    mappings={
        f"integration.request.header.{SESSION}": "context.authorizer.claims.sub",
        "integration.request.querystring.qualifier": "'DEFAULT'",
    },
)


def sent(*headers: tuple[str, str], query: str = "", is_signed: bool = False) -> Request:
    request = Request(method="POST", path="/invocations", query=query, headers=headers)
    context = Context(request, variables={"authorizer.claims.sub": "the-user"})
    return integration_request(context, INTEGRATION, "Root=1", is_signed=is_signed)[1]


def test_a_mapped_header_replaces_the_clients_in_any_case() -> None:
    assert sent((SESSION.lower(), "theirs"), (SESSION, "theirs again")).all_headers(SESSION) == ["the-user"]


def test_a_mapped_argument_is_merged_with_the_clients() -> None:
    assert sent(query="qualifier=theirs").query == "qualifier=theirs&qualifier=DEFAULT"


def test_the_token_is_forwarded_unless_the_method_is_signed() -> None:
    token = ("Authorization", "Bearer token")

    assert sent(token).header("Authorization") == "Bearer token"
    assert sent(token, is_signed=True).header("Authorization") is None


def test_a_client_cannot_choose_what_an_authorizer_left_out() -> None:
    request = Request(method="POST", path="/invocations", headers=((SESSION, "somebody else's session"),))

    with pytest.raises(HttpError, match=r"CONFIGURATION_ERROR: context\.authorizer\.claims\.sub has no value"):
        integration_request(Context(request), INTEGRATION, "Root=1")


def test_what_belongs_to_a_connection_is_not_forwarded() -> None:
    request = sent(("Host", "x"), ("TE", "trailers"), ("Via", "y"), ("X-Amzn-Trace-Id", "theirs"), ("Accept", "*/*"))

    assert [name for name, _ in request.headers] == ["Accept", SESSION, "X-Amzn-Trace-Id"]
    assert request.header("X-Amzn-Trace-Id") == "Root=1"
