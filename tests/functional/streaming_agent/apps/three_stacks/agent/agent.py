"""A travel agent on the AgentCore SDK, which says a fixed sentence in the place of a model."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

from bedrock_agentcore.runtime import BedrockAgentCoreApp

app = BedrockAgentCoreApp()


@app.entrypoint
async def invoke(payload: dict[str, Any], context: Any) -> AsyncIterator[str]:
    prompt = payload.get("prompt", "nowhere")

    async def words() -> AsyncIterator[str]:
        for word in f"{os.environ['GREETING']}: to {prompt} by train.".split():
            yield f"{word} "
            await asyncio.sleep(0.05)

    return words()


if __name__ == "__main__":
    app.run()
