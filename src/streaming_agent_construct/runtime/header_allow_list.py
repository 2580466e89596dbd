"""Which of a request's headers reach the agent: AgentCore keeps most from it (AC runtime-header-allowlist)."""

import re
from collections.abc import Sequence

from ..errors import StreamingAgentError

ORIGIN_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin"
"""The name under which the gateway passes on a browser's ``Origin``, which AgentCore keeps from agents."""

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
"""The header that names the session of a call."""

MAX_HEADERS = 20
_CUSTOM_PREFIX = "x-amzn-bedrock-agentcore-runtime-custom-"
# Those of a connection, a browser or a proxy: "restricted and cannot be configured for propagation".
_RESTRICTED_HEADERS = [
    "accept",
    "accept-ch",
    "accept-ch-lifetime",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-request-headers",
    "access-control-request-method",
    "cache-control",
    "cf-connecting-ip",
    "cf-ray",
    "clear-site-data",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-security-policy",
    "content-security-policy-report-only",
    "content-type",
    "cookie",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "downlink",
    "dpr",
    "ect",
    "etag",
    "expect-ct",
    "expires",
    "feature-policy",
    "forwarded",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "origin",
    "permissions-policy",
    "pragma",
    "proxy-authorization",
    "proxy-connection",
    "public-key-pins",
    "public-key-pins-report-only",
    "range",
    "referer",
    "referrer-policy",
    "retry-after",
    "rtt",
    "save-data",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "server",
    "set-cookie",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "true-client-ip",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "viewport-width",
    "width",
    "www-authenticate",
    "x-cache",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-content-type-options",
    "x-csrf-token",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-frame-options",
    "x-original-host",
    "x-original-url",
    "x-originating-ip",
    "x-real-ip",
    "x-requested-with",
    "x-rewrite-url",
    "x-served-by",
    "x-source-ip",
    "x-xss-protection",
]


def check_header_allow_list(headers: Sequence[str] | None) -> None:
    """Refuses headers that AgentCore does not pass on (AC runtime-header-allowlist)."""
    if headers is None:
        return
    if len(headers) > MAX_HEADERS:
        raise StreamingAgentError(
            "SAC023", f"header_allow_list: expected at most {MAX_HEADERS} headers, got {len(headers)}"
        )
    for header in headers:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,255}", header) is None:
            raise StreamingAgentError(
                "SAC026",
                "header_allow_list: expected names of a letter followed by letters, digits, hyphens and underscores, "
                f"at most 256 characters, got '{header}'",
            )
        name = header.lower()
        if name == SESSION_HEADER.lower():
            raise StreamingAgentError(
                "SAC024",
                f"header_allow_list: expected no '{header}', which every agent receives; leave it out",
            )
        custom = name.startswith(_CUSTOM_PREFIX)
        if name in _RESTRICTED_HEADERS or (not custom and (name.startswith("x-amz-") or name.startswith("x-amzn-"))):
            raise StreamingAgentError(
                "SAC024",
                f"header_allow_list: expected headers that AgentCore passes on, got '{header}'; "
                f"send it as 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-{header}'",
            )
