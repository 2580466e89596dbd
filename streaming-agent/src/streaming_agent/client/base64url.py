"""Base64 for addresses and tokens, without padding (RFC 4648, section 5)."""

import base64


def encode_base64url(content: bytes) -> str:
    """The text."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """The bytes; `ValueError` when it is none."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
