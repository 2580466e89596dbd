"""One event of an agent's answer, as Server-Sent Events carry it."""

import json
from dataclasses import dataclass
from typing import Any

import httpx2

from .errors import AgentFailed

# an AgentCore chunk is 10 MB at most (quota of InvokeAgentRuntime)
MAX_EVENT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Event:
    """One thing that the agent yielded."""

    data: Any
    """What it yielded: parsed where it is JSON, which the agents' SDK always sends; else the text."""

    @property
    def text(self) -> str:
        """The piece of the answer in ``{"text": "…"}``, or a string that was yielded as it is; else empty."""
        if isinstance(self.data, str):
            return self.data
        text = self.data.get("text") if isinstance(self.data, dict) else None
        return text if isinstance(text, str) else ""


def event_of(sent: httpx2.ServerSentEvent) -> Event:
    """The event; raises `AgentFailed` when it says that the agent failed, which arrives with status 200."""
    try:
        data = json.loads(sent.data)
    except ValueError:
        data = sent.data
    if isinstance(data, dict) and data.get("error"):
        error = data["error"]
        details = error if isinstance(error, dict) else data
        said = details.get("message") or details.get("error") or "nothing more"
        raise AgentFailed("CLI042", f"the agent must answer to the end, got its error {said}", data)
    return Event(data)
