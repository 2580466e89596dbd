"""The client's half of Cognito's USER_SRP_AUTH: the password itself is never sent.

SRP-6a in RFC 5054's 3072-bit group, with Cognito's own padding, key derivation and claim, as in AWS's clients
(amazon-cognito-identity-js). No maintained library does this without boto3; AWS's published vectors test it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from .srp_group import G, K, N, hash_of, padded


@dataclass(frozen=True, repr=False)
class SrpClient:
    """One sign-in's half of the protocol; `private` is new each time."""

    pool_name: str
    """The pool's id without its region."""
    password: str
    private: int = field(default_factory=lambda: secrets.randbits(1024))

    @property
    def public(self) -> int:
        """The client's public value, SRP_A."""
        return pow(G, self.private, N)

    def signature(self, user_id: str, *, salt: int, server_public: int, secret_block: str, timestamp: str) -> str:
        """PASSWORD_CLAIM_SIGNATURE; raises `ValueError` for a server's value that would give the password away."""
        key = self._key(user_id, salt, server_public)
        message = self.pool_name.encode() + user_id.encode() + base64.b64decode(secret_block) + timestamp.encode()
        return base64.b64encode(hmac.digest(key, message, "sha256")).decode()

    def _key(self, user_id: str, salt: int, server_public: int) -> bytes:
        if server_public % N == 0:
            raise ValueError("the server's public value is a multiple of N")
        u = hash_of(padded(self.public) + padded(server_public))
        inner = hashlib.sha256(f"{self.pool_name}{user_id}:{self.password}".encode()).digest()
        x = hash_of(padded(salt) + inner)
        shared = pow(server_public - K * pow(G, x, N), self.private + u * x, N)
        extracted = hmac.digest(padded(u), padded(shared), "sha256")
        return hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]


def timestamp_of(moment: datetime) -> str:
    """Cognito's TIMESTAMP, English on every machine, such as `Thu Jun 5 07:00:00 UTC 2017`."""
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day} {months[moment.month - 1]} {moment.day} {moment:%H:%M:%S} UTC {moment.year}"
