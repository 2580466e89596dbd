"""Tokens that look like Cognito's; nobody checks their signature on the caller's side."""

import base64
import json
import time

from streaming_agent.client import Tokens


def token(use: str = "id", *, lifetime: float = 3600, age: float = 0, **claims: object) -> str:
    issued = time.time() - age
    content = {"token_use": use, "iat": issued, "exp": issued + lifetime, **claims}
    parts = (json.dumps({"alg": "RS256"}).encode(), json.dumps(content).encode(), b"signature")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def tokens(**options: float) -> Tokens:
    return Tokens(access=token("access", **options), id=token("id", **options), refresh="refresh-1")
