"""What the construct costs at synth, against the same stack written by hand: `python bench/synth_cost.py`.

Both are built in turn in one process, each in a fresh App; the first of each is thrown away, since a process pays once
for loading modules and starting the CDK's validator.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from handwritten import build

from streaming_agent_construct import AgentSource, StreamingAgentApi

ROUNDS = 15
HANDWRITTEN = Path(__file__).with_name("handwritten.py")
AGENT = str(Path(__file__).parents[1] / "examples" / "hello_agent" / "agent")


def three_lines(stack: Stack) -> None:
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(AGENT))


def by_hand(stack: Stack) -> None:
    build(stack, AGENT)


def new_stack(folder: str) -> Stack:
    # Packaging the agent's requirements takes the same uv run on both sides, and is left out.
    return Stack(App(outdir=folder, context={"aws:cdk:bundling-stacks": []}), "Chat")


def seconds(fill: Callable[[Stack], None]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        stack = new_stack(folder)
        fill(stack)
        App.of(stack).synth()  # type: ignore[union-attr]
        return time.perf_counter() - started


def resources(fill: Callable[[Stack], None]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        stack = new_stack(folder)
        fill(stack)
        return len(Template.from_stack(stack).to_json()["Resources"])


def main() -> None:
    hand, ours = resources(by_hand), resources(three_lines)
    runs = [(seconds(by_hand), seconds(three_lines)) for _ in range(ROUNDS + 1)][1:]
    hand_seconds, our_seconds = (statistics.median(side) for side in zip(*runs, strict=True))
    ratio = statistics.median(own / other for other, own in runs)
    print(f"synth, median of {ROUNDS} interleaved Apps in one process\n")
    print(f"  {'':<18}{'seconds':>9}{'resources':>11}{'lines':>7}")
    lines = sum(1 for line in HANDWRITTEN.read_text().splitlines() if line.strip())
    print(f"  {'by hand':<18}{hand_seconds:>9.3f}{hand:>11}{lines:>7}")
    print(f"  {'three-line app':<18}{our_seconds:>9.3f}{ours:>11}{3:>7}")
    print(f"  {'ratio':<18}{ratio:>9.3f}")


if __name__ == "__main__":
    main()
