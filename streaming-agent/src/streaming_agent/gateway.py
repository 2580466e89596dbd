"""The agent's half of the gateway: its secret, and the web origins that may read an answer."""

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence

from .context import CUSTOM_PREFIX
from .options import as_browsers_send

SECRET_HEADER = CUSTOM_PREFIX + "gateway-secret"
ORIGIN_HEADER = CUSTOM_PREFIX + "origin"
SECRET_VARIABLE = "GATEWAY_SECRET_ARN"  # noqa: S105  RuntimeGuard.shared_secret sets it
ORIGINS_VARIABLE = "CORS_ALLOW_ORIGINS"  # StreamingAgentApi's cors sets it
# After a rotation the gateway may show a secret that is not known here yet. Looking it up again has a price, so those
# who guess cannot ask for it at will.
_REREAD_SECONDS = 60.0

_log = logging.getLogger("streaming_agent")


def origins_from_environment() -> list[str]:
    """The origins of StreamingAgentApi's `cors`, or those that somebody wrote by hand, as browsers send them."""
    written = [origin.strip() for origin in os.environ.get(ORIGINS_VARIABLE, "").split(",")]
    return [as_browsers_send(origin) or origin for origin in written if origin]


def secret_from_environment() -> "GatewaySecret | None":
    """The secret of RuntimeGuard.shared_secret, where the stack has one."""
    arn = os.environ.get(SECRET_VARIABLE)
    return GatewaySecret(lambda: read_versions(arn)) if arn else None


def read_versions(arn: str) -> list[str]:
    """The secret as it is, and as it was before the last rotation: the gateway is deployed a moment later."""
    try:
        import boto3  # noqa: PLC0415  needed for the gateway's secret only
    except ImportError:
        raise RuntimeError("the gateway's secret is read with boto3: add boto3 to the agent's requirements") from None
    secrets_manager = boto3.client("secretsmanager", region_name=arn.split(":")[3])
    versions = []
    for stage in ("AWSCURRENT", "AWSPREVIOUS"):
        try:
            found = secrets_manager.get_secret_value(SecretId=arn, VersionStage=stage)
        except secrets_manager.exceptions.ResourceNotFoundException:
            continue  # a secret that was never rotated has no previous version
        if text := found.get("SecretString"):
            versions.append(text)
    return versions


class GatewaySecret:
    """The secret, read when it is first needed and again when an unknown one is shown."""

    def __init__(self, read: Callable[[], Sequence[str]], clock: Callable[[], float] = time.time) -> None:
        """
        :param read: The secrets that the gateway may show. Runs in a thread.
        :param clock: Seconds; wall time, since a restored snapshot's monotonic clock stood still.
        """
        self._read = read
        self._clock = clock
        self._versions: Sequence[str] = ()
        self._read_at: float | None = None
        self._reading: asyncio.Lock | None = None

    async def accepts(self, headers: Mapping[str, str]) -> bool:
        """Whether the call came through the gateway."""
        shown = headers.get(SECRET_HEADER, "")
        if self._knows(shown):
            return True
        if not shown:
            return False
        try:
            await self._reread()
        except Exception:
            # Without the secret nobody can be told apart, so nobody is let through.
            _log.exception("the gateway's secret cannot be read")
            return False
        return self._knows(shown)

    async def _reread(self) -> None:
        if self._reading is None:
            self._reading = asyncio.Lock()
        async with self._reading:
            if self._read_at is None or abs(self._clock() - self._read_at) >= _REREAD_SECONDS:
                read = await asyncio.to_thread(self._read)
                if isinstance(read, str):  # each of its characters would be a secret
                    raise TypeError("gateway_secret returns a list of texts, got str: write lambda: [secret]")
                self._versions = [text for text in read if text]
                self._read_at = self._clock()

    def _knows(self, shown: str) -> bool:
        # In a time that tells nothing of how much was guessed right.
        return any(hmac.compare_digest(shown.encode(), version.encode()) for version in self._versions)


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
