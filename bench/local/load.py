"""Opens streams at once and times every event; bare sockets, so that the measuring costs little."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

STAMP = re.compile(rb"data: (\d+)\n\n")


@dataclass
class Seen:
    """What one round of streams saw, in milliseconds; delays are those after the last stream has begun."""

    streams: int
    all_begun: Callable[[], None]
    first_byte: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    def arrived(self, since_request: float, since_sent: float, *, is_first: bool) -> None:
        if is_first:
            self.first_byte.append(since_request)
            if len(self.first_byte) == self.streams:
                self.all_begun()
        elif len(self.first_byte) == self.streams:
            self.delays.append(since_sent)


async def streams(
    url: str, token: str, number: int, chunks: int, interval: float, all_begun: Callable[[], None] = lambda: None
) -> Seen:
    """So many streams at once, each read to its end; `all_begun` is called when each has had its first event."""
    seen = Seen(number, all_begun)
    request = _request(url, token, {"chunks": chunks, "interval": interval})
    await asyncio.gather(*(_one(url, request, chunks, seen) for _ in range(number)))
    return seen


async def bulk(url: str, token: str, size: int) -> float:
    """Megabytes a second of one long answer."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**20)
    began, received = time.monotonic(), 0
    writer.write(_request(url, token, {"bulk": size}))
    while chunk := await reader.read(2**18):
        received += len(chunk)
    writer.close()
    assert received > size * 0.95, f"{received} of {size} bytes came"
    return received / 1e6 / (time.monotonic() - began)


async def _one(url: str, request: bytes, expected: int, seen: Seen) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    began, received, rest = time.monotonic_ns(), 0, b""
    writer.write(request)
    while chunk := await reader.read(65_536):
        now = time.monotonic_ns()
        rest += chunk
        end = 0
        for match in STAMP.finditer(rest):
            end = match.end()
            received += 1
            seen.arrived((now - began) / 1e6, (now - int(match[1])) / 1e6, is_first=received == 1)
        rest = rest[end:]
    writer.close()
    assert received == expected, f"{received} of {expected} events came: {rest[:300]!r}"


def _request(url: str, token: str, payload: object) -> bytes:
    address = urlsplit(url)
    target = address.path + (f"?{address.query}" if address.query else "")
    body = json.dumps(payload).encode()
    lines = (
        f"POST {target} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
