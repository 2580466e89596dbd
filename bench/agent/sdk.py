"""The same agent on the AgentCore SDK's app."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from bedrock_agentcore import BedrockAgentCoreApp

app = BedrockAgentCoreApp()


@app.entrypoint
async def invoke(payload: Any) -> AsyncIterator[Any]:
    count, pause = payload["prompt"].split()
    try:
        for _ in range(int(count)):
            yield {"text": str(time.monotonic_ns())}
            await asyncio.sleep(float(pause))
    finally:
        print("closed", time.monotonic_ns(), flush=True)


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]))
