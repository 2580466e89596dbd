"""The same agent on Starlette and uvicorn, with nothing of what an agent should do beside."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route


async def words(prompt: str) -> AsyncIterator[str]:
    count, pause = prompt.split()
    try:
        for _ in range(int(count)):
            yield f"data: {json.dumps({'text': str(time.monotonic_ns())})}\n\n"
            await asyncio.sleep(float(pause))
    finally:
        print("closed", time.monotonic_ns(), flush=True)


async def invoke(request: Request) -> StreamingResponse:
    return StreamingResponse(words((await request.json())["prompt"]), media_type="text/event-stream")


async def ping(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


app = Starlette(routes=[Route("/invocations", invoke, methods=["POST"]), Route("/ping", ping)])
if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
