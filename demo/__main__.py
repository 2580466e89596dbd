"""The demo, from top to bottom: synthesise, run locally, sign in, ask; then the same without STREAM."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from .chain import ask, environment_of, local_model, local_run, sign_in, synthesise, without_streaming
from .terminal import Answer, Waiting, bold, dim, green, say, step
from .timeline import Arrivals

QUESTION = "Write four sentences about the sea at night."


def main() -> None:
    """Runs the demo."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--scripted", action="store_true", help="a scripted text instead of the small model")
    scripted = parser.parse_args().scripted
    # Ended from outside, the demo still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    say()
    say(bold("  A real answer through the stack of examples/hello_agent, on this machine"))
    say()
    with ExitStack() as held:
        work = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="streaming-agent-demo-")))
        streamed, buffered = work / "cdk.out", work / "cdk.out-without-stream"
        with step("synthesising it with the CDK CLI"):
            synthesise(streamed)
            without_streaming(streamed, buffered)
        model = None
        if not scripted:
            with step("loading SmolLM2-135M, a real model that is small enough for any laptop"):
                model = held.enter_context(local_model(work / "model.log"))
        environment = environment_of(model)
        as_written = converse("the template as it is: STREAM, 15 minutes", streamed, environment)
        without = converse("the same template with STREAM taken out: BUFFERED, 29 seconds", buffered, environment)
    compare({"STREAM": as_written, "BUFFERED": without})


def converse(what: str, assembly: Path, environment: Mapping[str, str]) -> Arrivals:
    """Runs the assembly locally, signs in, asks, and shows the answer as it comes."""
    with ExitStack() as held:
        with step(f"streaming-agent local, {what}"):
            ready = held.enter_context(local_run(assembly, environment, assembly.with_suffix(".log")))
        with step("signing in with boto3, which gets an ID token"):
            token = sign_in(ready)
        url = ready["invocations_url"]
        with step("a first hello, which starts the agent's session"):
            ask(url, token, {"prompt": "Hello!", "conversation_id": "hello"}, lambda _: None)
        say()
        say(f"  {bold('you')}    {QUESTION}")
        with Waiting() as waiting:
            arrivals = ask(url, token, {"prompt": QUESTION}, Answer("agent", waiting).add)
        say("\n")
    return arrivals


def compare(answers: Mapping[str, Arrivals]) -> None:
    """A line of time for each answer, on one scale."""
    until = max(arrivals.last for arrivals in answers.values())
    for name, arrivals in answers.items():
        say(f"  {name:<9} {green(arrivals.row(until))}  {arrivals}")
    say(f"  {'':<9} {dim('when each chunk of the answer came, in seconds after the question')}")
    say()


if __name__ == "__main__":
    main()
