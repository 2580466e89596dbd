"""Agents listen on port 8080, whatever server they use; locally each gets a port of its own, unchanged."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.agentcore import AgentProcess, AgentProgram
from streaming_agent.local.agentcore.agent_process import AgentCrashed
from streaming_agent.local.http_client import HttpClient
from streaming_agent.local.messages import Request

from tests.functional.streaming_agent.local.processes import is_gone

HTTP_SERVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"http.server")
HTTPServer(("{host}", 8080), Agent).serve_forever()
"""
IPV6 = """
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ipv6")
class Server(HTTPServer):
    address_family = socket.AF_INET6
Server(("::", 8080), Agent).serve_forever()
"""
UVICORN = """
import uvicorn
async def app(scope, receive, send):
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    await send({{"type": "http.response.body", "body": b"uvicorn"}})
uvicorn.run(app, host="0.0.0.0", port=8080, loop="{loop}", lifespan="off", log_level="warning")
"""
AIOHTTP = """
from aiohttp import web
async def ping(request):
    return web.Response(text="aiohttp")
app = web.Application()
app.router.add_get("/ping", ping)
web.run_app(app, port=8080, print=None)
"""
AGENTS = {
    "http.server on all interfaces": (HTTP_SERVER.format(host="0.0.0.0"), "http.server"),
    "http.server on localhost": (HTTP_SERVER.format(host="127.0.0.1"), "http.server"),
    "IPv6": (IPV6, "ipv6"),
    "uvicorn on asyncio": (UVICORN.format(loop="asyncio"), "uvicorn"),
    "uvicorn on uvloop": (UVICORN.format(loop="uvloop"), "uvicorn"),
    "aiohttp on all families": (AIOHTTP, "aiohttp"),
}


async def pinged(script: Path) -> str:
    alive, ours = os.pipe()
    program = AgentProgram(interpreter=Path(sys.executable), script=script, environment={"PATH": os.environ["PATH"]})
    try:
        async with HttpClient() as http_client:
            agent = await AgentProcess.start(program, http_client, alive)
            try:
                reply = await http_client.ask(agent.origin, Request(method="GET", path="/ping", headers=agent.headers))
                assert not isinstance(reply.body, bytes)
                return (await anext(reply.body)).decode()
            finally:
                await agent.stop()
    finally:
        os.close(alive)
        os.close(ours)


@pytest.mark.parametrize("agent", AGENTS)
def test_any_server_on_port_8080_is_reached(agent: str, tmp_path: Path) -> None:
    source, answer = AGENTS[agent]
    script = tmp_path / "agent.py"
    script.write_text(source)

    assert asyncio.run(pinged(script)) == answer


def test_a_script_that_ends_is_said_to_have_ended(tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text("raise SystemExit(3)")

    with pytest.raises(AgentCrashed, match=r"agent\.py ended with exit code 3 before it listened on port 8080"):
        asyncio.run(pinged(script))


def test_a_script_is_run_as_python_would(tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    (tmp_path / "beside.py").write_text("NAME = 'beside'")
    checks = (
        "import sys, beside\nassert __name__ == '__main__' and __file__ == sys.argv[0], (__name__, sys.argv)\n"
        "assert len(sys.argv) == 1\n"
    )
    script.write_text(checks + HTTP_SERVER.format(host="127.0.0.1"))

    assert asyncio.run(pinged(script)) == "http.server"


OTHER_PORT = HTTP_SERVER.replace("8080", "0")
SILENT = """
import socket, time
listening = socket.socket()
listening.bind(("0.0.0.0", 8080))
listening.listen()
time.sleep(60)
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told after 5 seconds and given up after 30 is told and given up at once."""
    monkeypatch.setattr("streaming_agent.local.agentcore.agent_process._TOLD_SECONDS", 1.5)


async def started(script: Path, **options: Any) -> None:
    alive, ours = os.pipe()
    program = AgentProgram(
        interpreter=Path(sys.executable), script=script, environment={"PATH": os.environ["PATH"]}, **options
    )
    try:
        async with HttpClient() as http_client:
            agent = await AgentProcess.start(program, http_client, alive)
            await agent.stop()
    finally:
        os.close(alive)
        os.close(ours)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        (OTHER_PORT.format(host="0.0.0.0"), r"agent\.py listens on port \d+, and AgentCore asks port 8080; write 8080"),
        ("import time; time.sleep(60)", r"agent\.py does not listen on port 8080; end the script with `app\.run\(\)`"),
        (SILENT, r"agent\.py listens, and does not answer GET /ping; answer it with 200"),
    ],
    ids=["another port", "no server", "no answer"],
)
@pytest.mark.usefixtures("impatient")
def test_an_agent_that_does_not_come_up_is_told_with_the_line_to_write_and_given_up_in_time(
    source: str, missing: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = tmp_path / "agent.py"
    script.write_text(source)

    with pytest.raises(AgentCrashed, match=rf"was not ready within 2\.5 s.*{missing}"):
        asyncio.run(started(script, ready_seconds=2.5))
    assert [record for record in caplog.records if "the agent has not started yet" in record.getMessage()]


def test_a_script_that_ends_well_without_a_server_is_told_what_to_write(tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text("async def agent(payload): yield 'hello'")

    with pytest.raises(AgentCrashed, match=r"agent\.py ended without starting a server: end the script with `app\.run"):
        asyncio.run(started(script))


def test_a_traceback_is_shown_as_lines(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    script = tmp_path / "agent.py"
    script.write_text("def broken():\n    raise ValueError('\\x1b[31mred')\nbroken()\n")

    with pytest.raises(AgentCrashed):
        asyncio.run(started(script))
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.endswith("in broken") for line in lines)
    assert any(line.endswith("ValueError: \\u001b[31mred") for line in lines)


async def answer_to(script: Path, head: bytes) -> bytes:
    """What a stranger hears who sends this to the agent's port, and then what the local run hears."""
    alive, ours = os.pipe()
    program = AgentProgram(interpreter=Path(sys.executable), script=script, environment={"PATH": os.environ["PATH"]})
    try:
        async with HttpClient() as http_client:
            agent = await AgentProcess.start(program, http_client, alive)
            try:
                host, _, port = agent.origin.removeprefix("http://").rpartition(":")
                reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
                writer.write(head)
                answer = await asyncio.wait_for(reader.read(), 10)
                writer.close()
                reply = await http_client.ask(agent.origin, Request(method="GET", path="/ping", headers=agent.headers))
                assert reply.status == 200
                return answer
            finally:
                await agent.stop()
    finally:
        os.close(alive)
        os.close(ours)


@pytest.mark.parametrize("agent", ["http.server on localhost", "uvicorn on asyncio", "uvicorn on uvloop"])
@pytest.mark.parametrize("key", [None, "guessed"])
def test_an_agents_port_takes_the_local_runs_calls_only(agent: str, key: str | None, tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text(AGENTS[agent][0])
    shown = f"X-Streaming-Agent-Local-Key: {key}\r\n" if key else ""
    head = f"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n{shown}Content-Length: 0\r\n\r\n"

    assert asyncio.run(answer_to(script, head.encode())).startswith(b"HTTP/1.1 403 ")


GRANDCHILD = """
import subprocess, sys, os
code = "import os, time, sys; os.setsid(); open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", code, os.path.join(os.path.dirname(__file__), "pid")])
while not (os.path.exists("pid") and open("pid").read()): pass
"""


def test_an_agent_that_ended_is_noticed_though_what_it_started_goes_on(tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text(GRANDCHILD + "sys.exit(3)")
    try:
        with pytest.raises(AgentCrashed, match="ended with exit code 3"):
            asyncio.run(asyncio.wait_for(started(script), 20))
    finally:
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_left_the_agents_group_ends_with_it(tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text(GRANDCHILD + HTTP_SERVER.format(host="127.0.0.1"))
    asyncio.run(started(script))

    assert is_gone(int((tmp_path / "pid").read_text()))
