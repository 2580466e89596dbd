"""The client's half of Cognito's USER_SRP_AUTH: a password is proved without being sent.

SRP-6a in RFC 5054's 3072-bit group, with Cognito's own padding, key derivation and claim, as in AWS's clients
(amazon-cognito-identity-js). No maintained library does this without boto3; AWS's published vectors test it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2


def _padded(number: int) -> bytes:
    # as Java's BigInteger.toByteArray, which Cognito hashes: a leading zero where the sign bit would be set
    return number.to_bytes(number.bit_length() // 8 + 1)


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest())


_K = _hash(_padded(_N) + _padded(_G))


@dataclass(frozen=True, repr=False)
class Proof:
    """One proof of a password; `private` is new each time."""

    pool_name: str
    """The pool's id without its region."""
    password: str
    private: int = field(default_factory=lambda: secrets.randbits(1024))

    @property
    def public(self) -> int:
        """The client's public value, SRP_A."""
        return pow(_G, self.private, _N)

    def signature(self, user_id: str, *, salt: int, server_public: int, secret_block: str, timestamp: str) -> str:
        """PASSWORD_CLAIM_SIGNATURE; raises `ValueError` for a server's value that would give the password away."""
        key = self._key(user_id, salt, server_public)
        message = self.pool_name.encode() + user_id.encode() + base64.b64decode(secret_block) + timestamp.encode()
        return base64.b64encode(hmac.digest(key, message, "sha256")).decode()

    def _key(self, user_id: str, salt: int, server_public: int) -> bytes:
        if server_public % _N == 0:
            raise ValueError("the server's public value is a multiple of N")
        u = _hash(_padded(self.public) + _padded(server_public))
        inner = hashlib.sha256(f"{self.pool_name}{user_id}:{self.password}".encode()).digest()
        x = _hash(_padded(salt) + inner)
        shared = pow(server_public - _K * pow(_G, x, _N), self.private + u * x, _N)
        extracted = hmac.digest(_padded(u), _padded(shared), "sha256")
        return hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]


def timestamp_of(moment: datetime) -> str:
    """Cognito's TIMESTAMP, English on every machine, such as `Thu Jun 5 07:00:00 UTC 2017`."""
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day} {months[moment.month - 1]} {moment.day} {moment:%H:%M:%S} UTC {moment.year}"
