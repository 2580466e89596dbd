"""The agent's half of the guard: what shows the gateway's secret passes, and nothing else does."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

AGENT = Path(__file__).parents[1] / "agent"
Ask = Callable[[str | None], Any]
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-AbCdEf"


@pytest.fixture(scope="module")
def gateway_secret() -> Any:
    """The module, from the agent's folder."""
    spec = importlib.util.spec_from_file_location("gateway_secret", AGENT / "gateway_secret.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Vault:
    """Secrets Manager, and a clock, as a test wants them."""

    def __init__(self) -> None:
        self.versions = ["current", "previous"]
        self.reads = 0
        self.now = 1000.0

    def read(self, arn: str) -> list[str]:
        assert arn == ARN
        self.reads += 1
        if not self.versions:
            raise ConnectionError("no way to Secrets Manager")
        return list(self.versions)


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def agent(gateway_secret: Any, vault: Vault) -> TestClient:
    """An agent behind the guard."""

    async def answer(request: Any) -> PlainTextResponse:
        return PlainTextResponse("answer")

    app = Starlette(routes=[Route("/invocations", answer, methods=["POST"]), Route("/ping", answer)])
    secret = gateway_secret.GatewaySecret(ARN, read=vault.read, clock=lambda: vault.now)
    return TestClient(gateway_secret.GatewayOnly(app, secret))


@pytest.fixture
def ask(gateway_secret: Any, agent: TestClient) -> Ask:
    def ask(shown: str | None) -> Any:
        return agent.post("/invocations", headers={} if shown is None else {gateway_secret.HEADER: shown})

    return ask


@pytest.mark.parametrize("shown", ["current", "previous"])
def test_what_the_gateway_shows_passes_during_a_rotation_too(ask: Ask, shown: str) -> None:
    assert ask(shown).text == "answer"


@pytest.mark.parametrize("shown", [None, "", "guess", "curren", "currently", "Current"])
def test_what_does_not_show_it_is_refused(ask: Ask, shown: str | None) -> None:
    reply = ask(shown)
    assert reply.status_code == 403
    assert reply.json()["error"]["code"] == "not_through_the_gateway"


def test_the_health_check_needs_no_secret(agent: TestClient, vault: Vault) -> None:
    assert agent.get("/ping").status_code == 200
    assert vault.reads == 0


def test_a_web_socket_is_no_way_around(agent: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), agent.websocket_connect("/ws"):
        pass


def test_the_secret_is_read_once_for_many_calls(ask: Ask, vault: Vault) -> None:
    for _ in range(3):
        ask("current")
    assert vault.reads == 1


def test_a_rotated_secret_is_taken_without_a_restart(ask: Ask, vault: Vault) -> None:
    ask("current")
    vault.versions = ["next", "current"]
    vault.now += 61
    assert ask("next").text == "answer"


def test_guessing_does_not_make_the_agent_read_at_will(ask: Ask, vault: Vault) -> None:
    for guess in range(5):
        ask(f"guess {guess}")
    assert vault.reads == 1


def test_while_the_secret_cannot_be_read_nobody_passes(ask: Ask, vault: Vault) -> None:
    vault.versions = []
    assert ask("current").status_code == 403


@pytest.mark.parametrize(("rotated", "versions"), [(False, ["one"]), (True, ["two", "one"])])
def test_both_versions_are_read_from_secrets_manager(
    gateway_secret: Any, monkeypatch: pytest.MonkeyPatch, rotated: bool, versions: list[str]
) -> None:
    secrets_manager = boto3.client(
        "secretsmanager", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    monkeypatch.setattr(gateway_secret.boto3, "client", lambda service, region_name: secrets_manager)
    with Stubber(secrets_manager) as answers:
        asked = {"SecretId": ARN, "VersionStage": "AWSCURRENT"}
        answers.add_response("get_secret_value", {"SecretString": versions[0]}, asked)
        asked = {"SecretId": ARN, "VersionStage": "AWSPREVIOUS"}
        if rotated:
            answers.add_response("get_secret_value", {"SecretString": versions[1]}, asked)
        else:
            answers.add_client_error("get_secret_value", "ResourceNotFoundException", expected_params=asked)
        assert gateway_secret.read_versions(ARN) == versions
