"""Headers that the caller adds: what `header_allow_list` allows, and none that the client itself sets."""

import re
from collections.abc import Mapping

from .call_errors import ClientError
from .session_id import SESSION_HEADER
from .tokens import HEADER_SAFE

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
_VALUE = re.compile(r"[\x20-\x7e\t]*")
_OURS = frozenset(
    {"accept", "accept-encoding", "authorization", "cache-control", "connection", "content-length", "content-type"}
    | {"expect", "host", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"}
    | {"x-api-key", SESSION_HEADER.lower()}
)


def resolve_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without blanks around their values; raises `ClientError`, which quotes no value."""
    checked = {}
    for name, value in headers.items():
        if _NAME.fullmatch(name) is None:
            raise ClientError(
                "CLI052",
                f"headers: expected a name of letters, digits and hyphens such as X-Tenant, got {len(name)} characters"
                " that are none",
            )
        if name.lower() in _OURS:
            raise ClientError(
                "CLI052",
                f"headers: {name} is set by the client itself; use the argument that is there for it, or leave it out",
            )
        if _VALUE.fullmatch(value.strip()) is None:
            raise ClientError(
                "CLI052",
                f"headers: expected {name} in ASCII, got characters that a header cannot hold",
            )
        checked[name] = value.strip()
    return checked


def resolve_api_key(api_key: str | None) -> str | None:
    """The key without blanks and line ends around it; raises `ClientError` without quoting it."""
    if api_key is None:
        return None
    key = api_key.strip().strip("\"'")
    if not key or HEADER_SAFE.fullmatch(key) is None:
        raise ClientError("CLI005", f"api_key: expected an API key, got {len(key)} characters that no header can hold")
    return key
