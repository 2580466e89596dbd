"""What an error status means: who said it, in which words, and what to do."""

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import httpx2

from .call_errors import ApiRefused
from .error_bodies import message_of
from .retries import RETRIED


def refusal(status: int, headers: Mapping[str, str], body: bytes, *, made: int, reason: str = "") -> ApiRefused:
    """The error that an answer stands for.

    :param made: How many calls were made.
    :param reason: Why a token was refused, as far as it can be seen on this side.
    """
    error_type = headers.get("x-amzn-errortype", "").partition(":")[0][:100]
    message = message_of(body, headers.get("content-type", ""))
    name = error_type or httpx2.codes.get_reason_phrase(status)
    said = f"{_layer(status, headers, error_type)} answered {status} {name}".rstrip() + (
        f": {message}" if message else ""
    )
    code, advice = _advice(status, error_type, message, made, reason or _leads_to(status, headers))
    return ApiRefused(
        code,
        f"{said}; {advice}" if advice else said,
        status=status,
        error_type=error_type,
        request_id=headers.get("x-amzn-requestid"),
    )


def _leads_to(status: int, headers: Mapping[str, str]) -> str:
    """Where a redirect leads: only its origin, as the rest may hold a secret."""
    if not 300 <= status < 400 or "location" not in headers:
        return ""
    try:
        parts = urlsplit(urljoin("//this API", headers["location"]))
        where = f"{parts.scheme}://{parts.hostname}" if parts.scheme else "another path of the same host"
    except ValueError:
        where = "an address that cannot be read"
    return f"it redirects to {where[:200]}, where no token is sent: give the address that answers"


def _layer(status: int, headers: Mapping[str, str], error_type: str) -> str:
    """Who most likely wrote this answer."""
    server = headers.get("server", "").lower()[:100]
    if "cloudfront" in server or "cloudfront" in headers.get("x-cache", "").lower():
        return "CloudFront"
    if error_type or "x-amz-apigw-id" in headers:
        # the runtime's own errors pass through API Gateway with their type
        return "AgentCore" if error_type.startswith(("Runtime", "Validation", "ResourceNotFound")) else "API Gateway"
    if status in (424, 409, 402):
        return "AgentCore"
    if "html" in headers.get("content-type", "").lower() or server.startswith(("nginx", "apache", "squid", "awselb")):
        return f"a server in between ({server})" if server else "a server in between"
    return "the agent" if status in (400, 422, 500) else "the API"


def _advice(status: int, error_type: str, message: str, made: int, reason: str) -> tuple[str, str]:
    match status:
        case 401:
            return "CLI040", reason or "sign in again, to the pool and client of this stack"
        case 403 if error_type == "MissingAuthenticationTokenException":
            return "CLI041", "there is no such path: check the address and the agent's name"
        case 403:
            return "CLI041", "check the API key, the path and the firewall's rules"
        case 404:
            return "CLI046", "check the address and the agent's name"
        case 424:
            return "CLI043", "the agent did not begin to answer: its log says why"
        case 504:
            return "CLI044", "the agent took too long to begin: check that the integration streams"
        case 409:
            return (
                "CLI045",
                f"the session was still busy after {made} calls: wait for its answer, or use another session",
            )
        case _ if 300 <= status < 400 and reason:
            return "CLI046", reason
        case _ if status in RETRIED:
            return "CLI045", f"still throttled after {made} calls: ask again later, or raise the throttle"
        case _:
            return "CLI046", "" if message else "it gave no reason"
