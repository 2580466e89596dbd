"""`streaming-agent chat`: asks, and prints the answer while it comes."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..template import Refusal
from .api_options import add_options, chosen_api, refusing

if TYPE_CHECKING:
    from ..client import AgentClient


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("chat", help="ask an agent and see its answer come")
    parser.add_argument("question", nargs="?", help="one question (default: a conversation, one line each)")
    parser.add_argument("--payload", metavar="JSON", help="the whole payload, in the place of a question")
    parser.add_argument("--agent", metavar="NAME", help="one of the agents of add_agent")
    parser.add_argument("--session-id", metavar="ID", help="where SessionBinding.CLIENT lets the caller choose")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print each event as one line of JSON")
    shown.add_argument("--timeline", action="store_true", help="print when each event came, in seconds")
    add_options(parser)
    parser.set_defaults(run=run, extra="client")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    with refusing(), chosen_api(chosen).client() as client:
        for question in _questions(chosen):
            _answer(client, question, chosen)
    return 0


def _questions(chosen: argparse.Namespace) -> Iterator[str | dict[str, Any]]:
    if chosen.payload is not None:
        try:
            payload = json.loads(chosen.payload)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            raise Refusal(
                "SAL064", f'payload must be a JSON object such as {{"prompt": "hello"}}, got {chosen.payload}'
            )
        yield payload
    elif chosen.question is not None:
        yield chosen.question
    elif sys.stdin is not None:  # closed, nobody asks
        while True:
            try:
                question = input("\n> " if sys.stdin.isatty() else "")
            except EOFError:
                return
            if question.strip():
                yield question


def _answer(client: "AgentClient", question: str | dict[str, Any], chosen: argparse.Namespace) -> None:
    began = time.monotonic()
    try:
        with client.invoke(question, agent=chosen.agent, session_id=chosen.session_id) as answer:
            for event in answer:
                if chosen.json:
                    print(json.dumps(event.data, ensure_ascii=False), flush=True)
                elif chosen.timeline:
                    print(f"{time.monotonic() - began:8.3f}  {json.dumps(event.data, ensure_ascii=False)}", flush=True)
                else:
                    print(event.text, end="", flush=True)
    except KeyboardInterrupt:
        print(" (stopped)", file=sys.stderr)
        if chosen.question is not None or chosen.payload is not None:
            raise
    if not (chosen.json or chosen.timeline):
        print(flush=True)
