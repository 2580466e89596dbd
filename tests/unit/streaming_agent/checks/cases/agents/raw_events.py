"""Looks careful, sends everything: each event of the framework goes to the client through a helper."""
# mypy: ignore-errors
# ruff: noqa: ASYNC251

import time

from bedrock_agentcore.runtime import BedrockAgentCoreApp
from strands import Agent

app = BedrockAgentCoreApp()


async def answer(prompt):
    async for event in Agent().stream_async(prompt):
        time.sleep(0.01)
        yield event


@app.entrypoint
async def invoke(payload):
    async for event in answer(payload["prompt"]):
        yield event
