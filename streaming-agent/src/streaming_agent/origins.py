"""The web origins that may read an answer: the gateway answers their preflights, the agent names them on replies."""

import os
from collections.abc import Mapping, Sequence

from .context import CUSTOM_PREFIX
from .options import as_browsers_send

ORIGIN_HEADER = CUSTOM_PREFIX + "origin"
ORIGINS_VARIABLE = "CORS_ALLOW_ORIGINS"  # StreamingAgentApi's cors sets it


def origins_from_environment() -> list[str]:
    """The origins of StreamingAgentApi's `cors`, or those that somebody wrote by hand, as browsers send them."""
    written = [origin.strip() for origin in os.environ.get(ORIGINS_VARIABLE, "").split(",")]
    return [as_browsers_send(origin) or origin for origin in written if origin]


class Origins:
    """Lets web pages of these origins read every reply, and refuses pages of others.

    API Gateway answers a browser's preflight itself, but cannot add headers to a reply that it passes through. And
    AgentCore keeps the ``Origin`` header from agents, so the gateway passes it on under another name (AC
    runtime-header-allowlist).
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = tuple(allowed)

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether a page of this origin may ask: an answer that its browser hides costs tokens for nobody."""
        asking = _asking(headers)
        return not (self._allowed and asking) or "*" in self._allowed or asking in self._allowed

    def reply_headers(self, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        """What a browser wants to see on the reply."""
        if len(self._allowed) == 1:
            return [(b"access-control-allow-origin", self._allowed[0].encode())]
        asking = _asking(headers)
        if "*" in self._allowed:
            return [(b"access-control-allow-origin", b"*")]
        if asking and asking in self._allowed:
            return [(b"access-control-allow-origin", asking.encode()), (b"vary", b"Origin")]
        return []


def _asking(headers: Mapping[str, str]) -> str:
    return headers.get(ORIGIN_HEADER) or headers.get("origin", "")
