"""Runs one command beside another: `python tools/beside.py COMMAND... -- COMMAND...`.

The first has what the second leaves of the processors, and what it prints is shown at the end. Where one fails, the
other is stopped.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import IO

_NICE = 10
_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 30


def main(arguments: Sequence[str]) -> int:
    """The exit code of whichever failed first; 0 where both passed."""
    # A shell has its background commands ignore it, and what they start would do the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end = arguments.index("--")
    with tempfile.TemporaryFile() as said:
        aside = _start(arguments[:end], said)
        os.setpriority(os.PRIO_PGRP, aside.pid, _NICE)
        second = _start(arguments[end + 1 :])
        try:
            while second.poll() is None and not aside.poll():
                _wait(second)
            return aside.poll() or second.poll() or aside.wait()
        finally:
            _stop(second)
            _stop(aside)
            _show(said)


def _start(command: Sequence[str], said: IO[bytes] | None = None) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, process_group=0)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends a command with all that it started."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _show(said: IO[bytes]) -> None:
    said.seek(0)
    sys.stdout.flush()
    sys.stdout.buffer.write(said.read())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
