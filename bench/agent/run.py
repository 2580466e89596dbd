"""One agent on streaming_agent, on the AgentCore SDK's app and on bare Starlette: `python bench/agent/run.py`.

All three are asked in turn, round after round, so that a busy machine slows them alike. Linux only: it reads /proc.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SERVERS = ("ours", "sdk", "bare")
# streams at once -> chunks of each, seconds between them
PLANS = {1: (100, 0.02), 50: (40, 0.05), 200: (20, 0.2)}
REQUIREMENTS = {
    "ours": [str(HERE.parents[1] / "streaming-agent")],
    "sdk": ["bedrock-agentcore"],
    "bare": ["starlette", "uvicorn"],
}
IMPORTS = {
    "ours": "from streaming_agent import StreamingAgent",
    "sdk": "from bedrock_agentcore import BedrockAgentCoreApp",
    "bare": "import uvicorn; from starlette.applications import Starlette",
}
# uvicorn takes uvloop where it finds it; none of the three brings it
WITHOUT_UVLOOP = (
    "import runpy, sys; sys.modules['uvloop'] = None; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


class Server:
    """One agent in a process of its own."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        began = time.monotonic()
        with log.open("wb") as file:
            command = [sys.executable, "-c", WITHOUT_UVLOOP, str(HERE / f"{name}.py"), str(self.port)]
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, env=os.environ)
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.005)
        self.started_seconds = time.monotonic() - began

    def cpu_seconds(self) -> float:
        # of all its threads, in nanoseconds; /proc/*/stat counts in hundredths of a second
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def rss_mb(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


async def one(port: int, prompt: str, delays: list[float], first: list[float], leave_after: int = 0) -> int:
    """Reads one answer, and how long each chunk was on its way; the time at which it left, if it did."""
    began = time.monotonic_ns()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"prompt": prompt}).encode()
    writer.write(
        b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    )
    seen = 0
    while line := await reader.readline():
        if line.startswith(b"data: ") and b'"text"' in line:
            now = time.monotonic_ns()
            delays.append((now - int(json.loads(line[6:])["text"])) / 1e6)
            seen += 1
            if seen == 1:
                first.append((now - began) / 1e6)
            if seen == leave_after:
                break
    left = time.monotonic_ns()
    writer.close()
    return left


async def load(server: Server, streams: int) -> dict[str, float]:
    """Many answers at once."""
    chunks, pause = PLANS[streams]
    delays: list[float] = []
    first: list[float] = []
    before = server.cpu_seconds()
    await asyncio.gather(*[one(server.port, f"{chunks} {pause}", delays, first) for _ in range(streams)])
    cpu = server.cpu_seconds() - before
    delays.sort()
    return {
        "p50 ms": statistics.median(delays),
        "p99 ms": delays[int(len(delays) * 0.99)],
        "first byte ms": statistics.median(first),
        "cpu us a chunk": cpu / len(delays) * 1e6,
    }


async def cancellation(server: Server) -> float:
    """Milliseconds from a caller's leaving to the generator's end; at most ten seconds."""
    before = server.log.read_bytes().count(b"closed")
    left = await one(server.port, "100 0.1", [], [], leave_after=3)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        text = server.log.read_text()
        if text.count("closed") > before:
            return (int(text.strip().splitlines()[-1].split()[1]) - left) / 1e6
        await asyncio.sleep(0.01)
    return 10_000.0


def import_seconds(name: str) -> float:
    code = f"import time; began = time.process_time(); {IMPORTS[name]}; print(time.process_time() - began)"
    return min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    )


def zip_mb(name: str) -> float:
    """What the agent's zip holds of it: arm64 wheels for Python 3.13, without bytecode."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "zip"
        uv = str(Path(sys.executable).with_name("uv"))
        options = ["--quiet", "--target", str(target), "--no-compile-bytecode", "--python-version", "3.13"]
        subprocess.run(
            [uv, "pip", "install", *options, "--python-platform", "aarch64-manylinux_2_28", *REQUIREMENTS[name]],
            check=True,
        )
        subprocess.run(
            [sys.executable, "-m", "zipfile", "-c", f"{folder}/a.zip", *map(str, target.iterdir())], check=True
        )
        return (Path(folder) / "a.zip").stat().st_size / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    results: dict[str, dict[str, Any]] = {name: {} for name in SERVERS}
    for name in SERVERS:
        results[name]["import s"] = import_seconds(name)
        results[name]["zip MB"] = zip_mb(name)
    with tempfile.TemporaryDirectory() as folder:
        servers = [Server(name, Path(folder) / name) for name in SERVERS]
        try:
            for server in servers:
                results[server.name]["start s"] = server.started_seconds
                results[server.name]["cancel ms"] = asyncio.run(cancellation(server))
            for streams in PLANS:
                for _ in range(rounds):
                    for server in servers:
                        for what, value in asyncio.run(load(server, streams)).items():
                            results[server.name].setdefault(f"{what}, {streams}", []).append(value)
            for server in servers:
                results[server.name]["RSS MB"] = server.rss_mb()
        finally:
            for server in servers:
                server.stop()
    for what in results["ours"]:
        cells = []
        for name in SERVERS:
            value = results[name][what]
            cells.append(f"{statistics.median(value) if isinstance(value, list) else value:9.2f}")
        print(
            f"{what:<24}" + "".join(f"{name:>8} {cell}" for name, cell in zip(SERVERS, cells, strict=True)), flush=True
        )


if __name__ == "__main__":
    main()
