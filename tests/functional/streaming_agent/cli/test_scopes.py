"""An API that asks for a scope of its own, with two agents, on a local run: every command gets in, or says why not."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aws_cdk import App, Stack, aws_cognito
from streaming_agent.cli import main
from streaming_agent.client import (
    AgentAddress,
    AgentClient,
    ApiRefused,
    SignInFailed,
    SrpSignIn,
    TokenSource,
    TokenStore,
    claims_of,
    local_run,
    sign_out,
)
from streaming_agent.client.connections import Connections
from streaming_agent.client.local_sign_in import local_sign_in
from streaming_agent.client.token_source import run
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentAuth, AgentSource, SessionBinding, StreamingAgentApi, TokenType
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def scoped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    folder = tmp_path_factory.mktemp("scoped") / "cdk.out"
    app = App(outdir=str(folder), context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Chat")
    pool = aws_cognito.UserPool(stack, "Pool")
    scope = aws_cognito.ResourceServerScope(scope_name="invoke", scope_description="Ask the agent")
    server = pool.add_resource_server("Agents", identifier="agents", scopes=[scope])
    client = pool.add_client(
        "Web",
        auth_flows=aws_cognito.AuthFlow(user_srp=True),
        o_auth=aws_cognito.OAuthSettings(
            flows=aws_cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[aws_cognito.OAuthScope.OPENID, aws_cognito.OAuthScope.resource_server(server, scope)],
            callback_urls=["http://localhost:8765/callback"],
        ),
    )
    auth = AgentAuth.user_pool(pool, [client], token=TokenType.ACCESS, scopes=["agents/invoke"])
    agent = AgentSource.from_directory(str(AGENT))
    api = StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_USER)
    api.add_agent("billing", agent=agent)
    app.synth()
    with emulator_of(folder) as ready:
        yield ready


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, scoped: Endpoints, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    run_file = tmp_path / ".streaming-agent" / "local.json"
    run_file.parent.mkdir()
    run_file.touch(mode=0o600)
    run_file.write_text(json.dumps(dataclasses.asdict(scoped)))
    return tmp_path


def test_chat_and_token_ask_for_the_scope(capsys: Printed) -> None:
    assert main(["chat", "--payload", '{"count": 3}']) == 0
    assert capsys.readouterr().out == "012\n"
    assert main(["token"]) == 0
    assert "agents/invoke" in claims_of(capsys.readouterr().out.strip())["scope"].split()


def test_verify_gets_in(capsys: Printed) -> None:
    main(["verify", "--json"])
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert checks[0] | {"advice": ""} == {
        "group": "streaming",
        "name": "a good token is let in",
        "verdict": "passed",
        "found": "200",
        "advice": "",
    }


def test_a_sign_in_by_password_is_told_why_its_token_is_refused(scoped: Endpoints) -> None:
    address = local_run().address
    with AgentClient(address, SrpSignIn(scoped.username, scoped.password)) as client:
        with pytest.raises(ApiRefused, match=r"asks for one of the scopes agents/invoke, the token has aws\.cognito"):
            client.invoke("hello")


def test_another_agent_is_asked_and_an_unknown_one_told(capsys: Printed) -> None:
    assert main(["chat", "--agent", "billing", "--payload", '{"count": 2}']) == 0
    assert capsys.readouterr().out == "01\n"
    assert main(["chat", "--agent", "nope", "hello"]) == 1
    assert "agent: expected one of billing, got nope (CLI022)" in capsys.readouterr().err


def test_signing_out_revokes_what_was_kept(capsys: Printed) -> None:
    assert main(["token", "--keep"]) == 0
    local = local_run()
    source, store = local_sign_in(local), TokenStore()
    kept = store.load(local.address, source.name)
    assert kept is not None
    assert kept.refresh is not None

    assert main(["sign-out"]) == 0
    assert main(["sign-out"]) == 0
    assert "signed out\nnobody was signed in" in capsys.readouterr().out.partition("\n")[2]
    assert store.load(local.address, source.name) is None
    with pytest.raises(SignInFailed, match="invalid_grant"):
        _refresh(local.address, source, kept.refresh)


def test_a_sign_in_by_password_is_revoked_without_managed_login(scoped: Endpoints, tmp_path: Path) -> None:
    address = dataclasses.replace(local_run().address, sign_in_url=None, scopes=())
    source, store = SrpSignIn(scoped.username, scoped.password), TokenStore(tmp_path / "kept" / "tokens.json")
    with AgentClient(address, source, store=store) as client:
        client.token()
    kept = store.load(address, source.name)
    assert kept is not None
    assert sign_out(address, source, store)
    with pytest.raises(SignInFailed, match="Invalid Refresh Token"):
        _refresh(address, source, str(kept.refresh))


def _refresh(address: AgentAddress, source: TokenSource, refresh_token: str) -> None:
    with closing(Connections()) as connections:
        run(source.refresh(address, refresh_token), connections)
