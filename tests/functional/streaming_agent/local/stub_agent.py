"""An agent for many streams at once: numbered chunks of the stream that the request names."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web


class StubAgent:
    """Counts the streams that it serves and those whose reader left."""

    def __init__(self) -> None:
        self.origin = ""
        self.under_way = 0
        self.left = 0
        self.written = 0

    async def ping(self, request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def invocations(self, request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self.under_way += 1
        try:
            for number in range(asked["count"]):
                chunk = f'data: {{"stream": {asked["stream"]}, "number": {number}}}\n\n'.encode()
                chunk += b": " + b"x" * asked.get("padding", 0) + b"\n\n"
                await response.write(chunk)
                self.written += len(chunk)
                await asyncio.sleep(asked.get("pause", 0))
            await response.write_eof()
        except (asyncio.CancelledError, ConnectionError):
            self.left += 1
            raise
        finally:
            self.under_way -= 1
        return response


@contextmanager
def stub_agent() -> Iterator[StubAgent]:
    """Runs the agent in a thread of its own."""
    agent, begun = StubAgent(), threading.Event()
    stopped: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        app = web.Application()
        app.add_routes([web.get("/ping", agent.ping), web.post("/invocations", agent.invocations)])
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        agent.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        stop = asyncio.Event()
        stopped.append((asyncio.get_running_loop(), stop))
        begun.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="stub agent")
    thread.start()
    begun.wait()
    try:
        yield agent
    finally:
        loop, stop = stopped[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()
