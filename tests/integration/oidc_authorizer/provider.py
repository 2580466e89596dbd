"""An OpenID provider on loopback, over real TLS, whose documents a test can bend."""

import datetime
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import RSAKey


class Provider:
    """Signs tokens, and serves its discovery document and keys until it is told not to."""

    def __init__(self, address: str, certificate: Path) -> None:
        self.issuer = address
        self.discovery_url = f"{address}/.well-known/openid-configuration"
        self.certificate = certificate
        self.key = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
        self.reachable = True
        self.asked: list[str] = []
        self.bent: dict[str, Any] = {}
        """Documents that it answers instead, by path; a text is sent as it is."""

    def documents(self) -> dict[str, Any]:
        """What it answers, by path."""
        keys = f"{self.issuer}/keys"
        return {
            "/.well-known/openid-configuration": {"issuer": self.issuer, "jwks_uri": keys},
            "/.well-known/oauth-authorization-server/one": {"issuer": f"{self.issuer}/one", "jwks_uri": keys},
            "/keys": {"keys": [self.key.as_dict(private=False)]},
        }

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a token that passes; None takes one out."""
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "auth0|5f7c8ec7c33c6c004bbafe82", "aud": "agents", "iat": now} | {
            "exp": now + 600,
            "client_id": "web",
            "scope": "openid agents/invoke",
            "department": "sales",
            "roles": ["reader", "agent-user"],
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, **changes: Any) -> str:
        """A signed token."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, self.claims(**changes), self.key)

    def token_by(self, key: RSAKey, header: dict[str, Any]) -> str:
        """A token with the right claims, by another key or with another header."""
        return jwt.encode(header, self.claims(), key)


@contextmanager
def running_provider(folder: Path) -> Iterator[Provider]:
    """A provider that listens on a port of its own."""
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            document = provider.documents().get(self.path) if provider.reachable else None
            document = provider.bent.get(self.path, document)
            body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
            self.send_response(200 if document is not None else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    provider = Provider(f"https://127.0.0.1:{server.server_address[1]}", certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a provider for tests")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
