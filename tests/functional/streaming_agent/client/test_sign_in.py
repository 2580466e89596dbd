"""Tokens: asked for once, renewed in time, kept safely, and the challenges on the way."""

import stat
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streaming_agent.client import (
    AgentClient,
    BrowserSignIn,
    Challenge,
    ClientCredentials,
    ClientError,
    SignInFailed,
    SrpSignIn,
    StaticToken,
    TokenRefused,
    Tokens,
    TokenStore,
    TokenUse,
)

from tests.functional.streaming_agent.client.made_tokens import token, tokens
from tests.functional.streaming_agent.client.scripted_api import json_reply, refused, scripted

CHALLENGE = json_reply(
    {
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeParameters": {
            "SALT": "a1b2c3",
            "SRP_B": "123456789abcdef",
            "SECRET_BLOCK": "c2VjcmV0",
            "USER_ID_FOR_SRP": "user-1",
        },
        "Session": "session-1",
    }
)


def cognito_result(issued: Tokens) -> Callable[[Any], None]:
    result = {"IdToken": issued.id, "AccessToken": issued.access, "RefreshToken": issued.refresh}
    return json_reply({"AuthenticationResult": {name: value for name, value in result.items() if value}})


def oauth_result(issued: Tokens) -> Callable[[Any], None]:
    return json_reply({"id_token": issued.id, "access_token": issued.access, "refresh_token": issued.refresh})


def test_a_token_that_is_about_to_expire_is_refreshed() -> None:
    old, new = tokens(lifetime=600, age=545), tokens()
    with scripted(CHALLENGE, cognito_result(old), cognito_result(new)) as api:
        with AgentClient(api.address(), SrpSignIn("user", "password")) as client:
            assert client.token() == old.id
            assert client.token() == new.id
            assert client.token() == new.id

    assert api.asked[2].json["AuthFlow"] == "REFRESH_TOKEN_AUTH"
    assert len(api.asked) == 3


def test_a_sign_in_that_cannot_be_refreshed_is_made_again() -> None:
    old, new = tokens(lifetime=600, age=599), tokens()
    with scripted(CHALLENGE, cognito_result(old), refused(400), CHALLENGE, cognito_result(new)) as api:
        with AgentClient(api.address(), SrpSignIn("user", "password")) as client:
            assert [client.token(), client.token()] == [old.id, new.id]


def test_a_password_is_never_sent() -> None:
    with scripted(CHALLENGE, cognito_result(tokens())) as api:
        with AgentClient(api.address(), SrpSignIn("user", "open sesame")) as client:
            client.token()

    assert not any(b"sesame" in asked.body for asked in api.asked)


@pytest.mark.parametrize(
    ("name", "asked_for"),
    [("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"), ("NEW_PASSWORD_REQUIRED", "NEW_PASSWORD")],
)
def test_a_challenge_is_answered_by_the_user(name: str, asked_for: str) -> None:
    more = json_reply({"ChallengeName": name, "ChallengeParameters": {}, "Session": "session-2"})
    seen: list[Challenge] = []

    def answer(challenge: Challenge) -> str:
        seen.append(challenge)
        return "123456"

    with scripted(CHALLENGE, more, cognito_result(tokens())) as api:
        with AgentClient(api.address(), SrpSignIn("user", "password", answer=answer)) as client:
            client.token()

    assert [challenge.name for challenge in seen] == [name]
    assert api.asked[2].json["Session"] == "session-2"
    assert api.asked[2].json["ChallengeResponses"] == {"USERNAME": "user", asked_for: "123456"}


def test_a_challenge_that_nobody_answers_is_named() -> None:
    more = json_reply({"ChallengeName": "SOFTWARE_TOKEN_MFA", "ChallengeParameters": {}})
    with scripted(CHALLENGE, more) as api, AgentClient(api.address(), SrpSignIn("user", "password")) as client:
        with pytest.raises(SignInFailed, match=r"SOFTWARE_TOKEN_MFA.*CLI013"):
            client.token()


def test_client_credentials_give_an_access_token() -> None:
    machine = Tokens(access=token("access"))
    with scripted(json_reply({"access_token": machine.access, "token_type": "Bearer"})) as api:
        source = ClientCredentials("secret", scopes=["agents/invoke"])
        with AgentClient(api.address(TokenUse.ACCESS), source) as client:
            assert client.token() == machine.access

    assert api.asked[0].headers["authorization"] == "Basic Y2xpZW50OnNlY3JldA=="
    assert parse_qs(api.asked[0].body.decode())["scope"] == ["agents/invoke"]


def test_client_credentials_are_refused_before_asking_where_id_tokens_are_taken() -> None:
    with scripted(refused(400)) as api, AgentClient(api.address(), ClientCredentials("secret")) as client:
        with pytest.raises(SignInFailed, match=r"AgentAuth.user_pool\(…, token=TokenType.ACCESS\) \(CLI016\)"):
            client.token()
        assert not api.asked


@pytest.mark.parametrize(
    ("given", "code"),
    [("not a token", "CLI001"), (token("access"), "CLI002"), (token(lifetime=-5), "CLI003")],
)
def test_a_token_that_cannot_be_accepted_is_not_sent(given: str, code: str) -> None:
    with scripted(refused(401)) as api:
        with pytest.raises(TokenRefused, match=code), AgentClient(api.address(), StaticToken(given)) as client:
            client.invoke("hello")
        assert not api.asked


class Browser:
    """Signs in at once and comes back with these parameters, after a stray visit."""

    def __init__(self, **answer: str) -> None:
        self.answer = answer
        self.asked: dict[str, list[str]] = {}

    def __call__(self, url: str) -> None:
        self.asked = parse_qs(urlsplit(url).query)
        threading.Thread(target=self._return).start()

    def _return(self) -> None:
        (redirect,) = self.asked["redirect_uri"]
        state = self.asked["state"][0]
        for query in (
            "state=forged&code=stolen",
            f"state={state}&" + "&".join("=".join(p) for p in self.answer.items()),
        ):
            try:
                urllib.request.urlopen(f"{redirect}?{query}").read()
            except OSError:
                assert "forged" in query


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_browser_brings_a_code_and_pkce_proves_whose_it_is(free_port: int) -> None:
    import base64
    import hashlib

    browser, issued = Browser(code="code-1"), tokens()
    with scripted(oauth_result(issued)) as api:
        with AgentClient(api.address(), BrowserSignIn(port=free_port, open_browser=browser)) as client:
            assert client.token() == issued.id

    form = parse_qs(api.asked[0].body.decode())
    digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
    assert form["code"] == ["code-1"]
    assert browser.asked["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    assert browser.asked["code_challenge_method"] == ["S256"]


def test_a_browser_that_was_refused_says_why(free_port: int) -> None:
    browser = Browser(error="access_denied")
    with scripted() as api, AgentClient(api.address(), BrowserSignIn(port=free_port, open_browser=browser)) as client:
        with pytest.raises(SignInFailed, match=r"access_denied.*CLI018"):
            client.token()


def test_a_browser_that_does_not_come_back_is_waited_for_so_long_only(free_port: int) -> None:
    source = BrowserSignIn(port=free_port, open_browser=lambda url: None, timeout_seconds=0.05)
    with scripted() as api, AgentClient(api.address(), source) as client, pytest.raises(SignInFailed, match="CLI017"):
        client.token()


def test_kept_tokens_serve_the_next_run(tmp_path: Path) -> None:
    store, issued = TokenStore(tmp_path / "config" / "tokens.json"), tokens()
    with scripted(CHALLENGE, cognito_result(issued)) as api:
        for _ in range(2):
            with AgentClient(api.address(), SrpSignIn("user", "password"), store=store) as client:
                assert client.token() == issued.id
        assert len(api.asked) == 2


def test_kept_tokens_that_the_api_no_longer_takes_are_replaced_once(tmp_path: Path) -> None:
    from tests.functional.streaming_agent.client.scripted_api import said, stream

    store, old, new = TokenStore(tmp_path / "tokens.json"), tokens(), tokens(age=1)
    replies = (refused(401), cognito_result(new), stream(said("there")))
    with scripted(*replies) as api, AgentClient(api.address(), SrpSignIn("user", "x"), store=store) as client:
        store.save(api.address(), "user", old)
        assert [event.text for event in client.invoke("hello")] == ["there"]

    assert api.asked[2].headers["authorization"] == f"Bearer {new.id}"


def test_only_the_owner_can_read_kept_tokens(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / "config" / "tokens.json")
    with scripted() as api:
        store.save(api.address(), "user", tokens())
        store.save(api.address(), "user", tokens())

        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
        assert list(store.path.parent.iterdir()) == [store.path]

        store.path.chmod(0o640)
        with pytest.raises(ClientError, match="mode 640"):
            store.load(api.address(), "user")


def test_forgotten_tokens_are_gone(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / "tokens.json")
    with scripted() as api:
        store.save(api.address(), "user", tokens())
        store.forget(api.address(), "user")

        assert store.load(api.address(), "user") is None


def test_tokens_are_not_shown() -> None:
    issued = tokens()

    assert str(issued.id) not in repr(issued)
