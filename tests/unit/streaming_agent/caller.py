"""A caller without a socket: it sends one request to an ASGI app, reads as fast as it likes, and can leave."""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

SESSION = "x-amzn-bedrock-agentcore-runtime-session-id"
_PATIENCE_SECONDS = 10
CUSTOM = "x-amzn-bedrock-agentcore-runtime-custom-"


def signed_in(user: str, session: str | None = "s" * 33) -> dict[str, str]:
    """The headers of a user's call; AgentCore has verified the token."""
    claims = base64.urlsafe_b64encode(json.dumps({"sub": user}).encode()).decode().rstrip("=")
    return {"authorization": f"Bearer e30.{claims}.sig", **({SESSION: session} if session else {})}


class Caller:
    """One request and what came of it."""

    def __init__(
        self,
        app: Any,
        payload: Any,
        *,
        path: str = "/invocations",
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._request = [{"type": "http.request", "body": body}]
        self._left = asyncio.Event()
        self._news = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
        scope = {"type": "http", "method": method, "path": path, "headers": sent}
        self._task = asyncio.ensure_future(app(scope, self._receive, self._send))
        self._task.add_done_callback(lambda _: self._news.set())

    @property
    def events(self) -> list[Any]:
        """The data of the events so far."""
        lines = self.body.decode().split("\n")
        return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]

    @property
    def text(self) -> str:
        """The answer's text so far."""
        return "".join(event.get("text", "") for event in self.events)

    @property
    def last_id(self) -> str:
        """The id of the last whole event."""
        whole = self.body.decode().rpartition("\n\n")[0]
        return [line[4:] for line in whole.split("\n") if line.startswith("id: ")][-1]

    def leave(self) -> None:
        """Closes the connection."""
        self._left.set()

    async def until(self, enough: Callable[["Caller"], bool]) -> "Caller":
        """Reads until that is so, or the reply has ended."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not enough(self) and not self._task.done():
                self._news.clear()
                await self._news.wait()
        return self

    async def end(self) -> "Caller":
        """Reads to the end."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._task
        return self

    async def _receive(self) -> dict[str, Any]:
        if self._request:
            return self._request.pop()
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reading.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
        self._news.set()
