"""Agents listen on port 8080, whatever server they use; locally each gets a port of its own, unchanged."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from streaming_agent.local.agentcore import AgentProcess, AgentProgram
from streaming_agent.local.agentcore.agent_process import AgentCrashed
from streaming_agent.local.http_client import HttpClient
from streaming_agent.local.messages import Request

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
