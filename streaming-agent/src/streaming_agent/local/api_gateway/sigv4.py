"""AWS_IAM methods: the request's Signature Version 4 is checked against the local run's own credentials.

IAM docs: `reference_sigv-create-signed-request`. Everybody who has the credentials may call; policies are not read.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from ..clock import Clock
from ..messages import Request
from .responses import HttpError

_KEY_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SKEW_SECONDS = 300
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request,\s*"
    r"SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class LocalCredentials:
    """AWS credentials that are good for this run and nothing else; new in each run."""

    access_key_id: str = field(
        default_factory=lambda: "AKIA" + "".join(secrets.choice(_KEY_ID_LETTERS) for _ in range(16))
    )
    secret_access_key: str = field(default_factory=lambda: secrets.token_urlsafe(30), repr=False)


class SignedRequests:
    """Checks signatures."""

    def __init__(self, credentials: LocalCredentials, clock: Clock) -> None:
        self._credentials = credentials
        self._clock = clock

    def authorize(self, request: Request, stage: str) -> dict[str, str]:
        """The caller's identity; raises `HttpError` unless the request is signed with the local credentials."""
        values = request.all_headers("Authorization")
        if not values:
            raise HttpError("MISSING_AUTHENTICATION_TOKEN", log="the request is not signed")
        given = _AUTHORIZATION.fullmatch(values[0].strip()) if len(values) == 1 else None
        if given is None:
            raise HttpError("INVALID_SIGNATURE", "Authorization header requires Signature Version 4.", log="not SigV4")
        if given["key"] != self._credentials.access_key_id or given["service"] != "execute-api":
            message = "The security token included in the request is invalid."
            raise HttpError("INVALID_SIGNATURE", message, log="not the local credentials, or not for execute-api")
        signed_at = request.header("X-Amz-Date") or ""
        self._check_time(signed_at, given["date"])
        names = given["headers"].split(";")
        if "host" not in names or not hmac.compare_digest(
            given["signature"],
            _signature(
                request, stage, names, signed_at, given["date"], given["region"], self._credentials.secret_access_key
            ),
        ):
            message = "The request signature we calculated does not match the signature you provided."
            raise HttpError("INVALID_SIGNATURE", message, log="the signature does not match")
        key_id = self._credentials.access_key_id
        return {"identity.accessKey": key_id, "identity.caller": "local", "identity.user": "local"}

    def _check_time(self, signed_at: str, date: str) -> None:
        try:
            moment = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise HttpError("INVALID_SIGNATURE", "X-Amz-Date is missing or malformed.", log="no X-Amz-Date") from None
        if abs(moment - self._clock.now()) > _SKEW_SECONDS or not signed_at.startswith(date):
            raise HttpError("EXPIRED_TOKEN", "Signature expired.", log="signed too long ago, or for another day")


def _signature(
    request: Request, stage: str, names: list[str], signed_at: str, date: str, region: str, secret_access_key: str
) -> str:
    arguments = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in request.query_arguments()
    )
    canonical = "\n".join(
        (
            request.method,
            quote(unquote(f"/{stage}{request.path}"), safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in arguments),
            *(f"{name}:{','.join(' '.join(value.split()) for value in request.all_headers(name))}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    scope = f"{date}/{region}/execute-api/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{signed_at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret_access_key}".encode()
    for part in (date, region, "execute-api", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()
