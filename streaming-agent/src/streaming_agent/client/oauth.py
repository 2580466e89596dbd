"""The pool's token endpoint, `/oauth2/token` (Cognito `token-endpoint`)."""

import base64
from collections.abc import Generator, Mapping
from typing import Any

import httpx2

from .address import AgentAddress
from .errors import ClientError
from .token_source import answered


def sign_in_url(address: AgentAddress) -> str:
    """The pool's managed login; raises `ClientError` when the address names none."""
    if address.sign_in_url is None:
        raise ClientError(
            "CLI015",
            "address must name sign_in_url for this sign-in, got none: take the pool's domain, which AgentAuth.cognito"
            " has with callback_urls, or sign in with SrpSignIn",
        )
    return address.sign_in_url.rstrip("/")


def token_request(
    address: AgentAddress, form: Mapping[str, str], client_secret: str | None = None
) -> Generator[httpx2.Request, httpx2.Response, Mapping[str, Any]]:
    """Asks for tokens; a client with a secret proves it in the Authorization header."""
    headers = {}
    if client_secret is not None:
        pair = base64.b64encode(f"{address.client_id}:{client_secret}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    response = yield httpx2.Request(
        "POST",
        f"{sign_in_url(address)}/oauth2/token",
        headers=headers,
        data={"client_id": str(address.client_id), **form},
    )
    return answered(response, "the sign-in")
