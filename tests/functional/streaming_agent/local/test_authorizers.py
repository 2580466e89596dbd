"""The other ways into a method: functions run for real, other OpenID providers, AWS credentials, required groups."""

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from aws_cdk import App, Stack, aws_lambda
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    RequiredClaim,
    SessionBinding,
    StreamingAgentApi,
    TokenType,
)
from tests.functional.streaming_agent.local.calls import Answer, ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT

DISCOVERY_URL = "https://login.example.com/tenant/.well-known/openid-configuration"
NODE = pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH: `make install` brings one")

# Admits whoever sends a token that says so; counts its calls in what it hands to the agent.
PYTHON_HANDLER = """
calls = 0
def handler(event, context):
    global calls
    calls += 1
    print("deciding", calls)
    wish = event["headers"].get("X-Wish", "allow")
    if wish == "unauthorized":
        raise Exception("Unauthorized")
    if wish == "fail":
        raise ValueError("broken")
    if wish == "nothing":
        return {}
    effect = "Deny" if wish == "deny" else "Allow"
    resource = event["methodArn"] if wish != "elsewhere" else event["methodArn"].replace("/POST/", "/GET/")
    return {
        "principalId": "somebody",
        "policyDocument": {"Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}]},
        "context": {"session": f"session-of-somebody-{calls:020d}"},
    }
"""


@contextmanager
def chain_with(folder: Path, build: Callable[[Stack], None]) -> Iterator[Endpoints]:
    app = App(outdir=str(folder / "cdk.out"), context={"aws:cdk:bundling-stacks": []})
    build(Stack(app, "Chat"))
    app.synth()
    with emulator_of(folder / "cdk.out") as ready:
        yield ready


def agent() -> AgentSource:
    return AgentSource.from_directory(str(AGENT))


@pytest.fixture(scope="module")
def custom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    def build(stack: Stack) -> None:
        function = aws_lambda.Function(
            stack,
            "Decider",
            code=aws_lambda.Code.from_inline(PYTHON_HANDLER),
            handler="index.handler",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
        )
        auth = AgentAuth.lambda_authorizer(
            function,
            discovery_url=DISCOVERY_URL,
            audiences=["chat"],
            identity_headers=["Authorization", "X-Wish"],
            session_key="session",
        )
        StreamingAgentApi(stack, "Agent", agent=agent(), auth=auth, session=SessionBinding.PER_USER)

    with chain_with(tmp_path_factory.mktemp("custom"), build) as ready:
        yield ready


def wish(ready: Endpoints, what: str) -> Answer:
    return ask(ready.invocations_url, token=sign_in(ready).id, headers={"X-Wish": what})


def test_a_function_that_allows_hands_its_context_to_the_integration(custom: Endpoints) -> None:
    answer = wish(custom, "allow")

    assert answer.status == 200
    assert str(answer.events[0]["session"]).startswith("session-of-somebody-")


@pytest.mark.parametrize(
    ("what", "status", "error"),
    [
        ("deny", 403, "AccessDeniedException"),
        ("elsewhere", 403, "AccessDeniedException"),
        ("unauthorized", 401, "UnauthorizedException"),
        ("fail", 500, "AuthorizerFailureException"),
        ("nothing", 500, "AuthorizerConfigurationException"),
    ],
)
def test_what_a_function_says_is_what_the_caller_gets(custom: Endpoints, what: str, status: int, error: str) -> None:
    answer = wish(custom, what)

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (status, error)


def test_without_an_identity_source_the_function_is_not_asked(custom: Endpoints) -> None:
    answer = ask(custom.invocations_url, token=sign_in(custom).id)

    assert (answer.status, answer.message) == (401, "Unauthorized")


def test_an_answer_is_kept_for_the_same_identity(custom: Endpoints) -> None:
    token = sign_in(custom).id
    first, again = (
        ask(custom.invocations_url, token=token, headers={"X-Wish": "the same"}).events[0] for _ in range(2)
    )

    assert first["session"] == again["session"]


def test_a_function_cannot_let_a_token_past_the_runtime(custom: Endpoints) -> None:
    answer = ask(custom.invocations_url, token="not.a.token", headers={"X-Wish": "allow"})

    assert answer.status == 401
    assert answer.message.startswith("Invalid Bearer token")


@NODE
def test_a_fake_openid_provider_satisfies_the_shipped_authorizer(tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        groups = RequiredClaim.list_contains_any("roles", ["admin", "agent-user"])
        auth = AgentAuth.oidc(
            discovery_url=DISCOVERY_URL, audiences=["chat"], scopes=["agents/invoke"], claims=[groups]
        )
        StreamingAgentApi(stack, "Agent", agent=agent(), auth=auth)

    with chain_with(tmp_path, build) as ready:
        token = sign_in(ready).id
        good, forged = ask(ready.invocations_url, token=token), ask(ready.invocations_url, token=token[:-9] + "A" * 9)

    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["roles"] == ["admin", "agent-user"]
    assert good.status == 200
    assert forged.status == 401


def test_a_user_of_the_pool_has_the_groups_that_the_template_asks_for(tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        auth = AgentAuth.cognito(claims=[RequiredClaim.list_contains("cognito:groups", "agents")])
        StreamingAgentApi(stack, "Agent", agent=agent(), auth=auth)

    with chain_with(tmp_path, build) as ready:
        assert ask(ready.invocations_url, token=sign_in(ready).id).status == 200


def test_a_method_with_scopes_takes_the_access_token_alone(tmp_path: Path) -> None:
    def build(stack: Stack) -> None:
        auth = AgentAuth.cognito(token=TokenType.ACCESS)
        StreamingAgentApi(stack, "Agent", agent=agent(), auth=auth, session=SessionBinding.PER_USER)

    with chain_with(tmp_path, build) as ready:
        tokens = sign_in(ready)
        good, other = (ask(ready.invocations_url, token=token) for token in (tokens.access, tokens.id))

    assert good.status == 200
    assert (other.status, other.message) == (401, "Unauthorized")  # the gateway's own words


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    def build(stack: Stack) -> None:
        auth = AgentAuth.iam(discovery_url=DISCOVERY_URL, audiences=["chat"], token_header="X-Token")
        StreamingAgentApi(stack, "Agent", agent=agent(), auth=auth, session=SessionBinding.PER_REQUEST)

    with chain_with(tmp_path_factory.mktemp("signed"), build) as ready:
        yield ready


def sigv4(ready: Endpoints, body: bytes, secret: str | None = None, query: str = "") -> dict[str, str]:
    """The headers that botocore signs a request with."""
    session = boto3.Session(ready.aws_access_key_id, secret or ready.aws_secret_access_key)
    headers = {"Content-Type": "application/json"}
    request = AWSRequest("POST", ready.invocations_url + query, data=body, headers=headers)
    SigV4Auth(session.get_credentials(), "execute-api", "us-east-1").add_auth(request)
    return dict(request.headers.items())


@pytest.mark.parametrize("query", ["", "?b=2&a=1&name=a%20b"])
def test_a_signed_request_with_the_users_token_passes(signed: Endpoints, query: str) -> None:
    headers = {**sigv4(signed, b"{}", query=query), "X-Token": f"Bearer {sign_in(signed).id}"}

    assert ask(signed.invocations_url + query, body=b"{}", headers=headers).status == 200


def test_a_signature_is_not_enough_for_the_runtime(signed: Endpoints) -> None:
    answer = ask(signed.invocations_url, body=b"{}", headers=sigv4(signed, b"{}"))

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (401, "UnauthorizedException")


@pytest.mark.parametrize("what", ["nothing", "a token alone", "another secret", "another body"])
def test_a_request_that_is_not_signed_as_it_should_is_refused(signed: Endpoints, what: str) -> None:
    headers = {
        "nothing": {},
        "a token alone": {"Authorization": f"Bearer {sign_in(signed).id}"},
        "another secret": sigv4(signed, b"{}", secret="guessed"),
        "another body": sigv4(signed, b'{"other": 1}'),
    }[what]

    assert ask(signed.invocations_url, body=b"{}", headers=headers).status == 403
