"""Refuses calls that did not come through the gateway: the agent's half of RuntimeGuard.shared_secret()."""

import asyncio
import hmac
import logging
import time
from collections.abc import Callable

import boto3
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Gateway-Secret"
# After a rotation the gateway may show a secret that is not known here yet. Looking it up again has a price, so those
# who guess cannot ask for it at will.
REREAD_SECONDS = 60.0

logger = logging.getLogger("agent")


def read_versions(arn: str) -> list[str]:
    """The secret as it is, and as it was before the last rotation: the gateway is deployed a moment later."""
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

    def __init__(
        self,
        arn: str,
        read: Callable[[str], list[str]] = read_versions,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.arn = arn
        self.read = read
        self.clock = clock
        self.versions: list[str] = []
        self.read_at: float | None = None
        self.reading = asyncio.Lock()

    async def accepts(self, shown: str) -> bool:
        if self._knows(shown):
            return True
        async with self.reading:
            if self.read_at is None or self.clock() - self.read_at >= REREAD_SECONDS:
                self.versions = await asyncio.to_thread(self.read, self.arn)
                self.read_at = self.clock()
        return self._knows(shown)

    def _knows(self, shown: str) -> bool:
        # In a time that tells nothing of how much was guessed right.
        return any(hmac.compare_digest(shown.encode(), version.encode()) for version in self.versions)


class GatewayOnly:
    """Lets through what shows the secret, and AgentCore's own health check."""

    def __init__(self, app: ASGIApp, secret: GatewaySecret) -> None:
        self.app = app
        self.secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] == "/ping" or await self._came_through_the_gateway(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = {"error": {"code": "not_through_the_gateway", "message": "call the API's own address"}}
            await JSONResponse(refusal, status_code=403)(scope, receive, send)

    async def _came_through_the_gateway(self, scope: Scope) -> bool:
        shown = Headers(scope=scope).get(HEADER, "")
        try:
            return await self.secret.accepts(shown)
        except Exception:
            # Without the secret nobody can be told apart, so nobody is let through.
            logger.exception("the gateway's secret cannot be read")
            return False
