"""A run file leads to this machine only: it comes with a folder that somebody else may have made."""

import json
import os
import sys
from pathlib import Path

import pytest
from streaming_agent.cli import main
from streaming_agent.client import AgentAddress, ClientError, TokenStore, local_run

from tests.functional.streaming_agent.client.made_tokens import token, tokens
from tests.functional.streaming_agent.client.scripted_api import json_reply, raw, said, scripted

LOCAL = {
    "invocations_url": "http://127.0.0.1:8080/prod/invocations",
    "runtime_url": "http://127.0.0.1:8081/",
    "cognito_endpoint": "http://127.0.0.1:8082",
    "user_pool_id": "us-east-1_AbCdEfGhI",
    "client_id": "client",
    "username": "developer",
    "password": "Pa55word!",
}


def write(path: Path, encoding: str = "utf-8", **changed: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({**LOCAL, **changed}), encoding=encoding)
    return path


@pytest.mark.parametrize("name", ["invocations_url", "cognito_endpoint", "sign_in_url", "runtime_url"])
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://evil.example/x",
        "https://127.0.0.1.evil.example/x",
        "https://127.0.0.1@evil.example/x",
        "https://evil.example#@127.0.0.1/",
        "https://localhost.evil.example",
        "//evil.example/x",
        "",
    ],
)
def test_no_address_of_a_run_file_leads_away_from_this_machine(tmp_path: Path, name: str, url: str) -> None:
    with pytest.raises(ClientError, match="CLI028"):
        local_run(write(tmp_path / "local.json", **{name: url}))


def test_a_missing_endpoint_is_not_the_regions_own(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="CLI024"):
        local_run(write(tmp_path / "local.json", cognito_endpoint=None))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_a_shells_redirection_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    assert local_run(write(tmp_path / "run.json", encoding)).username == "developer"


@pytest.mark.parametrize(
    "content", [b'{"password": "Pa55word!"', b"\xff\xfePa55word!", b'["Pa55word!"]', b'{"password": "Pa55word!"}', b""]
)
def test_what_cannot_be_read_is_not_quoted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(ClientError, match="CLI024") as error:
        local_run(path)
    assert "Pa55" not in str(error.value)


def test_a_folder_is_no_run_file(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="CLI024"):
        local_run(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_run_file_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / ".streaming-agent" / "local.json").chmod(mode)
    with pytest.raises(ClientError, match="CLI029"):
        local_run()


def test_kept_tokens_go_only_where_they_were_made_for(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / "tokens.json")
    mine = AgentAddress(
        invocations_url="https://mine.example/prod/invocations",
        user_pool_id="eu-west-1_Mine",
        client_id="client",
        sign_in_url="https://mine.auth.eu-west-1.amazoncognito.com",
    )
    store.save(mine, "me", tokens())
    assert store.load(mine, "me") is not None
    for changed in (
        {"invocations_url": "https://evil.example/prod/invocations"},
        {"invocations_url": "https://mine.example:8443/prod/invocations"},
        {"sign_in_url": "https://evil.example"},
        {"sign_in_url": None},
        {"cognito_endpoint": "https://evil.example"},
        {"user_pool_id": "eu-west-1_Other"},
        {"client_id": "other"},
    ):
        other = AgentAddress(**{**vars(mine), **changed})
        assert store.load(other, "me") is None, changed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_folder_with_a_pipe_for_the_run_file_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".streaming-agent").mkdir()
    os.mkfifo(tmp_path / ".streaming-agent" / "local.json", 0o600)
    with pytest.raises(ClientError, match=r"CLI024"):
        local_run()


@pytest.mark.parametrize("changed", [{"scopes": "a/b"}, {"agents": {"a": 1}}, {"scopes": [1]}])
def test_lists_of_a_run_file_are_lists(tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(ClientError, match="CLI024"):
        local_run(write(tmp_path / "run.json", **changed))


def test_tokens_are_never_kept_in_whichever_folder_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for relative in ("", "config", "."):
        monkeypatch.setenv("XDG_CONFIG_HOME", relative)
        assert TokenStore().path == tmp_path / "home" / ".config" / "streaming-agent" / "tokens.json"
    monkeypatch.setenv("HOME", "home")
    with pytest.raises(ClientError, match="CLI031"):
        TokenStore()


def test_the_environments_api_key_goes_only_to_an_address_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STREAMING_AGENT_API_KEY", "production-key")
    monkeypatch.setenv("STREAMING_AGENT_TOKEN", token())
    signed_in, answer = json_reply({"access_token": token("access")}), raw(said("hello"))
    with scripted(signed_in, answer, signed_in, answer, answer) as api:
        local = {
            "invocations_url": f"{api.origin}/prod/invocations",
            "cognito_endpoint": api.origin,
            "sign_in_url": api.origin,
            "client_secret": "secret",
            "token_type": "access",
        }
        write(tmp_path / ".streaming-agent" / "local.json", **local)
        assert main(["chat", "hello"]) == 0
        assert main(["chat", "hello", "--run-file", ".streaming-agent/local.json"]) == 0
        assert main(["chat", "hello", "--url", f"{api.origin}/prod/invocations"]) == 0
    capsys.readouterr()
    keys = [asked.headers.get("x-api-key") for asked in api.asked if asked.path.endswith("/invocations")]
    assert keys == [None, None, "production-key"]
