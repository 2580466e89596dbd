"""A web page beside the run: its files, its config.json, and nothing from outside its folder."""

import asyncio
import json
from pathlib import Path

import pytest
from streaming_agent.cli import main
from streaming_agent.local.emulator import Endpoints
from streaming_agent.local.messages import Reply, Request
from streaming_agent.local.website import Website

ENDPOINTS = Endpoints(
    url="http://127.0.0.1:1/prod/",
    invocations_url="http://127.0.0.1:1/prod/invocations",
    runtime_url="http://127.0.0.1:2/",
    cognito_endpoint="http://127.0.0.1:3",
    user_pool_id="us-east-1_A",
    client_id="client",
    username="developer",
    password="Aa1!",
    token_type="id",
    transfer_mode="STREAM",
    sign_in_url="http://127.0.0.1:3/us-east-1_A",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text("<h1>hello</h1>")
    (folder / "chat.js").write_text("1")
    (folder / ".env").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret.txt")
    return folder


def get(folder: Path, path: str, method: str = "GET") -> Reply:
    return asyncio.run(Website(folder, ENDPOINTS).handle(Request(method=method, path=path)))


def test_the_folders_files_are_served_with_their_types(folder: Path) -> None:
    assert (get(folder, "/").body, get(folder, "/").header("Content-Type")) == (b"<h1>hello</h1>", "text/html")
    assert str(get(folder, "/chat.js").header("Content-Type")).endswith("javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/link",
        "//etc/passwd",
        "/missing",
        "/%00",
        "/a%00b",
        "/" + "a" * 5000,
        "/.env",
        "/.git/config",
    ],
)
def test_nothing_outside_the_folder_is_served(folder: Path, path: str) -> None:
    assert get(folder, path).status == 404


def test_a_page_learns_where_to_sign_in_and_ask_but_no_password(folder: Path) -> None:
    body = get(folder, "/config.json").body
    assert isinstance(body, bytes)

    assert json.loads(body) == {
        "invocationsUrl": "http://127.0.0.1:1/prod/invocations",
        "signInUrl": "http://127.0.0.1:3/us-east-1_A",
        "clientId": "client",
        "tokenType": "id",
        "scope": "openid email profile",
    }


def test_the_page_may_call_the_run_and_nothing_else(folder: Path) -> None:
    policy = str(get(folder, "/").header("Content-Security-Policy"))

    assert policy.endswith("connect-src 'self' http://127.0.0.1:1 http://127.0.0.1:3")
    assert policy.startswith("default-src 'none'")


def test_pages_take_no_other_method(folder: Path) -> None:
    assert get(folder, "/", "POST").status == 405


def test_a_folder_without_a_page_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["local", "--assembly", "missing", "--web", str(tmp_path)]) == 1
    assert "SAL070" in capsys.readouterr().err
