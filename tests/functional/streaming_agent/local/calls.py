"""What the tests ask a running chain, over real HTTP."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from pycognito import AWSSRP
from streaming_agent.local.emulator import Endpoints
from types_boto3_cognito_idp import CognitoIdentityProviderClient


@dataclass
class Answer:
    """A reply with the moments at which its parts came, in seconds after the request."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    arrivals: list[float] = field(default_factory=list)
    whole: bool = True

    @property
    def message(self) -> str:
        return str(json.loads(self.body)["message"])

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line[6:]) for line in self.body.decode().split("\n\n") if line.startswith("data: ")]


@contextmanager
def opened(
    url: str,
    payload: object = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    body: bytes | None = None,
) -> Iterator[tuple[http.client.HTTPConnection, http.client.HTTPResponse]]:
    """A connection with a reply whose body is still on its way."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    sent = {"Content-Type": "application/json", **(headers or {})}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    target = address.path + (f"?{address.query}" if address.query else "")
    try:
        connection.request(method, target, json.dumps(payload or {}) if body is None else body, sent)
        yield connection, connection.getresponse()
    finally:
        connection.close()


def ask(url: str, payload: object = None, **options: object) -> Answer:
    """Asks and reads to the end."""
    began = time.monotonic()
    with opened(url, payload, **options) as (_, response):  # type: ignore[arg-type]
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()})
        try:
            while chunk := response.read1(65536):
                answer.arrivals.append(time.monotonic() - began)
                answer.body += chunk
        except (http.client.IncompleteRead, ConnectionError):
            answer.whole = False
        return answer


def cognito(ready: Endpoints) -> CognitoIdentityProviderClient:
    """Unmodified boto3."""
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    return boto3.client("cognito-idp", region_name="us-east-1", endpoint_url=ready.cognito_endpoint, config=config)


@dataclass(frozen=True)
class Tokens:
    id: str
    access: str
    refresh: str


def sign_in(ready: Endpoints) -> Tokens:
    """The developer's tokens by SRP, the one flow that every client allows; the client's half is pycognito's."""
    srp = AWSSRP(
        ready.username, ready.password, ready.user_pool_id, ready.client_id, client=cognito(ready)
    ).authenticate_user()
    result = srp["AuthenticationResult"]
    return Tokens(result["IdToken"], result["AccessToken"], result["RefreshToken"])
