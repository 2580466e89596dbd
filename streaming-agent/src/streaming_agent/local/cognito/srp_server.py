"""The server's half of Cognito's USER_SRP_AUTH: a password is proved without being sent.

SRP-6a in RFC 5054's 3072-bit group, with Cognito's own padding, key derivation and claim as its clients compute them
(amazon-cognito-identity-js).
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

_N_HEX = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
)
_N = int(_N_HEX, 16)
_G = 2


def padded(number: int) -> bytes:
    """A number's bytes as Cognito hashes them: a leading zero where the sign bit would be set."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest())


_K = _hash(padded(_N) + padded(_G))


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
        return self.client_a % _N != 0

    @property
    def _verifier(self) -> int:
        password = self.password if self.password is not None else secrets.token_hex()
        inner = hashlib.sha256(f"{self.pool_name}{self.user_id}:{password}".encode()).digest()
        return pow(_G, _hash(padded(self.salt) + inner), _N)

    def server_b(self) -> int:
        """The server's public value."""
        return (_K * self._verifier + pow(_G, self._b, _N)) % _N

    def proves(self, signature: str, timestamp: str) -> bool:
        """Whether the claim signature shows that the client knows the password."""
        if self.password is None:
            return False
        u = _hash(padded(self.client_a) + padded(self.server_b()))
        shared = pow(self.client_a * pow(self._verifier, u, _N), self._b, _N)
        extracted = hmac.digest(padded(u), padded(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        message = self.pool_name.encode() + self.user_id.encode() + base64.b64decode(self.secret_block)
        expected = base64.b64encode(hmac.digest(key, message + timestamp.encode(), "sha256")).decode()
        return hmac.compare_digest(expected.encode(), signature.encode())
