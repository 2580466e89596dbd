"""Prints one answer while it comes, and says at its end what was not shown."""

import json
import sys
import time
from enum import Enum
from typing import TYPE_CHECKING, Any

from ..errors import Refusal

if TYPE_CHECKING:
    from ..client import Event

_MOST_KEPT_EVENTS = 1000
_HINTS = {
    "Strands": 'for each event with "data", yield {"text": event["data"]}, or use streaming_agent.from_strands',
    "LangGraph": 'stream with stream_mode="messages" and yield {"text": chunk.text}, or use'
    " streaming_agent.from_langgraph",
    "OpenAI": 'yield {"text": …} for each piece, or use streaming_agent.from_openai_agents',
    "pydantic-ai": 'yield {"text": …} for each text delta, or use streaming_agent.from_pydantic_ai',
    "JSON": 'yield {"text": …} for each piece of the answer',
}


class Shown(Enum):
    """How an answer is shown."""

    TEXT = "text"
    JSON = "json"
    TIMELINE = "timeline"


class AnswerPrinter:
    """One answer on the terminal."""

    def __init__(self, shown: Shown, hinted: set[str]) -> None:
        """:param hinted: The libraries of which a hint was given before: each is given once."""
        self._shown = shown
        self._hinted = hinted
        self._began = time.monotonic()
        self._events = 0
        self._has_text = False
        self._is_whole_line = True
        self._kept: list[Event] = []
        self._unreadable = 0
        self._libraries: set[str] = set()
        self._ended = False

    def event(self, event: "Event") -> None:
        """Shows one event."""
        self._events += 1
        self._has_text = self._has_text or event.text != ""
        self._unreadable += not event.readable
        self._ended = self._ended or (isinstance(event.data, dict) and event.data.keys() == {"end"})
        if event.library:
            self._libraries.add(event.library)
        match self._shown:
            case Shown.JSON:
                print(_json(event.data), flush=True)
            case Shown.TIMELINE:
                print(f"{time.monotonic() - self._began:8.3f}  {_json(event.data)}", flush=True)
            case Shown.TEXT:
                self._text(event)

    def _text(self, event: "Event") -> None:
        if event.text:
            print(event.text, end="", flush=True)
            self._is_whole_line = event.text.endswith("\n")
            self._kept = []
        elif not self._has_text and len(self._kept) < _MOST_KEPT_EVENTS:
            self._kept.append(event)

    def stop(self) -> None:
        """Ends the line that was begun."""
        if self._shown is Shown.TEXT and not self._is_whole_line:
            print(flush=True)
            self._is_whole_line = True

    def finish(self) -> None:
        """Says what was not shown; raises `Refusal` when the answer had nothing to show."""
        self.stop()
        if self._events == 0:
            raise Refusal(
                "SAL065", "the agent said nothing: its answer ended without a single event; its log may say why"
            )
        if self._shown is not Shown.TEXT:
            return
        if not self._has_text:
            self._without_text()
        elif self._unreadable:
            _say(f"{self._unreadable} of the agent's {self._events} events cannot be read; --json shows them")
        named = self._libraries - {"JSON"} or self._libraries
        for library in sorted(named - self._hinted):
            self._hinted.add(library)
            what = f"{library}'s own events" if library != "JSON" else 'JSON without a field "text"'
            _say(f"the agent sends {what}: {_HINTS.get(library, _HINTS['JSON'])}")

    def _without_text(self) -> None:
        for event in self._kept:
            print(_json(event.data), flush=True)
        if self._ended:  # the agent says that this is the whole answer
            _say("the answer has no text; its events are shown as JSON")
            return
        raise Refusal(
            "SAL066",
            f"no text was found in the agent's answer ({self._events} events, shown as JSON): let the agent yield"
            ' {"text": "…"}',
        )


def _json(data: Any) -> str:
    try:
        return json.dumps(data, ensure_ascii=False)
    except RecursionError:
        return json.dumps(repr(type(data)))


def _say(sentence: str) -> None:
    print(f"streaming-agent: {sentence}", file=sys.stderr)
