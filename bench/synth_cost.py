"""What the construct costs at synth, against the same stack written by hand: `python bench/synth_cost.py`.

The two templates are compared first, so that both sides make the same. Then both are built in turn in one process, each
in a fresh App; the first of each is thrown away, since a process pays once for loading modules and starting the CDK's
validator. Last, each is a process of its own, as `cdk synth` starts it: that is what somebody waits for.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from by_hand import build
from import_time import compare

from streaming_agent_construct import AgentSource, StreamingAgentApi

ROUNDS = 15
HANDWRITTEN = Path(__file__).with_name("by_hand")
AGENT = str(Path(__file__).parents[1] / "examples" / "hello_agent" / "agent")


# An app as a process of its own: what it imports, and how it fills its stack.
WHOLE = """
import tempfile
from aws_cdk import App, Stack
{imports}
with tempfile.TemporaryDirectory() as folder:
    app = App(outdir=folder, context={{"aws:cdk:bundling-stacks": []}})
    stack = Stack(app, "Chat")
    {fill}
    app.synth()
"""


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


def template(fill: Callable[[Stack], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        stack = new_stack(folder)
        fill(stack)
        return dict(Template.from_stack(stack).to_json())


def comparable(made: dict[str, Any]) -> dict[str, Any]:
    """The resources without what may differ: comments for checkers, the deployment's digest, the grant of the code.

    Ours reads the one object; the CDK's own construct grants the bucket.
    """
    resources = {name: {**resource, "Metadata": None} for name, resource in made["Resources"].items()}
    (deployment,) = (name for name in resources if resources[name]["Type"] == "AWS::ApiGateway::Deployment")
    for resource in resources.values():
        if resource["Type"] == "AWS::IAM::Policy":
            document = resource["Properties"]["PolicyDocument"]
            document["Statement"] = [one for one in document["Statement"] if not _reads_code(one["Action"])]
    return json.loads(json.dumps(resources).replace(deployment, "Deployment"))  # type: ignore[no-any-return]


def _reads_code(actions: str | list[str]) -> bool:
    return (actions if isinstance(actions, str) else actions[0]).startswith("s3:GetObject")


def unlike(ours: dict[str, Any], by_hand: dict[str, Any]) -> list[str]:
    """The resources that the two stacks make differently."""
    mine, theirs = comparable(ours), comparable(by_hand)
    return sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))


def main() -> None:
    ours, hand = template(three_lines), template(by_hand)
    if different := unlike(ours, hand):
        raise SystemExit(f"bench/by_hand does not make the same stack: {', '.join(different)}")
    number = len(ours["Resources"])
    runs = [(seconds(by_hand), seconds(three_lines)) for _ in range(ROUNDS + 1)][1:]
    hand_seconds, our_seconds = (statistics.median(side) for side in zip(*runs, strict=True))
    ratio = statistics.median(own / other for other, own in runs)
    print(f"synth, median of {ROUNDS} interleaved Apps in one process\n")
    print(f"  {'':<18}{'seconds':>9}{'resources':>11}{'lines':>7}")
    lines = sum(bool(line.strip()) for file in HANDWRITTEN.glob("*.py") for line in file.read_text().splitlines())
    print(f"  {'by hand':<18}{hand_seconds:>9.3f}{number:>11}{lines:>7}")
    print(f"  {'three-line app':<18}{our_seconds:>9.3f}{number:>11}{3:>7}")
    print(f"  {'ratio':<18}{ratio:>9.3f}")
    theirs, whole, whole_ratio = compare(
        WHOLE.format(imports="from by_hand import build", fill=f"build(stack, {AGENT!r})"),
        WHOLE.format(
            imports="from streaming_agent_construct import AgentSource, StreamingAgentApi",
            fill=f'StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory({AGENT!r}))',
        ),
    )
    print(f"\nthe whole process: by hand {theirs:.3f} s, three-line app {whole:.3f} s, ratio {whole_ratio:.3f}")


if __name__ == "__main__":
    main()
