"""Browser and machine sign-in against the local issuer, which other clients than ours test too."""

import html
import re
import socket
import threading
from pathlib import Path

import httpx2
from aws_cdk import App, Stack, aws_cognito
from streaming_agent.client import AgentAddress, AgentClient, BrowserSignIn, ClientCredentials, claims_of
from streaming_agent.client import TokenUse as Takes
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentAuth, AgentSource, SessionBinding, StreamingAgentApi, TokenType
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT


def address_of(ready: Endpoints) -> AgentAddress:
    return AgentAddress(
        invocations_url=ready.invocations_url,
        user_pool_id=ready.user_pool_id,
        client_id=ready.client_id,
        sign_in_url=ready.sign_in_url,
        token_type=Takes(ready.token_type),
    )


def fill_in(ready: Endpoints, url: str) -> None:
    """What a person does in a browser: opens the address, fills in the form, is sent back."""
    page = httpx2.get(url)
    hidden = dict(re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', page.text))
    form = {name: html.unescape(value) for name, value in hidden.items()}
    action = re.search(r'action="(.*?)"', page.text)
    assert action is not None
    login = page.url.join(html.unescape(action[1]))
    returned = httpx2.post(login, data={**form, "username": ready.username, "password": ready.password})
    threading.Thread(target=httpx2.get, args=(returned.headers["Location"],)).start()


def test_a_person_signs_in_in_the_browser(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = App(outdir=str(tmp_path), context={"aws:cdk:bundling-stacks": []})
    auth = AgentAuth.cognito(callback_urls=[f"http://localhost:{port}/callback"])
    StreamingAgentApi(Stack(app, "Chat"), "Agent", agent=AgentSource.from_directory(str(AGENT)), auth=auth)
    app.synth()

    with emulator_of(tmp_path) as ready:
        source = BrowserSignIn(port=port, open_browser=lambda url: fill_in(ready, url))
        with AgentClient(address_of(ready), source) as client:
            assert "".join(event.text for event in client.invoke({"count": 3})) == "012"


def test_a_machine_signs_in_with_its_secret_and_scope(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Machines")
    pool = aws_cognito.UserPool(stack, "Pool")
    scope = aws_cognito.ResourceServerScope(scope_name="invoke", scope_description="Ask the agent")
    server = pool.add_resource_server("Agents", identifier="agents", scopes=[scope])
    machine = pool.add_client(
        "Machine",
        generate_secret=True,
        o_auth=aws_cognito.OAuthSettings(
            flows=aws_cognito.OAuthFlows(client_credentials=True),
            scopes=[aws_cognito.OAuthScope.resource_server(server, scope)],
        ),
    )
    auth = AgentAuth.user_pool(pool, [machine], token=TokenType.ACCESS, scopes=["agents/invoke"])
    agent = AgentSource.from_directory(str(AGENT))
    StreamingAgentApi(stack, "Agent", agent=agent, auth=auth, session=SessionBinding.PER_REQUEST)
    app.synth()

    with emulator_of(tmp_path) as ready:
        source = ClientCredentials(ready.client_secret or "", scopes=["agents/invoke"])
        with AgentClient(address_of(ready), source) as client:
            assert claims_of(client.token())["sub"] == ready.client_id
            assert "".join(event.text for event in client.invoke({"count": 2})) == "01"
