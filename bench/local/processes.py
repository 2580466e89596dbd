"""The processes that are compared, and what Linux says of each: processor time and peak memory."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import App, Stack
from streaming_agent.client import AgentClient

from streaming_agent_construct import AgentSource, Firewall, Protection, StreamingAgentApi, Throttle

HERE = Path(__file__).parent
NGINX = """
worker_processes 1;
error_log stderr error;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{
      proxy_pass http://127.0.0.1:{agent};
      proxy_http_version 1.1;
      proxy_buffering off;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Target:
    """One way to the agent."""

    name: str
    url: str
    token: str
    pids: tuple[int, ...]
    """The processes between the caller and the agent."""

    def cpu_seconds(self) -> float:
        return sum(_cpu_nanoseconds(pid) for pid in self.pids) / 1e9

    def peak_megabytes(self) -> float:
        return sum(_peak_kilobytes(pid) for pid in self.pids) / 1000


@contextlib.contextmanager
def started(folder: Path) -> Iterator[tuple[list[Target], float]]:
    """The agent directly, behind nginx, and behind the local run, all alive at once; and when the run was ready."""
    with contextlib.ExitStack() as held:
        agent = held.enter_context(_process([sys.executable, str(HERE / "agent.py")]))
        assert agent.stdout is not None
        port = int(agent.stdout.readline())
        direct = Target("directly", f"http://127.0.0.1:{port}/invocations", "none", ())
        nginx = held.enter_context(_nginx(folder, port))
        local, ready_after = held.enter_context(_local_run(folder, port))
        yield [direct, nginx, local], ready_after


@contextlib.contextmanager
def _nginx(folder: Path, agent_port: int) -> Iterator[Target]:
    program = shutil.which("nginx")
    assert program, "nginx is not installed; have it with: apt-get install -y --no-install-recommends nginx-light"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, agent=agent_port))
    with _process([program, "-c", str(config), "-p", str(folder), "-g", "daemon off;"]) as process:
        _wait_for(port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Target("nginx", f"http://127.0.0.1:{port}/invocations", "none", tuple(map(int, children)))


@contextlib.contextmanager
def _local_run(folder: Path, agent_port: int) -> Iterator[tuple[Target, float]]:
    app = App(outdir=str(folder / "cdk.out"), context={"aws:cdk:bundling-stacks": []})
    source = AgentSource.from_directory(str(HERE.parents[1] / "examples" / "hello_agent" / "agent"))
    wide = Protection(
        throttle=Throttle(rate_limit=100_000, burst_limit=5_000), firewall=Firewall.managed(requests_per_ip=1_000_000)
    )
    StreamingAgentApi(Stack(app, "Bench"), "Agent", agent=source, protection=wide)
    app.synth()
    command = [str(Path(sys.executable).parent / "streaming-agent"), "local", "--assembly", str(folder / "cdk.out")]
    options = ["--agent-url", f"http://127.0.0.1:{agent_port}", "--port", "0", "--json"]
    began = time.monotonic()
    with _process([*command, *options], cwd=folder) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        ready_after = time.monotonic() - began
        file = folder / "ready.json"
        file.write_text(json.dumps(ready))
        with AgentClient.local(file) as client:
            token = client.token()
        yield Target("local run", ready["invocations_url"], token, (process.pid,)), ready_after


@contextlib.contextmanager
def _process(command: list[str], cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens on port {port}")


def _cpu_nanoseconds(pid: int) -> int:
    # finer than the clock ticks of /proc/PID/stat: time on a processor, thread by thread
    return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def _peak_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
