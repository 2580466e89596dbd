"""The pool's token endpoint, `/oauth2/token` (Cognito `token-endpoint`)."""

import base64
import json
from collections.abc import Generator, Mapping
from typing import Any

import httpx2

from .address import AgentAddress
from .call_errors import ClientError
from .token_source import Flow, json_of
from .tokens import Tokens


def sign_in_url(address: AgentAddress) -> str:
    """The pool's managed login; raises `ClientError` when the address names none."""
    if address.sign_in_url is None:
        raise ClientError(
            "CLI015",
            "this sign-in needs the pool's managed login: give its domain, which the Cognito console shows under Domain"
            " (AgentAuth.cognito makes one with callback_urls), as sign_in_url, on the command line as --sign-in-url"
            " https://….amazoncognito.com, or sign in with SrpSignIn, on the command line --username",
        )
    return address.sign_in_url.rstrip("/")


def token_request(
    address: AgentAddress, form: Mapping[str, str], client_secret: str | None = None
) -> Generator[httpx2.Request, httpx2.Response, Mapping[str, Any]]:
    """Asks for tokens; a client with a secret sends it in the Authorization header."""
    headers = {}
    if client_secret is not None:
        pair = base64.b64encode(f"{address.client_id}:{client_secret.strip()}".encode(errors="replace")).decode()
        headers["Authorization"] = f"Basic {pair}"
    response = yield httpx2.Request(
        "POST",
        f"{sign_in_url(address)}/oauth2/token",
        headers=headers,
        data={"client_id": str(address.client_id), **form},
    )
    return json_of(response, "the sign-in")


def refresh_request(address: AgentAddress, refresh_token: str) -> Flow:
    """New tokens for a refresh token."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return Tokens.of_token_endpoint((yield from token_request(address, form)), refresh_token)


def revoke_request(address: AgentAddress, refresh_token: str) -> Generator[httpx2.Request, httpx2.Response, None]:
    """Ends a sign-in: the refresh token is taken no more (Cognito `revocation-endpoint`, API `RevokeToken`)."""
    if address.sign_in_url is not None:
        form = {"client_id": str(address.client_id), "token": refresh_token}
        request = httpx2.Request("POST", f"{sign_in_url(address)}/oauth2/revoke", data=form)
    else:
        request = httpx2.Request(
            "POST",
            address.cognito_url,
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.RevokeToken",
            },
            content=json.dumps({"ClientId": address.client_id, "Token": refresh_token}),
        )
    response = yield request
    if not response.is_success:
        json_of(response, "the sign-out")
