"""How every agent of the house is served."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route


def serve(answer: Callable[[str], str]) -> None:
    """Serves what AgentCore asks for, and sends the answer word by word."""

    async def ping(request: Request) -> JSONResponse:
        return JSONResponse({"status": "Healthy"})

    async def invocations(request: Request) -> StreamingResponse:
        prompt = (await request.json()).get("prompt", "")

        async def events() -> AsyncIterator[str]:
            for word in answer(prompt).split():
                yield f"data: {json.dumps({'text': word + ' '})}\n\n"
                await asyncio.sleep(0.05)

        return StreamingResponse(events(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/ping", ping), Route("/invocations", invocations, methods=["POST"])])
    uvicorn.run(app, host="0.0.0.0", port=8080)
