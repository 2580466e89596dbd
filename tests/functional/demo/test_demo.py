"""`make demo`: it shows the difference that STREAM makes, ends by itself, and leaves nothing running."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from demo.timeline import Arrivals, Chunk

ROOT = Path(__file__).parents[3]
needs_cdk = pytest.mark.skipif(shutil.which("cdk") is None, reason="make install brings the CDK CLI onto make's PATH")
# `make demo` installs the small model, 130 MB; without it the demo says the example's scripted text.
MODEL = [] if find_spec("xllamacpp") else ["--scripted"]


def start(mark: str) -> subprocess.Popen[str]:
    """The demo, with a mark in the environment of every process that it starts."""
    command = [sys.executable, "-m", "demo", *MODEL]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"MARK": f"{os.getpid()} {mark}"}, stdout=subprocess.PIPE, text=True
    )


def left_running(mark: str) -> list[str]:
    """The commands of processes with this mark, on Linux. Another run of the tests may be under way."""
    commands = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"MARK={os.getpid()} {mark}".encode() in environment.read_bytes():
                commands.append(environment.with_name("cmdline").read_text())
    return commands


@needs_cdk
def test_shows_the_answer_streamed_and_buffered_and_leaves_no_process() -> None:
    demo = start("ended by itself")
    printed, _ = demo.communicate(timeout=240)
    assert demo.returncode == 0
    arrivals = {
        name: (float(first), float(last), int(chunks))
        for name, first, last, chunks in re.findall(
            r"(STREAM|BUFFERED) .*first +(\S+) s +last +(\S+) s +(\d+) chunk", printed
        )
    }
    first, last, chunks = arrivals["STREAM"]
    assert chunks > 10
    assert first < last / 2
    first, last, chunks = arrivals["BUFFERED"]
    assert (first, chunks) == (last, 1)
    assert left_running("ended by itself") == []


@needs_cdk
def test_ended_from_outside_it_ends_what_it_started() -> None:
    demo = start("ended from outside")
    assert demo.stdout
    while not (running := [command for command in left_running("ended from outside") if "app.py" in command]):
        assert demo.poll() is None
        demo.stdout.read(1)
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=60)
    assert running
    assert demo.returncode == 128 + signal.SIGTERM
    assert left_running("ended from outside") == []


def test_a_row_is_high_where_much_of_the_answer_came() -> None:
    arrivals = Arrivals([Chunk(0.0, 10), Chunk(0.5, 40), Chunk(0.5, 40), Chunk(1.0, 5)])
    row = arrivals.row(until=1.0)
    assert len(row) == 48
    assert (row[0], row[24], row[-1]) == ("▁", "█", "▁")
    assert set(row[1:24]) == {" "}
