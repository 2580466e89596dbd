"""`streaming-agent local`: runs a synthesised stack on localhost until it is interrupted."""

import argparse
import asyncio
import dataclasses
import json
import logging
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..template import Assembly, Refusal, Stack
from .run_file import announced
from .synth import default_source, synthesise

if TYPE_CHECKING:
    from ..local.emulator import Endpoints
    from ..local.options import LocalOptions

_Number = TypeVar("_Number", int, float)
WEB_ORIGIN = "streaming-agent:web-origin"  # context for the app: the page that is served beside the run
_log = logging.getLogger("streaming_agent.local")


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("local", help="run a synthesised stack on localhost")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--app", metavar="CMD", help="command that synthesises the CDK app (default: that of cdk.json)")
    source.add_argument("--assembly", metavar="DIR", type=Path, help="folder that cdk synth wrote, such as cdk.out")
    parser.add_argument("--stack", metavar="NAME", help="which stack, where several have a streaming API")
    agent = parser.add_mutually_exclusive_group()
    agent.add_argument("--agent", metavar="PATH", type=Path, help="the agent's folder or file, not the template's")
    agent.add_argument("--agent-url", metavar="URL", help="an agent that runs already, in a debugger for instance")
    parser.add_argument("--reload", action="store_true", help="start agents anew when the code at --agent changes")
    parser.add_argument("--env", metavar="K=V", action="append", default=[], help="environment variable for the agent")
    parser.add_argument(
        "--user", metavar="NAME[:PASSWORD]", action="append", default=[], help="who can sign in (default: developer)"
    )
    parser.add_argument("--max-sessions", metavar="N", type=int, default=16, help="agents at once (default: 16)")
    parser.add_argument("--time-scale", metavar="X", type=float, default=1, help="X seconds of every limit pass in one")
    parser.add_argument("--report", action="store_true", help="say what is modelled, assumed and not there, and end")
    parser.add_argument("--port", type=int, default=8080, help="port of the gateway, 0 picks one (default: 8080)")
    parser.add_argument("--web", metavar="DIR", type=Path, help="folder of a web page to serve beside the API")
    parser.add_argument("--web-port", type=int, default=8000, help="port of the web page (default: 8000)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON when ready, logs to stderr")
    parser.set_defaults(run=run, extra="local")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    from ..local.fidelity import report
    from ..local.options import LocalOptions

    if chosen.report:
        print(report())
        return 0
    options = LocalOptions(
        port=chosen.port,
        agent=chosen.agent,
        agent_url=chosen.agent_url,
        reload=chosen.reload,
        environment=_environment(chosen.env),
        users=_users(chosen.user),
        max_sessions=_positive("max-sessions", chosen.max_sessions),
        time_scale=_positive("time-scale", chosen.time_scale),
    )
    with ExitStack() as held:
        page = held.enter_context(_web_page(chosen.web, chosen.web_port))
        app, folder = (chosen.app, chosen.assembly) if chosen.app or chosen.assembly else default_source(Path.cwd())
        if app is not None:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="streaming-agent-cdk-out-")))
            # the API answers pages of other origins only where the template says so
            synthesise(app, folder, {WEB_ORIGIN: page.origin} if page is not None else {})
        stack = _chosen_stack(Assembly(folder), chosen.stack)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(stack, options, page, as_json=chosen.json))
    return 0


@dataclass(frozen=True)
class _WebPage:
    folder: Path
    listening: socket.socket

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.listening.getsockname()[1]}"


@contextmanager
def _web_page(folder: Path | None, port: int) -> Iterator[_WebPage | None]:
    from ..local.server import bound_socket
    from ..local.website import check_website

    if folder is None:
        yield None
        return
    check_website(folder)
    with bound_socket(port) as listening:
        yield _WebPage(folder, listening)


def _environment(given: list[str]) -> dict[str, str]:
    environment = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not name or not equals:
            raise Refusal("SAL042", f"env must be written NAME=VALUE, got {entry}")
        environment[name] = value
    return environment


def _users(given: list[str]) -> dict[str, str | None]:
    users = {}
    for entry in given:
        name, colon, password = entry.partition(":")
        if not name or (colon and not password):
            raise Refusal("SAL044", f"user must be written NAME or NAME:PASSWORD, got {entry}")
        users[name] = password or None
    return users


def _positive(name: str, value: _Number) -> _Number:
    if not 0 < value < float("inf"):
        raise Refusal("SAL045", f"{name} must be more than 0, got {value:g}")
    return value


def _chosen_stack(assembly: Assembly, name: str | None) -> Stack:
    from ..local.deployment import has_streaming_api

    if name is not None:
        return assembly.stack(name)
    found = [stack for stack in assembly.stacks if has_streaming_api(stack)]
    if not found:
        names = ", ".join(stack.name for stack in assembly.stacks) or "no stack"
        raise Refusal(
            "SAL005", f"assembly must have a stack with a streaming agent API, got {names} in {assembly.folder}"
        )
    if len(found) > 1:
        names = ", ".join(stack.name for stack in found)
        raise Refusal("SAL003", f"stack must be chosen with --stack where several have a streaming API, got {names}")
    return found[0]


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(stack: Stack, options: "LocalOptions", page: "_WebPage | None", *, as_json: bool) -> None:
    from ..local.emulator import running
    from ..local.server import HttpServer
    from ..local.website import Website

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as held:
        ready = await held.enter_async_context(running(stack, options))
        places = {name: value for name, value in dataclasses.asdict(ready).items() if value is not None}
        if page is not None:
            await held.enter_async_context(HttpServer(Website(page.folder, ready), page.listening))
            places["web_url"] = f"{page.origin}/"
        with announced(places):
            print(json.dumps(places) if as_json else _text(ready, places.get("web_url")), flush=True)
            await stopped.wait()
        _log.info("stopping")


def _text(ready: "Endpoints", web_url: str | None) -> str:
    web = f"\n  chat in the browser: {web_url}\n" if web_url else ""
    return f"""{web}
  {ready.invocations_url}

  sign in as   {ready.username}   password {ready.password}
  user pool    {ready.user_pool_id}   client {ready.client_id}   at {ready.cognito_endpoint}
  runtime      {ready.runtime_url}

  ask it from another terminal, in this folder:

    streaming-agent chat "What can you do?"

  or with your own client:

    TOKEN=$(streaming-agent token)
    curl -N {ready.invocations_url} -H "Authorization: Bearer $TOKEN" \\
      -H "Content-Type: application/json" -d '{{"prompt": "What can you do?"}}'

  Ctrl-C ends it.
"""
