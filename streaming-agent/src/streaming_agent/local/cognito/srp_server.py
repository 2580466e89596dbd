"""The server's half of Cognito's USER_SRP_AUTH: the password itself is never sent.

SRP-6a in RFC 5054's 3072-bit group, with Cognito's own padding, key derivation and claim as its clients compute them
(amazon-cognito-identity-js).
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from ...client.srp_group import G, K, N, hash_of, padded


@dataclass(frozen=True)
class Handshake:
    """One challenge to one user; `password` is `None` for a user who doesn't exist, whose answer is never right."""

    pool_name: str
    user_id: str
    password: str | None
    client_a: int
    salt: int = field(default_factory=lambda: secrets.randbits(128))
    secret_block: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(64)).decode())
    _b: int = field(default_factory=lambda: secrets.randbits(1024))

    @property
    def acceptable(self) -> bool:
        """Whether the client's public value is one that doesn't give the key away."""
        return self.client_a % N != 0

    @property
    def _verifier(self) -> int:
        password = self.password if self.password is not None else secrets.token_hex()
        inner = hashlib.sha256(f"{self.pool_name}{self.user_id}:{password}".encode()).digest()
        return pow(G, hash_of(padded(self.salt) + inner), N)

    def server_b(self) -> int:
        """The server's public value."""
        return (K * self._verifier + pow(G, self._b, N)) % N

    def proves(self, signature: str, timestamp: str) -> bool:
        """Whether the claim signature shows that the client knows the password."""
        if self.password is None:
            return False
        u = hash_of(padded(self.client_a) + padded(self.server_b()))
        shared = pow(self.client_a * pow(self._verifier, u, N), self._b, N)
        extracted = hmac.digest(padded(u), padded(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        message = self.pool_name.encode() + self.user_id.encode() + base64.b64decode(self.secret_block)
        expected = base64.b64encode(hmac.digest(key, message + timestamp.encode(), "sha256")).decode()
        return hmac.compare_digest(expected.encode(), signature.encode())
