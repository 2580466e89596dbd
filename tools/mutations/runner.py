"""Runs tests of a tree in a process of their own, and says what became of them."""

import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_RUN_SECONDS = 900
SOURCES = ("src", "streaming-agent/src", ".")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How one run of pytest ended."""

    exit_code: int
    results: Mapping[str, Sequence[str]]
    """For each test that was asked for what became of its cases: "passed", "skipped", or how the failure begins."""
    last_words: str
    """The end of what pytest said."""


class Runner:
    """A tree's tests, to be run many times."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self._worker: subprocess.Popen[str] | None = None

    def run(self, tests: Sequence[str]) -> Outcome:
        """Runs these tests on the tree as it is now."""
        worker = self._started()
        assert worker.stdin is not None
        assert worker.stdout is not None
        too_long = threading.Timer(_RUN_SECONDS, worker.kill)
        too_long.start()
        print(json.dumps(tests), file=worker.stdin, flush=True)
        answer = worker.stdout.readline()
        too_long.cancel()
        if not answer:
            self.stop()
            return Outcome(-1, {test: [] for test in tests}, "the tests ended the process that ran them")
        told = json.loads(answer)
        cases: dict[str, str] = told["cases"]
        results = {
            test: [became for name, became in cases.items() if name == test or name.startswith(f"{test}[")]
            for test in tests
        }
        return Outcome(told["exit_code"], results, told["last_words"])

    def stop(self) -> None:
        """Ends the process; the next run starts another."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None

    def _started(self) -> subprocess.Popen[str]:
        if self._worker is None:
            self._worker = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))],
                cwd=self._tree,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(str(self._tree / source) for source in SOURCES)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        return self._worker


@contextmanager
def runner_of(tree: Path) -> Iterator[Runner]:
    """A runner that ends with what it is for."""
    runner = Runner(tree)
    try:
        yield runner
    finally:
        runner.stop()
