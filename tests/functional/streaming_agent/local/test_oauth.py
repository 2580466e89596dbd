"""Sign-in by browser and by machine, with Authlib as the standard client."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from aws_cdk import App, Stack, aws_cognito
from joserfc import jwt
from joserfc.jwk import KeySet
from streaming_agent.local.emulator import Endpoints

from streaming_agent_construct import AgentAuth, AgentSource, SessionBinding, StreamingAgentApi, TokenType
from tests.functional.streaming_agent.local.calls import ask
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT

CALLBACK = "http://localhost:8765/callback"


def synthesised(folder: Path, stack_of: object) -> Path:
    app = App(outdir=str(folder / "cdk.out"), context={"aws:cdk:bundling-stacks": []})
    stack_of(Stack(app, "Chat"))  # type: ignore[operator]
    app.synth()
    return folder / "cdk.out"


def browser_stack(stack: Stack) -> None:
    auth = AgentAuth.cognito(callback_urls=[CALLBACK], logout_urls=["http://localhost:8765/"])
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(str(AGENT)), auth=auth)


def machine_stack(stack: Stack) -> None:
    pool = aws_cognito.UserPool(stack, "Pool")
    scope = aws_cognito.ResourceServerScope(scope_name="invoke", scope_description="Ask the agent")
    server = pool.add_resource_server("Agents", identifier="agents", scopes=[scope])
    client = pool.add_client(
        "Machine",
        generate_secret=True,
        o_auth=aws_cognito.OAuthSettings(
            flows=aws_cognito.OAuthFlows(client_credentials=True),
            scopes=[aws_cognito.OAuthScope.resource_server(server, scope)],
        ),
    )
    auth = AgentAuth.user_pool(pool, [client], token=TokenType.ACCESS, scopes=["agents/invoke"])
    StreamingAgentApi(
        stack,
        "Agent",
        agent=AgentSource.from_directory(str(AGENT)),
        auth=auth,
        session=SessionBinding.PER_REQUEST,
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with emulator_of(synthesised(tmp_path_factory.mktemp("browser"), browser_stack)) as ready:
        yield ready


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with emulator_of(synthesised(tmp_path_factory.mktemp("machine"), machine_stack)) as ready:
        yield ready


def discovered(ready: Endpoints) -> dict[str, str]:
    return dict(requests.get(f"{ready.sign_in_url}/.well-known/openid-configuration", timeout=10).json())


def fill_in(page: requests.Response, username: str, password: str) -> requests.Response:
    """What a browser does with the form."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text))
    form = {name: html.unescape(value) for name, value in fields.items()}
    action = re.search(r'action="([^"]*)"', page.text)
    assert action is not None
    target = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}{action[1]}"
    form |= {"username": username, "password": password}
    return requests.post(target, data=form, allow_redirects=False, timeout=10)


def session(ready: Endpoints, **options: object) -> OAuth2Session:
    return OAuth2Session(
        ready.client_id,
        redirect_uri=CALLBACK,
        scope="openid email",
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
        **options,
    )


def signed_in(ready: Endpoints, client: OAuth2Session, verifier: str) -> str:
    """The address that the browser is sent back to."""
    url, _ = client.create_authorization_url(
        discovered(ready)["authorization_endpoint"], code_verifier=verifier, nonce="once"
    )
    return fill_in(requests.get(url, timeout=10), ready.username, ready.password).headers["Location"]


def test_a_standard_client_signs_in_by_code_and_pkce(browser: Endpoints) -> None:
    client, verifier = session(browser), generate_token(48)
    back = signed_in(browser, client, verifier)
    token = client.fetch_token(
        discovered(browser)["token_endpoint"], authorization_response=back, code_verifier=verifier
    )

    keys = KeySet.import_key_set(requests.get(discovered(browser)["jwks_uri"], timeout=10).json())
    claims = jwt.decode(token["id_token"], keys, ["RS256"]).claims
    assert claims["iss"] == discovered(browser)["issuer"]
    assert claims["aud"] == browser.client_id
    assert claims["nonce"] == "once"
    assert jwt.decode(token["access_token"], keys, ["RS256"]).claims["scope"] == "openid email"
    assert ask(browser.invocations_url, token=token["id_token"]).status == 200


def test_a_standard_client_refreshes(browser: Endpoints) -> None:
    client, verifier = session(browser), generate_token(48)
    back = signed_in(browser, client, verifier)
    endpoint = discovered(browser)["token_endpoint"]
    client.fetch_token(endpoint, authorization_response=back, code_verifier=verifier)

    refreshed = client.refresh_token(endpoint)
    assert ask(browser.invocations_url, token=refreshed["id_token"]).status == 200


@pytest.mark.parametrize("verifier", ["another-verifier-that-is-long-enough-for-the-rules", None])
def test_a_code_is_useless_without_its_verifier(browser: Endpoints, verifier: str | None) -> None:
    client = session(browser)
    back = signed_in(browser, client, generate_token(48))

    with pytest.raises(OAuthError, match="invalid_grant"):
        client.fetch_token(discovered(browser)["token_endpoint"], authorization_response=back, code_verifier=verifier)


def test_a_code_is_good_once(browser: Endpoints) -> None:
    client, verifier = session(browser), generate_token(48)
    back = signed_in(browser, client, verifier)
    endpoint = discovered(browser)["token_endpoint"]
    client.fetch_token(endpoint, authorization_response=back, code_verifier=verifier)

    with pytest.raises(OAuthError, match="invalid_grant"):
        client.fetch_token(endpoint, authorization_response=back, code_verifier=verifier)


def authorize(ready: Endpoints, **changes: str) -> requests.Response:
    arguments = {"response_type": "code", "client_id": ready.client_id, "redirect_uri": CALLBACK, **changes}
    url = f"{discovered(ready)['authorization_endpoint']}?{urlencode(arguments)}"
    return requests.get(url, allow_redirects=False, timeout=10)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example.com/"},
        {"redirect_uri": f"{CALLBACK}/more"},
        {"redirect_uri": ""},
        {"client_id": "nobody"},
    ],
)
def test_the_browser_is_sent_nowhere_that_the_client_does_not_name(browser: Endpoints, changes: dict[str, str]) -> None:
    page = authorize(browser, **changes)

    assert page.status_code == 400
    assert "Location" not in page.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_what_the_client_does_not_allow_goes_back_as_an_error(
    browser: Endpoints, changes: dict[str, str], error: str
) -> None:
    back = authorize(browser, state="kept", **changes).headers["Location"]

    assert parse_qs(urlsplit(back).query) == {"error": [error], "state": ["kept"]}


def test_a_wrong_password_shows_the_form_again(browser: Endpoints) -> None:
    page = fill_in(authorize(browser), browser.username, "wrong")

    assert page.status_code == 401
    assert 'role="alert"' in page.text
    assert "Incorrect username or password." in page.text


def test_what_the_browser_sends_is_shown_escaped(browser: Endpoints) -> None:
    page = authorize(browser, state='"><script>alert(1)</script>')

    assert "<script>" not in page.text


def test_signing_out_goes_where_the_client_says_and_nowhere_else(browser: Endpoints) -> None:
    def signed_out(to: str) -> requests.Response:
        arguments = urlencode({"client_id": browser.client_id, "logout_uri": to})
        return requests.get(f"{browser.sign_in_url}/logout?{arguments}", allow_redirects=False, timeout=10)

    assert signed_out("http://localhost:8765/").headers["Location"] == "http://localhost:8765/"
    assert signed_out("https://evil.example.com/").status_code == 400


@pytest.mark.parametrize(
    ("origin", "allowed"), [("http://localhost:8765", "http://localhost:8765"), ("https://evil.example.com", None)]
)
def test_the_apps_own_pages_may_read_the_issuers_answers(browser: Endpoints, origin: str, allowed: str | None) -> None:
    address = discovered(browser)["token_endpoint"]
    preflight = requests.options(address, headers={"Origin": origin}, timeout=10)

    assert preflight.headers.get("Access-Control-Allow-Origin") == allowed


def test_a_machine_gets_an_access_token_for_its_scope(machine: Endpoints) -> None:
    client = OAuth2Session(machine.client_id, machine.client_secret, scope="agents/invoke")
    token = client.fetch_token(discovered(machine)["token_endpoint"], grant_type="client_credentials")

    assert "id_token" not in token
    assert "refresh_token" not in token
    assert ask(machine.invocations_url, token=token["access_token"]).status == 200


def test_a_machine_with_the_wrong_secret_gets_nothing(machine: Endpoints) -> None:
    client = OAuth2Session(machine.client_id, "guessed", scope="agents/invoke")

    with pytest.raises(OAuthError, match="invalid_client"):
        client.fetch_token(discovered(machine)["token_endpoint"], grant_type="client_credentials")


def test_a_browsers_client_is_no_machine(browser: Endpoints) -> None:
    client = OAuth2Session(browser.client_id, token_endpoint_auth_method="none")

    with pytest.raises(OAuthError, match="unauthorized_client"):
        client.fetch_token(discovered(browser)["token_endpoint"], grant_type="client_credentials")
