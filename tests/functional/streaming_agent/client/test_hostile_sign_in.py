"""What answers as a user pool may say anything: each ends in one `ClientError`, soon, and in little memory."""

import gzip
import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import anyio
import pytest
from streaming_agent.client import (
    AgentClient,
    AsyncAgentClient,
    ClientError,
    SignInFailed,
    SrpSignIn,
    TokenStore,
    TokenUse,
)
from streaming_agent.client.client_credentials import ClientCredentials

from tests.functional.streaming_agent.client.made_tokens import token, tokens
from tests.functional.streaming_agent.client.scripted_api import Reply, ScriptedApi, json_reply, raw, scripted

CHALLENGE = {"USER_ID_FOR_SRP": "user", "SALT": "ab", "SRP_B": "abc", "SECRET_BLOCK": "YWJj"}


def challenge(**changed: object) -> Reply:
    parameters = {name: value for name, value in {**CHALLENGE, **changed}.items() if value is not ...}
    return json_reply({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters, "Session": "s"})


ANSWERS = {
    "a negative number": challenge(SRP_B="-5"),
    "zero": challenge(SRP_B="0"),
    "a number that is none": challenge(SALT="salt"),
    "an endless number": challenge(SRP_B="f" * 100_000),
    "a missing field": challenge(SRP_B=...),
    "a null": challenge(SALT=None),
    "a number for a text": challenge(SECRET_BLOCK=5),
    "a block that is none": challenge(SECRET_BLOCK="%%%"),
    "no parameters": json_reply({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": None}),
    "no challenge": json_reply({"x": 1}),
    "a list": json_reply([1]),
    "no JSON": raw(b"<html>", "text/html"),
    "deep JSON": raw(b"[" * 100_000, "application/json"),
    "nothing": raw(b"", "application/json"),
    "a result that is none": json_reply({"AuthenticationResult": None}),
    "a result without tokens": json_reply({"AuthenticationResult": {"AccessToken": 5}}),
    "a token that is none": json_reply({"AuthenticationResult": {"AccessToken": "a", "IdToken": "b\nc"}}),
    "an expiry that is none": json_reply({"AuthenticationResult": {"AccessToken": "a", "IdToken": token(exp="soon")}}),
    "an endless expiry": json_reply({"AuthenticationResult": {"AccessToken": "a", "IdToken": token(exp=float("inf"))}}),
    "an error of another kind": json_reply({"__type": ["x"], "message": {"y": 1}}, 400),
    "broken gzip": raw(b"no", "application/json", Content_Encoding="gzip"),
    "a bomb": raw(gzip.compress(b" " * 50_000_000), "application/json", Content_Encoding="gzip"),
}


def sign_in(reply: Reply) -> None:
    with scripted(reply) as api, AgentClient(api.address(), SrpSignIn("user", "password")) as client:
        client.token()


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_answer_ends_in_one_sentence(answer: str) -> None:
    with pytest.raises(ClientError) as error:
        sign_in(ANSWERS[answer])
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize("answer", ["a negative number", "deep JSON", "a bomb", "broken gzip"])
def test_the_async_client_survives_them_too(answer: str) -> None:
    async def ask(address: object) -> None:
        async with AsyncAgentClient(address, SrpSignIn("user", "password")) as client:  # type: ignore[arg-type]
            await client.token()

    with scripted(ANSWERS[answer]) as api, pytest.raises(ClientError):
        anyio.run(ask, api.address())


def test_a_pool_that_never_stops_asking_is_left_after_ten_challenges() -> None:
    with scripted(challenge()) as api, AgentClient(api.address(), SrpSignIn("user", "password")) as client:
        with pytest.raises(SignInFailed, match=r"10 challenges: check cognito_endpoint \(CLI013\)"):
            client.token()
        assert len(api.asked) == 11


def test_a_password_that_is_no_text_is_refused() -> None:
    with scripted(challenge()) as api, AgentClient(api.address(), SrpSignIn("user", "pass\udcff")) as client:
        with pytest.raises(SignInFailed, match=r"write it in UTF-8 \(CLI014\)"):
            client.token()


@pytest.mark.parametrize("content", [{}, {"id_token": "x"}, {"access_token": None}, {"access_token": ["x"]}])
def test_a_token_endpoint_without_a_token(content: object) -> None:
    with (
        scripted(json_reply(content)) as api,
        AgentClient(api.address(TokenUse.ACCESS), ClientCredentials("s")) as client,
    ):
        with pytest.raises(SignInFailed, match="CLI032"):
            client.token()


def test_an_endless_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [0]

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        try:
            while sent[0] < 200_000_000:
                handler.wfile.write(b" " * 65536)
                sent[0] += 65536
        except OSError:
            return

    with pytest.raises(SignInFailed, match="more than 1 MB"):
        sign_in(endless)
    assert sent[0] < 50_000_000


@pytest.mark.parametrize("content", ["", "[]", "5", "{", '{"x": 1}', "[" * 100_000, '{"KEY": []}', '{"KEY": {}}'])
def test_a_kept_file_of_another_shape_is_named(tmp_path: Path, content: str) -> None:
    store = TokenStore(tmp_path / "tokens.json")
    with scripted() as api:
        store.save(api.address(), "me", tokens())
        (key,) = json.loads(store.path.read_text())
        store.path.write_text(content.replace("KEY", key))
        if content == '{"x": 1}':
            assert store.load(api.address(), "me") is None
            return
        with pytest.raises(ClientError, match="CLI031"):
            store.load(api.address(), "me")


def test_a_folder_is_no_token_file(tmp_path: Path) -> None:
    with scripted() as api:
        for use in (lambda: TokenStore(tmp_path).load(api.address(), "me"), lambda: _save(tmp_path / "f" / "t", api)):
            (tmp_path / "f").touch()
            with pytest.raises(ClientError, match=r"CLI03[01]"):
                use()


def _save(path: Path, api: ScriptedApi) -> None:
    TokenStore(path).save(api.address(), "me", tokens())
