"""The agent that is measured through: streams events that carry the moment at which they were sent.

The payload says how: `{"chunks": 20, "interval": 0.25}`, or `{"bulk": 9000000}` for as much as the connection takes.
"""

import asyncio
import json
import random
import socket
import sys
import time

import uvloop
from aiohttp import web

BLOCK = b"data: " + b"x" * 65_000 + b"\n\n"


async def invoke(request: web.Request) -> web.StreamResponse:
    asked = json.loads(await request.read())
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    if "bulk" in asked:
        for _ in range(asked["bulk"] // len(BLOCK)):
            await response.write(BLOCK)
        return response
    await response.write(_stamped())
    # streams that begin together don't stay in step, as users don't
    await asyncio.sleep(random.uniform(0, asked["interval"]))
    for _ in range(asked["chunks"] - 1):
        await response.write(_stamped())
        await asyncio.sleep(asked["interval"])
    return response


def _stamped() -> bytes:
    # the monotonic clock is one for all processes of a machine
    return b"data: %d\n\n" % time.monotonic_ns()


async def ping(request: web.Request) -> web.Response:
    return web.json_response({"status": "Healthy"})


if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.post("/invocations", invoke), web.get("/ping", ping)])
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listening.getsockname()[1], flush=True)
    web.run_app(app, sock=listening, print=None, access_log=None, loop=uvloop.new_event_loop())
    sys.exit(0)
