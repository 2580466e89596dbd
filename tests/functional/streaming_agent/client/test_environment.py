"""Proxies and certificates of the environment: none for this machine, and elsewhere each fault is one sentence."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx2
import pytest
from streaming_agent.client import AgentAddress, AgentClient, AsyncAgentClient, ClientError, Retries, StaticToken
from streaming_agent.client.connections import said_by
from streaming_agent.verify import Subject, verify

from tests.functional.streaming_agent.client.made_tokens import token, tokens
from tests.functional.streaming_agent.client.scripted_api import json_reply, raw, said, scripted

ONCE = Retries(attempts=1)
AWAY = AgentAddress(invocations_url="https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod/invocations")


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@contextmanager
def proxy(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that gives this answer to everything, and remembers what it was sent."""
    seen: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                seen.append(connection.recv(65536))
                connection.sendall(answer)

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    try:
        yield f"http://user:Pa55word@127.0.0.1:{listening.getsockname()[1]}", seen
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        serving.join(5)


def ask(address: AgentAddress) -> str:
    with AgentClient(address, StaticToken(token()), retries=ONCE) as client:
        return "".join(event.text for event in client.invoke("hello"))


async def ask_async(address: AgentAddress) -> str:
    async with AsyncAgentClient(address, StaticToken(token()), retries=ONCE) as client:
        return "".join([event.text async for event in await client.invoke("hello")])


SETTINGS = [
    {"HTTP_PROXY": "PROXY"},
    {"ALL_PROXY": "PROXY"},
    {"http_proxy": "PROXY", "https_proxy": "PROXY"},
    {"ALL_PROXY": "socks5://127.0.0.1:1080"},
    {"ALL_PROXY": "socks4://127.0.0.1:1080"},
    {"HTTP_PROXY": "nonsense://x:y:z"},
    {"SSL_CERT_FILE": "absent.pem"},
    {"SSL_CERT_DIR": "absent"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_this_machine_is_reached_without_them(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as (url, seen), scripted(raw(said("hello"))) as api:
        for name, value in settings.items():
            monkeypatch.setenv(name, value.replace("PROXY", url))
        assert ask(api.address()) == "hello"
        assert anyio.run(ask_async, api.address()) == "hello"
        verify(Subject(address=api.address(), source=StaticToken(token())))
        assert not seen


def test_a_sign_in_on_this_machine_is_reached_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from streaming_agent.client import ClientCredentials, TokenUse

    issued = json_reply({"access_token": tokens().access})
    with proxy(b"") as (url, seen), scripted(issued) as api:
        monkeypatch.setenv("ALL_PROXY", url)
        with AgentClient(api.address(TokenUse.ACCESS), ClientCredentials("secret")) as client:
            client.token()
        assert not seen


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
def test_a_proxy_that_refuses_is_named_without_its_password(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()) as (url, _):
        monkeypatch.setenv("HTTPS_PROXY", url)
        for asked in (lambda: ask(AWAY), lambda: anyio.run(ask_async, AWAY)):
            with pytest.raises(ClientError, match="CLI056") as error:
                asked()
            assert "the proxy of HTTPS_PROXY (127.0.0.1:" in str(error.value)
            assert status in str(error.value)
            assert "Pa55word" not in str(error.value)


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(ClientError, match=r"through the proxy of HTTPS_PROXY \(127.0.0.1:1\).*CLI050"):
        ask(AWAY)


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"ALL_PROXY": "socks5://127.0.0.1:1080"}, "CLI057", "ALL_PROXY names a SOCKS proxy"),
        ({"ALL_PROXY": "socks4://127.0.0.1:1080"}, "CLI057", "ALL_PROXY"),
        ({"HTTPS_PROXY": "http://127.0.0.1:port"}, "CLI057", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://me:secret@127.0.0.1:99999"}, "CLI057", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://me:secret@"}, "CLI057", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": " "}, "CLI057", "HTTPS_PROXY"),
        ({"SSL_CERT_FILE": "absent.pem"}, "CLI058", "SSL_CERT_FILE is absent.pem"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    settings: dict[str, str], code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ClientError, match=code) as error:
        ask(AWAY)
    assert words in str(error.value)


def test_a_file_without_certificates_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    with pytest.raises(ClientError, match=r"SSL_CERT_FILE is .*empty\.pem.*CLI058"):
        ask(AWAY)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:eighty/x",
        "http://[::1/x",
        "http://[127.0.0.1]/x",
        "https://a..b/x",
        "https:///x",
        "https://a b/x",
        "https://" + "a" * 300 + ".example/",
        "https://a.example:99999/x",
        "example.com",
        "",
        "https://me:secret@a.example/x",
        "https://me:secret@a.example:99999/x",
        "https://me:secret@[a/x",
        "https://me:secret@a..b/x",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ClientError, match="CLI027") as error:
        AgentAddress(invocations_url=url)
    assert "secret" not in str(error.value)


def test_why_a_connection_failed_is_said_in_words_whichever_client_it_is() -> None:
    def raised(problem: Exception, cause: BaseException | None) -> str:
        problem.__cause__ = cause
        return said_by(problem)  # type: ignore[arg-type]

    assert raised(httpx2.ReadError(""), ConnectionResetError(104, "reset by peer")) == "[Errno 104] reset by peer"
    assert raised(httpx2.ConnectTimeout(""), TimeoutError()) == "it took too long"
    assert raised(httpx2.ReadError(""), None) == "ReadError"
