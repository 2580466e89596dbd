"""The agent on streaming_agent."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator

from streaming_agent import StreamingAgent

app = StreamingAgent()


@app.answer
async def answer(prompt: str) -> AsyncIterator[str]:
    count, pause = prompt.split()
    try:
        for _ in range(int(count)):
            yield str(time.monotonic_ns())
            await asyncio.sleep(float(pause))
    finally:
        print("closed", time.monotonic_ns(), flush=True)


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]))
