"""`streaming-agent local` as a process, and what Linux says of it and of those that it started."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("streaming-agent")


@dataclass(frozen=True)
class LocalProcess:
    """A run that has said that it is ready."""

    folder: Path
    process: subprocess.Popen[str]
    line: str
    """What it said."""


@contextmanager
def local_process(folder: Path, *options: str | Path) -> Iterator[LocalProcess]:
    """Runs it in a folder, on a free port; it is killed in the end, if nothing else has ended it."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [COMMAND, "local", "--port", "0", "--json", "--current-environment", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, (folder / "log").read_text()
            yield LocalProcess(folder, process, line)
        finally:
            process.kill()
            process.communicate()


def is_gone(pid: int, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # one that has ended stays listed until whoever inherited it looks
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def descendants(pid: int) -> list[int]:
    """Every process that this one started, and that those did."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return children + [further for child in children for further in descendants(child)]


def resident_megabytes(pid: int) -> float:
    """The memory that a process has now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000
