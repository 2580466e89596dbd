"""A model that says what it was told to say: for tests, and for a run without any model."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

from strands.models import Model
from strands.types.content import Messages
from strands.types.event_loop import StopReason
from strands.types.streaming import StreamEvent

TEXT = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."


class ScriptedModel(Model):
    """Says `words`, each after `pause_seconds`; a word that is an exception is raised instead."""

    def __init__(
        self, words: Sequence[str | Exception] = tuple(re.findall(r"\S+\s*", TEXT)), pause_seconds: float = 0.05
    ) -> None:
        self.words = words
        self.pause_seconds = pause_seconds
        self.stop_reason: StopReason = "end_turn"

    async def stream(self, messages: Messages, *args: Any, **kwargs: Any) -> AsyncIterator[StreamEvent]:
        yield {"messageStart": {"role": "assistant"}}
        yield {"contentBlockStart": {"start": {}}}
        for word in self.words:
            await asyncio.sleep(self.pause_seconds)
            if isinstance(word, Exception):
                raise word
            yield {"contentBlockDelta": {"delta": {"text": word}}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": self.stop_reason}}

    def structured_output(self, *args: Any, **kwargs: Any) -> AsyncGenerator[dict[str, Any], None]:
        raise NotImplementedError("a scripted model says words only")

    def get_config(self) -> dict[str, Any]:
        return {"context_window_limit": 100_000}

    def update_config(self, **model_config: Any) -> None:
        """Nothing to configure."""
