"""Asks an agent in its own process, as its server would, without a socket."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from .server import StreamingAgent


async def post(app: StreamingAgent, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """One request in process; the status and the whole body."""
    sent: list[Mapping[str, Any]] = []
    messages: Sequence[Mapping[str, Any]] = [{"type": "http.request", "body": body}]
    coming = iter(messages)
    ended = asyncio.Event()

    async def receive() -> Any:
        for message in coming:
            return message
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            ended.set()

    await app.start()
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await app({"type": "http", "method": "POST", "path": path, "headers": encoded}, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])
