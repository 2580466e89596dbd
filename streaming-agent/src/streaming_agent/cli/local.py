"""`streaming-agent local`: runs a synthesised app on localhost until it is interrupted."""

import argparse
import asyncio
import dataclasses
import errno
import json
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import Refusal
from .api_options import PASSWORD_VARIABLE
from .console import start_log
from .progress import Progress
from .ready import ready_text
from .synth import default_source, synthesise, template_at

if TYPE_CHECKING:
    from ..local.local_options import LocalOptions
    from ..template import TemplateSet

_Number = TypeVar("_Number", int, float)
WEB_ORIGIN = "streaming-agent:web-origin"  # context for the app: the page that is served beside the run
_log = logging.getLogger("streaming_agent.local")


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("local", help="run a synthesised app on localhost")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--app", metavar="CMD", help="command that synthesises the CDK app (default: that of cdk.json)")
    source.add_argument(
        "--assembly",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="folder that cdk synth wrote, or a template in YAML or JSON; as often as there are",
    )
    parser.add_argument("--stack", metavar="NAME", help="which stack, where several have an API that leads to an agent")
    parser.add_argument(
        "--parameter", metavar="K=V", action="append", default=[], help="value of a parameter of the template"
    )
    agent = parser.add_mutually_exclusive_group()
    agent.add_argument("--agent", metavar="PATH", type=Path, help="the agent's folder or file, not the template's")
    agent.add_argument("--agent-url", metavar="URL", help="an agent that runs already, in a debugger for instance")
    parser.add_argument(
        "--reload",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether the next call gets an edit of the agent's sources (default: yes)",
    )
    parser.add_argument(
        "--current-environment",
        action="store_true",
        help="run agents with the Python that runs this, not in an environment of their own",
    )
    parser.add_argument(
        "--env",
        metavar="K[=V]",
        action="append",
        default=[],
        help="environment variable for the agent; without a value, the one that it has here",
    )
    parser.add_argument(
        "--user",
        metavar="NAME[:PASSWORD]",
        action="append",
        default=[],
        help=f"who can sign in (default: developer); {PASSWORD_VARIABLE} is the first one's password",
    )
    parser.add_argument("--max-sessions", metavar="N", type=int, default=16, help="agents at once (default: 16)")
    parser.add_argument("--conflict", action="store_true", help="answer 409 to a second call of a session that is busy")
    parser.add_argument(
        "--time-scale", metavar="X", type=float, default=1, help="time runs X times faster, for limits and expiries"
    )
    parser.add_argument("--report", action="store_true", help="say what is modelled, assumed and not there, and end")
    parser.add_argument("--port", type=int, help="port of the gateway, 0 for a free one (default: 8787, or a free one)")
    parser.add_argument("--web", metavar="DIR", type=Path, help="folder of a web page to serve beside the API")
    parser.add_argument("--web-port", type=int, default=8000, help="port of the web page (default: 8000)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON when ready, logs to stderr")
    parser.add_argument(
        "--access-log", action="store_true", help="log each call in the stage's own format, not in a short line"
    )
    parser.set_defaults(run=run, extra="local")


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    if chosen.report:
        from ..local.fidelity import report

        print(report())
        return 0
    start_log(with_access_log=chosen.access_log)
    progress = Progress()
    try:
        with progress.shown():
            return _run(chosen, progress)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            where = problem.filename or tempfile.gettempdir()
            raise Refusal(
                "SAL030", f"{where} cannot be written: {os.strerror(problem.errno)}: free some space, or set TMPDIR"
            ) from problem
        raise


def _run(chosen: argparse.Namespace, progress: Progress) -> int:
    from ..local.local_options import LocalOptions
    from ..template import TemplateSet

    options = LocalOptions(
        port=chosen.port or 0,
        stack=chosen.stack,
        agent=chosen.agent,
        agent_url=chosen.agent_url,
        reload=chosen.reload,
        current_environment=chosen.current_environment,
        environment=_environment(chosen.env),
        users=_users(chosen.user),
        max_sessions=_positive("max-sessions", chosen.max_sessions),
        conflict=chosen.conflict,
        time_scale=_positive("time-scale", chosen.time_scale),
    )
    parameters = _pairs("parameter", chosen.parameter, "SAL047")
    app, places = _sources(chosen)
    with ExitStack() as held:
        # a port that is taken, and an extra that is missing, is said before anything that takes time
        listening = held.enter_context(_gateway_socket(chosen.port))
        page = held.enter_context(_web_page(chosen.web, chosen.web_port))
        progress.begin(f"synthesising the app ({app})" if app is not None else f"reading {', '.join(map(str, places))}")
        if app is not None:
            output = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="streaming-agent-cdk-out-")))
            # the API answers pages of other origins only where the template says so
            places = [synthesise(app, output, {WEB_ORIGIN: page.origin} if page is not None else {})]
        templates = TemplateSet.read_together(map(template_at, places), parameters)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(templates, options, listening, page, progress, as_json=chosen.json))
    return 0


def _sources(chosen: argparse.Namespace) -> tuple[str | None, list[Path]]:
    """The app's command, or what it wrote."""
    if chosen.app or chosen.assembly:
        return chosen.app, chosen.assembly
    app, place = default_source(Path.cwd())
    return app, [place]


@contextmanager
def _gateway_socket(port: int | None) -> Iterator[socket.socket]:
    from ..local.http_server import bound_socket
    from ..local.local_options import DEFAULT_PORT

    try:
        listening = bound_socket(DEFAULT_PORT if port is None else port)
    except Refusal:
        if port is not None:
            raise
        listening = bound_socket(0)
        _log.info("port %d is taken, by another run perhaps: this one has %d", DEFAULT_PORT, listening.getsockname()[1])
    with listening:
        yield listening


@dataclass(frozen=True)
class _WebPage:
    folder: Path
    listening: socket.socket

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.listening.getsockname()[1]}"


@contextmanager
def _web_page(folder: Path | None, port: int) -> Iterator[_WebPage | None]:
    from ..local.http_server import bound_socket
    from ..local.website import check_website

    if folder is None:
        yield None
        return
    check_website(folder)
    with bound_socket(port, option="--web-port") as listening:
        yield _WebPage(folder, listening)


def _pairs(option: str, given: list[str], code: str) -> dict[str, str]:
    pairs = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not name or not equals:
            raise Refusal(code, f"{option}: expected NAME=VALUE, got {entry}")
        pairs[name] = value
    return pairs


def _environment(given: list[str]) -> dict[str, str]:
    environment = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not name:
            # the value may be a secret: it is not repeated
            raise Refusal("SAL042", "env: expected NAME=VALUE or NAME, got an entry without a name")
        if not equals and name not in os.environ:
            raise Refusal("SAL042", f"env: {name} has no value here: set it first, or write {name}=VALUE")
        environment[name] = value if equals else os.environ[name]
    return environment


def _users(given: list[str]) -> dict[str, str | None]:
    users: dict[str, str | None] = {}
    for entry in given:
        name, colon, password = entry.partition(":")
        if not name or (colon and not password):
            raise Refusal("SAL044", "user: expected NAME or NAME:PASSWORD, got an entry with an empty part")
        users[name] = password or None
    first = next(iter(users), "developer")
    if os.environ.get(PASSWORD_VARIABLE) and users.get(first) is None:
        users[first] = os.environ[PASSWORD_VARIABLE]
    return users


def _positive(name: str, value: _Number) -> _Number:
    if not 0 < value < float("inf"):
        raise Refusal("SAL045", f"{name}: expected more than 0, got {value:g}")
    return value


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(
    templates: "TemplateSet",
    options: "LocalOptions",
    listening: socket.socket,
    page: "_WebPage | None",
    progress: Progress,
    *,
    as_json: bool,
) -> None:
    from ..local.emulator import running
    from ..local.http_server import HttpServer
    from ..local.website import Website, page_problems
    from .run_file_writer import announced

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as held:
        starting = asyncio.create_task(
            held.enter_async_context(running(templates, options, listening=listening, on_progress=progress.begin))
        )
        interrupted = asyncio.create_task(stopped.wait())
        await asyncio.wait({starting, interrupted}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            raise KeyboardInterrupt
        endpoints = starting.result()
        told: dict[str, Any] = {
            name: value for name, value in dataclasses.asdict(endpoints).items() if value is not None
        }
        if page is not None:
            await held.enter_async_context(HttpServer(Website(page.folder, endpoints), page.listening))
            told["web_url"] = f"{page.origin}/"
            for problem in await page_problems(endpoints, page.origin):
                _log.warning("%s", problem)
        with announced(told):
            progress.done()
            print(json.dumps(told) if as_json else ready_text(endpoints, told.get("web_url")), flush=True)
            await interrupted
        _log.info("stopping")
