"""An answer over TLS that nothing delimits: whole only where the connection says that it ends."""

import datetime
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import anyio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from streaming_agent.client import AgentAddress, AgentClient, AsyncAgentClient, StaticToken, StreamInterrupted

from tests.functional.streaming_agent.client.made_tokens import token

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    kept = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *kept) + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def url(certificate: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An API that sends the parameter's bytes, and then ends with or without saying so."""
    sent, says_so = request.param
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def answer(listening: socket.socket) -> None:
        with suppress(OSError):
            connection = context.wrap_socket(listening.accept()[0], server_side=True)
            while b"prompt" not in connection.recv(65536):
                pass
            connection.sendall(sent)
            if says_so:
                connection.unwrap().close()
            else:
                os.close(connection.detach())

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        serving = threading.Thread(target=answer, args=(listening,))
        serving.start()
        yield f"https://localhost:{listening.getsockname()[1]}/invocations"
        serving.join()


def read(url: str) -> str:
    with AgentClient(AgentAddress(invocations_url=url), StaticToken(token())) as client:
        return "".join(event.text for event in client.invoke("hello"))


def read_async(url: str) -> str:
    async def ask() -> str:
        async with AsyncAgentClient(AgentAddress(invocations_url=url), StaticToken(token())) as client:
            return "".join([event.text async for event in await client.invoke("hello")])

    return anyio.run(ask)


both = pytest.mark.parametrize("ask", [read, read_async])


@both
@pytest.mark.parametrize("url", [(HEAD + b"\r\nGreen ", False)], indirect=True)
def test_an_end_that_is_not_said_is_a_cut(url: str, ask: object) -> None:
    with pytest.raises(StreamInterrupted, match="CLI048"):
        ask(url)  # type: ignore[operator]


@both
@pytest.mark.parametrize(
    "url",
    [
        (HEAD + b"\r\nGreen leaf", True),
        (HEAD + b"Content-Length: 10\r\n\r\nGreen leaf", False),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\na\r\nGreen leaf\r\n0\r\n\r\n", False),
    ],
    indirect=True,
    ids=["said", "a length", "chunks"],
)
def test_an_end_that_is_known_is_one(url: str, ask: object) -> None:
    assert ask(url) == "Green leaf"  # type: ignore[operator]
