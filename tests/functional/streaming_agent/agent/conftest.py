"""Agents that are served by uvicorn, in processes of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

AGENT = Path(__file__).with_name("served_agent.py")


@dataclass
class Served:
    url: str
    process: subprocess.Popen[bytes]
    closed_file: Path
    log: Path

    def closed(self, line: str, within: float) -> bool:
        """Whether an answer's generator was closed in time."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self.closed_file.exists() and line in self.closed_file.read_text():
                return True
            time.sleep(0.01)
        return False


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts an agent; all of them end with the module's tests."""
    running: list[subprocess.Popen[bytes]] = []

    def start(agent: Path = AGENT, **environment: str) -> Served:
        work = tmp_path_factory.mktemp("agent")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        code = (
            f"import runpy, sys; sys.path.insert(0, {str(agent.parent)!r});"
            f"runpy.run_path({str(agent)!r})['app'].run(port={port})"
        )
        with (work / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", code],
                env=os.environ | {"CLOSED": str(work / "closed")} | environment,
                stdout=log,
                stderr=log,
            )
        running.append(process)
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return Served(f"http://127.0.0.1:{port}", process, work / "closed", work / "log")
            time.sleep(0.02)
        raise AssertionError((work / "log").read_text())

    yield start
    for process in running:
        process.kill()
        process.wait()
