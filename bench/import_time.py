"""How much longer the package takes to import than aws_cdk alone: `python bench/import_time.py`."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
HERE = Path(__file__).parent
PAIRS = {
    "the package, beside aws_cdk": ("import aws_cdk", "import aws_cdk, streaming_agent_construct"),
    "the stack's imports, beside those of the same by hand": (
        "import by_hand",
        "from aws_cdk import App, Stack; from streaming_agent_construct import AgentSource, StreamingAgentApi",
    ),
}


def seconds(statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], cwd=HERE, check=True)
    return time.perf_counter() - started


def compare(without: str, ours: str) -> tuple[float, float, float]:
    """The median of each, and of the ratios of neighbouring runs."""
    for statement in (without, ours):
        seconds(statement)
    runs = [(seconds(without), seconds(ours)) for _ in range(ROUNDS)]
    theirs, mine = (statistics.median(side) for side in zip(*runs, strict=True))
    return theirs, mine, statistics.median(own / other for other, own in runs)


def main() -> None:
    print(f"import, median of {ROUNDS} interleaved runs, each in a process of its own\n")
    print(f"  {'':<56}{'without':>9}{'ours':>9}{'ratio':>8}")
    for what, (without, ours) in PAIRS.items():
        theirs, mine, ratio = compare(without, ours)
        print(f"  {what:<56}{theirs:>8.3f}s{mine:>8.3f}s{ratio:>8.3f}")


if __name__ == "__main__":
    main()
