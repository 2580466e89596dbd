"""Looks like a whole answer and like raw events, and is neither."""
# mypy: ignore-errors

import asyncio
import time

from bedrock_agentcore.runtime import BedrockAgentCoreApp
from strands import Agent, tool

app = BedrockAgentCoreApp()


@tool
def look_up(word: str) -> str:
    """Looks a word up, slowly. Tools run in a thread."""
    time.sleep(2)
    return word


async def texts(prompt):
    events = Agent(tools=[look_up]).stream_async(prompt).__aiter__()
    coming = None
    while True:
        coming = coming or asyncio.ensure_future(anext(events, None))
        done, _ = await asyncio.wait([coming], timeout=10)
        if not done:
            yield {"waiting": True}
            continue
        event, coming = coming.result(), None
        if event is None:
            return
        if "data" in event:
            yield {"text": event["data"]}


@app.entrypoint
def invoke(payload):
    if "prompt" not in payload:
        return {"error": "prompt is missing"}
    return texts(payload["prompt"])
