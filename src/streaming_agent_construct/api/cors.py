"""Cors: which web origins may call the API, on preflight answers and on API Gateway's own errors."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from aws_cdk import Duration, Token
from aws_cdk import aws_apigateway as apigateway

from ..argument_types import checked_arguments
from ..durations import is_multiple_of, resolve_milliseconds
from ..errors import StreamingAgentError
from ..late_lists import check_list_is_known
from ..runtime.header_allow_list import SESSION_HEADER

# What a browser sends as Origin: no path, and the host in lower case (RFC 6454).
_ORIGIN = r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?"
_DEFAULT_PORTS = ["https:443", "http:80"]
_DEFAULT_HEADERS = ["Authorization", "Content-Type", "X-Api-Key", SESSION_HEADER]


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class Cors:
    """Which web pages may call the API from a browser.

    Preflight requests and API Gateway's own errors (401, 403, 429, 5xx) answer with these headers, so that a page can
    read why it was refused. The streamed answer itself comes from the agent, and API Gateway cannot add headers to it:
    the agent finds the origins in its environment variable ``CORS_ALLOW_ORIGINS`` (comma-separated) and the caller's in
    the header ``X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin``, and answers with ``Access-Control-Allow-Origin``.

    Origins and names of headers that a browser would never match are refused (SAC030 to SAC034).

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html

    Example::

        Cors(allow_origins=["https://chat.example.com"])
    """

    allow_origins: Sequence[str]
    """The origins, each a scheme and a host such as ``https://chat.example.com``, or ``*`` alone for any."""
    allow_headers: Sequence[str] | None = None
    """Request headers that a page may send.

    Default: - Authorization, Content-Type, X-Api-Key, the AgentCore session id, and what the agent's
    ``header_allow_list`` names
    """
    max_age: Duration | None = None
    """How long a browser keeps the preflight's answer. Default: Duration.hours(1)"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CorsConfig:
    """Which web pages may call the API, with the defaults."""

    allow_origins: Sequence[str]
    """The origins."""
    allow_headers: Sequence[str] | None = None
    """Request headers that a page may send, where they are not those that the API and the agent take."""
    max_age: Duration
    """How long a browser keeps the preflight's answer."""


def resolve_cors(cors: Cors | None) -> CorsConfig | None:
    """The options with their defaults, refused where a browser would never match them."""
    if cors is None:
        return None
    _check_cors(cors)
    return CorsConfig(
        allow_origins=cors.allow_origins,
        allow_headers=cors.allow_headers,
        max_age=cors.max_age if cors.max_age is not None else Duration.hours(1),
    )


def _check_cors(cors: Cors) -> None:
    if len(cors.allow_origins) == 0:
        raise StreamingAgentError(
            "SAC030",
            "allow_origins: expected at least one, got an empty list; name an origin such as "
            "'https://chat.example.com', or leave cors out",
        )
    if cors.max_age is not None and not is_multiple_of(resolve_milliseconds("max_age", cors.max_age), 1000):
        raise StreamingAgentError(
            "SAC033", f"max_age: expected whole seconds, got {cors.max_age.to_human_string()}; write Duration.hours(1)"
        )
    check_list_is_known("allow_origins", cors.allow_origins)
    for origin in cors.allow_origins:
        if origin == "*" and len(cors.allow_origins) > 1:
            raise StreamingAgentError(
                "SAC031", "allow_origins: expected '*' or a list of origins, got both; write only one of them"
            )
        if origin != "*" and not Token.is_unresolved(origin) and not _is_sent(origin):
            raise StreamingAgentError(
                "SAC032",
                "allow_origins: expected a scheme and a host in lower case, without a path and without the scheme's "
                f"own port, got '{origin}'; write '{_suggestion(origin)}'",
            )
    for header in cors.allow_headers if cors.allow_headers is not None else []:
        if re.fullmatch(r"[A-Za-z0-9_-]+", header) is None:
            # Not '*' either: a browser does not take it for Authorization (Fetch, CORS-non-wildcard request-header).
            raise StreamingAgentError(
                "SAC034",
                f"allow_headers: expected names of headers, got '{header}'; write each one out, such as 'X-Trace-Id'",
            )


def _suggestion(origin: str) -> str:
    """The origin as it was meant, where only a path or the case is wrong."""
    parts = origin.lower().split("://", maxsplit=1)
    meant = f"{parts[0]}://{parts[1].split('/')[0]}" if len(parts) == 2 else f"https://{parts[0].split('/')[0]}"
    if _is_sent(meant):
        return meant
    # Another port than the scheme's own makes another origin.
    bare = meant.removesuffix(":443") if meant.startswith("https://") else meant.removesuffix(":80")
    return bare if _is_sent(bare) else "https://chat.example.com"


def _is_sent(origin: str) -> bool:
    """Whether a browser sends such an origin: it leaves out the port that the scheme has anyway."""
    parts = origin.split(":")
    return re.fullmatch(_ORIGIN, origin) is not None and f"{parts[0]}:{parts[-1]}" not in _DEFAULT_PORTS


def preflight_options(
    cors: CorsConfig, request_headers: Sequence[str], agent_headers: Sequence[str]
) -> apigateway.CorsOptions:
    """What an OPTIONS method answers.

    ``request_headers`` are those that callers authorize with, ``agent_headers`` those that the runtime passes on.
    """
    headers = list(cors.allow_headers) if cors.allow_headers is not None else [*_DEFAULT_HEADERS, *agent_headers]
    for header in request_headers:
        if header not in headers:
            headers.append(header)
    return apigateway.CorsOptions(
        allow_origins=list(cors.allow_origins),
        allow_headers=headers,
        allow_methods=["POST", "OPTIONS"],
        max_age=cors.max_age,
    )


def open_error_responses(api: apigateway.RestApi, cors: CorsConfig) -> None:
    """Puts CORS headers on API Gateway's own answers: without them a page sees a refusal as a network error."""
    # A gateway response has one value for a header. With several origins it repeats the caller's; these bodies hold a
    # status and a sentence, nothing of the user's.
    origin = f"'{cors.allow_origins[0]}'" if len(cors.allow_origins) == 1 else "method.request.header.Origin"
    for name in ["DEFAULT_4XX", "DEFAULT_5XX"]:
        api.add_gateway_response(
            f"Cors{name}",
            type=apigateway.ResponseType.of(name),
            response_headers={"Access-Control-Allow-Origin": origin, "Vary": "'Origin'"},
        )
