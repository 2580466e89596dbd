"""An agent that says numbers, and misbehaves on request."""

import asyncio
import os

from bedrock_agentcore import BedrockAgentCoreApp

app = BedrockAgentCoreApp()


@app.entrypoint
async def invoke(payload, context):
    if payload.get("fail"):
        raise ValueError("asked to fail")
    return _chunks(payload, context)


async def _chunks(payload, context):
    yield {"session": context.session_id, "pid": os.getpid(), "greeting": os.environ.get("GREETING")}
    if payload.get("headers"):
        yield {"headers": context.request_headers or {}}
    for number in range(payload.get("count", 3)):
        await asyncio.sleep(payload.get("pause", 0))
        if number == payload.get("crash_at"):
            os._exit(7)
        yield {"text": f"{number}"}


app.run()
