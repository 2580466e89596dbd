"""What the local run costs on the way to an agent, beside nginx and the agent asked directly: `make bench-local`.

All three are asked in turn, in one run, so that a busy machine slows them alike. Linux only: it reads /proc.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from load import Seen, bulk, streams
from processes import Target, started
from report import write

BULK_BYTES = 9_000_000  # API Gateway slows an answer down after 10 MB
# streams at once -> events of each, seconds between them
PLANS = {1: (60, 0.05), 50: (30, 0.1), 500: (20, 0.5)}


@dataclass
class Stopwatch:
    """How long a target's processes have worked since all streams had begun."""

    target: Target
    before: float = 0.0

    def start(self) -> None:
        self.before = self.target.cpu_seconds()

    def cpu_seconds(self) -> float:
        return self.target.cpu_seconds() - self.before


@dataclass
class Measured:
    """One way to the agent, at one number of streams."""

    target: str
    streams: int
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    first_byte: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Microseconds a chunk."""

    def add(self, seen: Seen, cpu_seconds: float) -> None:
        ordered = sorted(seen.delays)
        self.p50.append(statistics.median(ordered))
        self.p99.append(ordered[int(len(ordered) * 0.99)])
        self.first_byte.append(statistics.median(seen.first_byte))
        self.cpu.append(cpu_seconds / len(seen.delays) * 1e6)

    def medians(self) -> dict[str, object]:
        return {
            "target": self.target,
            "streams": self.streams,
            **{name: round(statistics.median(getattr(self, name)), 3) for name in ("p50", "p99", "first_byte", "cpu")},
        }


async def measure(targets: list[Target], rounds: int) -> dict[str, object]:
    measured = {(target.name, number): Measured(target.name, number) for number in PLANS for target in targets}
    throughput: dict[str, list[float]] = {target.name: [] for target in targets}
    for target in targets:
        await streams(target.url, target.token, 20, 3, 0.01)  # warm
    for number, (chunks, interval) in PLANS.items():
        for round_number in range(rounds):
            for target in targets:
                stopwatch = Stopwatch(target)
                seen = await streams(target.url, target.token, number, chunks, interval, stopwatch.start)
                measured[target.name, number].add(seen, stopwatch.cpu_seconds())
            print(f"{number} streams: round {round_number + 1} of {rounds}", flush=True)
    for _ in range(rounds):
        for target in targets:
            throughput[target.name].append(await bulk(target.url, target.token, BULK_BYTES))
    return {
        "rows": [one.medians() for one in measured.values()],
        "throughput": {name: round(statistics.median(values), 1) for name, values in throughput.items()},
        "peak_megabytes": {target.name: round(target.peak_megabytes(), 1) for target in targets if target.pids},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table and the plot into docs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the numbers")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder)) as (targets, ready_after),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        result = runner.run(measure(targets, chosen.rounds))
    result["ready_seconds"] = round(ready_after, 2)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2))
    write(result, into_docs=chosen.write)


if __name__ == "__main__":
    main()
