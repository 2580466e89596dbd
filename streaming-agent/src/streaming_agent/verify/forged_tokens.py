"""Tokens that must be refused, made from a good one: nobody needs a key for them, so nobody may get in with them."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

from ..client.base64url import decode_base64url, encode_base64url


def forged(token: str) -> Iterator[tuple[str, str]]:
    """Each with what is wrong with it (RFC 8725)."""
    header_part, payload_part, signature = token.split(".")
    header, claims = _decoded(header_part), _decoded(payload_part)
    somebody_else = {**claims, "sub": "00000000-0000-4000-8000-000000000000"}
    yield "with another user in it", ".".join((header_part, _encoded(somebody_else), signature))
    past = int(time.time()) - 3600
    yield "that says it has expired", ".".join((header_part, _encoded({**claims, "exp": past}), signature))
    yield "with another signature", ".".join((header_part, payload_part, encode_base64url(secrets.token_bytes(256))))
    yield "without a signature", ".".join((header_part, payload_part, ""))
    yield "with the algorithm none", ".".join((_encoded({**header, "alg": "none"}), payload_part, ""))
    shared = ".".join((_encoded({**header, "alg": "HS256"}), payload_part))
    yield (
        "signed with a shared key",
        f"{shared}.{encode_base64url(hmac.digest(b'secret', shared.encode(), hashlib.sha256))}",
    )
    foreign = _encoded({**claims, "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Foreign00"})
    unknown_key = _encoded({**header, "kid": encode_base64url(secrets.token_bytes(32))})
    yield "of another issuer", ".".join((unknown_key, foreign, encode_base64url(secrets.token_bytes(256))))
    yield "that is none", "not-a-token"


def _decoded(part: str) -> dict[str, Any]:
    return dict(json.loads(decode_base64url(part)))


def _encoded(content: dict[str, Any]) -> str:
    return encode_base64url(json.dumps(content, separators=(",", ":")).encode())
