"""One command beside another: both must pass, and whichever fails stops the other."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SLEEP = "time.sleep(60)"


def beside(first: str, second: str) -> tuple[int, str]:
    """The exit code, and all that was printed."""
    first, second = (f"import sys, time\n{code}" for code in (first, second))
    command = [sys.executable, "-m", "tools.beside", sys.executable, "-c", first, "--", sys.executable, "-c", second]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout


def test_both_pass_and_the_first_is_shown_at_the_end() -> None:
    later = "time.sleep(0.5); print('second', flush=True)"
    assert beside("print('first')", later) == (0, "second\nfirst\n")


def test_the_first_may_take_longer() -> None:
    assert beside("time.sleep(0.5); print('first')", "print('second')") == (0, "second\nfirst\n")


@pytest.mark.parametrize(("first", "second"), [("sys.exit(3)", "pass"), ("sys.exit(3)", SLEEP), (SLEEP, "sys.exit(3)")])
def test_one_that_fails_stops_the_other(first: str, second: str) -> None:
    began = time.monotonic()
    code, _ = beside(first, second)
    assert code == 3
    assert time.monotonic() - began < 20


def test_it_stops_what_it_started_in_the_background_of_a_shell_too() -> None:
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code, _ = beside(SLEEP, "sys.exit(3)")
    finally:
        signal.signal(signal.SIGINT, ignored)
    assert code == 3


def test_what_the_first_said_is_shown_when_it_fails() -> None:
    code, said = beside("print('line 3 is wrong'); sys.exit(1)", SLEEP)
    assert (code, said) == (1, "line 3 is wrong\n")


def test_what_a_stopped_command_started_ends_with_it(tmp_path: Path) -> None:
    began, ended = tmp_path / "began", tmp_path / "ended"
    child = f"import time; open({str(began)!r}, 'w'); time.sleep(2); open({str(ended)!r}, 'w')"
    code, _ = beside(
        "time.sleep(1); sys.exit(2)", f"import subprocess; subprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
    )
    assert code == 2
    time.sleep(1.5)
    assert began.exists()
    assert not ended.exists()
