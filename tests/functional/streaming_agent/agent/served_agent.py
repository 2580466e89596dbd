"""The agent that these tests serve: what it does is said by the prompt."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from streaming_agent import AnswerError, Context, OnDisconnect, StreamingAgent, Usage

app = StreamingAgent(
    heartbeat=timedelta(seconds=0.2),
    on_disconnect=OnDisconnect(os.environ.get("ON_DISCONNECT", "cancel")),
)
closed = Path(os.environ["CLOSED"])


@app.answer
async def answer(prompt: str, context: Context) -> AsyncIterator[Any]:
    what, _, value = prompt.partition(" ")
    try:
        if what == "block":
            yield "before "
            time.sleep(float(value))  # noqa: ASYNC251  what an agent must not do, and does
            yield "after"
        elif what == "count":
            for number in range(int(value)):
                yield f"{number} "
                await asyncio.sleep(0.02)
            yield Usage(1, int(value))
        elif what == "hurry":
            for number in range(int(value)):
                yield f"{number} {'x' * 200}"
                if number % 10 == 0:
                    await asyncio.sleep(0)
        elif what == "fail":
            yield "half"
            raise AnswerError("sold_out", "it is sold out")
        else:
            yield "hello "
            yield prompt
    finally:
        with closed.open("a") as file:  # noqa: ASYNC230
            file.write(f"{what} {threading.current_thread().name}\n")


if __name__ == "__main__":
    app.run()
