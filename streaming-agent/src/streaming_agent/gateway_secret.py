"""The agent's half of RuntimeGuard.shared_secret: whether a call came through the gateway."""

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence

from .context import CUSTOM_PREFIX

SECRET_HEADER = CUSTOM_PREFIX + "gateway-secret"
SECRET_VARIABLE = "GATEWAY_SECRET_ARN"  # noqa: S105  RuntimeGuard.shared_secret sets it
# After a rotation the gateway may show a secret that is not known here yet. Looking it up again has a price, so those
# who guess cannot ask for it at will.
_REREAD_SECONDS = 60.0

_log = logging.getLogger("streaming_agent")


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
