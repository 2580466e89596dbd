"""Runs tests of the folder that it is started in, again and again: a line of JSON asks, another one answers.

One process, because starting Python, pytest and the CDK takes longer than a test. Whatever comes from the folder is
imported anew for each run, so that a changed source is noticed.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TextIO

import pytest

_TEST_SECONDS = 60


class _Reports:
    """What became of each case: "passed", "skipped", "error: ..." or how the failure begins."""

    def __init__(self) -> None:
        self.cases: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.cases.setdefault(report.nodeid, "passed")
        elif report.skipped:
            self.cases[report.nodeid] = "skipped"
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = str(crash.message if crash is not None else report.longrepr).strip().partition("\n")[0]
            self.cases[report.nodeid] = said if report.when == "call" else f"error: {said}"


def _forget(folder: str) -> None:
    for name, module in list(sys.modules.items()):
        if name != "__main__" and str(getattr(module, "__file__", None) or "").startswith(folder):
            del sys.modules[name]
    importlib.invalidate_caches()


def _run(tests: list[str], log: TextIO) -> dict[str, object]:
    reports = _Reports()
    path, environment = list(sys.path), dict(os.environ)
    log.seek(0)
    log.truncate()
    arguments = ["-q", "-p", "no:cacheprovider", f"--timeout={_TEST_SECONDS}", *tests]
    code = int(pytest.main(arguments, plugins=[reports]))
    _forget(f"{Path.cwd()}{os.sep}")
    sys.path[:] = path
    os.environ.clear()
    os.environ.update(environment)
    log.seek(0)
    return {"exit_code": code, "cases": reports.cases, "last_words": "\n".join(log.read().strip().splitlines()[-5:])}


def _serve() -> None:
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers, tempfile.TemporaryFile("w+") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        for line in sys.stdin:
            print(json.dumps(_run(json.loads(line), log)), file=answers, flush=True)
            # What the first run, with every safeguard in place, has compiled is good; nothing after it is.
            sys.dont_write_bytecode = True


if __name__ == "__main__":
    _serve()
