"""`streaming-agent chat`: asks, and prints the answer while it comes."""

import argparse
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import CodedError, Refusal
from .answer_printer import AnswerPrinter, Shown
from .api_options import ChosenApi, add_headers, add_options, chosen_api
from .output import print_error

if TYPE_CHECKING:
    from ..client import AgentClient

SILENCE_SECONDS = 5.0
_LACKS_CREDENTIALS = re.compile("NoCredentials|Unable to locate credentials|You must specify a region")
_ADVICE = (
    "the local run passes no AWS credentials on by itself: start it with --env AWS_ACCESS_KEY_ID --env"
    " AWS_SECRET_ACCESS_KEY --env AWS_SESSION_TOKEN --env AWS_REGION"
)
_LEAVE = frozenset({"exit", "quit", "/exit", "/quit"})


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("chat", help="ask an agent and see its answer come")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("question", nargs="?", help="one question (default: a conversation, one line each)")
    asked.add_argument("--payload", metavar="JSON", help="the whole payload, instead of a question")
    parser.add_argument("--agent", metavar="NAME", help="one of the agents of add_agent")
    parser.add_argument("--session-id", metavar="ID", help="where SessionBinding.CLIENT lets the caller choose")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print each event as one line of JSON")
    shown.add_argument("--timeline", action="store_true", help="print when each event came, in seconds")
    add_headers(parser)
    add_options(parser)
    parser.set_defaults(run=run, extra="client")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb: 0 when every answer came whole, 1 when one did not."""
    api = chosen_api(chosen)
    failed, hinted = False, set[str]()
    with api.client(notice=_say) as client:
        for question, only in _questions(chosen, api):
            try:
                _answer(client, question, chosen, hinted, is_local=api.runtime_url is not None)
            except CodedError as error:
                if only:
                    raise
                failed = True
                print_error(error)
    return 1 if failed else 0


def _questions(chosen: argparse.Namespace, api: ChosenApi) -> Iterator[tuple[str | dict[str, Any], bool]]:
    """Each with whether it is the only one."""
    if chosen.payload is not None:
        yield _payload(chosen.payload), True
    elif chosen.question is not None:
        yield chosen.question, True
    elif sys.stdin is not None:  # closed, nobody asks
        by_hand = sys.stdin.isatty()
        if by_hand:
            agent = f"the agent {chosen.agent}" if chosen.agent else "the agent"
            print(
                f"asking {agent} at {api.address.invocations_url}, as {api.who}. Type exit or Ctrl-D to leave, Ctrl-C"
                " to stop an answer.",
                file=sys.stderr,
            )
        while True:
            try:
                question = input("\nyou> " if by_hand else "").removeprefix("\ufeff").rstrip("\r")
            except (EOFError, UnicodeDecodeError):
                return
            if by_hand and question.strip().lower() in _LEAVE:
                return
            if question.strip():
                yield question, False


def _payload(given: str) -> dict[str, Any]:
    try:
        payload = json.loads(given)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise Refusal("SAL064", f'payload: expected a JSON object such as {{"prompt": "hello"}}, got {given[:200]}')
    return payload


def _answer(
    client: "AgentClient",
    question: str | dict[str, Any],
    chosen: argparse.Namespace,
    hinted: set[str],
    *,
    is_local: bool,
) -> None:
    shown = Shown.JSON if chosen.json else Shown.TIMELINE if chosen.timeline else Shown.TEXT
    printer = AnswerPrinter(shown, hinted)
    try:
        with (
            _word_after_silence() as heard,
            client.invoke(question, agent=chosen.agent, session_id=chosen.session_id) as answer,
        ):
            for event in answer:
                heard()
                printer.event(event)
    except KeyboardInterrupt:
        print(" (stopped)", file=sys.stderr)
        if chosen.question is not None or chosen.payload is not None:
            raise
        printer.stop()
        return
    except CodedError as error:
        printer.stop()
        if is_local and _LACKS_CREDENTIALS.search(str(error)):
            _say(_ADVICE)
        raise
    printer.finish()


@contextmanager
def _word_after_silence() -> Iterator[Any]:
    """Says once that nothing has come yet; what it yields is called as soon as something has."""
    timer = threading.Timer(
        SILENCE_SECONDS, _say, [f"no answer after {SILENCE_SECONDS:g} s; still waiting (Ctrl-C stops)"]
    )
    timer.daemon = True
    timer.start()
    try:
        yield timer.cancel
    finally:
        timer.cancel()


def _say(sentence: str) -> None:
    print(f"streaming-agent: {sentence}", file=sys.stderr, flush=True)
