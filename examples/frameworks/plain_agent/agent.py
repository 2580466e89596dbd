"""An agent in plain Python: an async generator."""

import asyncio
from collections.abc import AsyncIterator

from streaming_agent import StreamingAgent

app = StreamingAgent()


@app.answer
async def answer(prompt: str) -> AsyncIterator[str]:
    for word in f"You said: {prompt} And this answer came word by word, to the end.".split():
        yield f"{word} "
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    app.run()
