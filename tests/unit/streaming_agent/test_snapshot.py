"""What sessions of one snapshot share, seen in forked copies that believe to be restored; and the fix for it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from streaming_agent import StreamingAgent
from streaming_agent.snapshot import SessionStart
from streaming_agent.testing import sessions

from .caller import Caller

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are Linux's")

AGENT = """
import os, random, secrets, ssl, tempfile, time, uuid
import numpy
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from streaming_agent import Data, StreamingAgent
{fix}
# used once before the snapshot, as any library may
random.random(); ssl.RAND_bytes(8); numpy.random.random(); next(tempfile._get_candidate_names())
own, made_at_import, ids = random.Random(), secrets.token_hex(4), RandomIdGenerator()
numpys = numpy.random.default_rng()
tls = ssl.create_default_context()
app = StreamingAgent()
hooks = []


def client_random():
    bios = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        tls.wrap_bio(*bios, server_hostname="example.com").do_handshake()
    except ssl.SSLWantReadError:
        return bios[1].read()[11:43].hex()


client_random()


@app.on_session_start
def hook():
    hooks.append(1)


@app.answer
async def answer(prompt):
    yield Data("seen", {{
        "process": os.getpid(), "hooks": len(hooks), "random": random.random(), "trace id": ids.generate_trace_id(),
        "ssl": ssl.RAND_bytes(8).hex(), "TLS client random": client_random(), "numpy": float(numpy.random.random()),
        "temporary name": next(tempfile._get_candidate_names()), "own Random()": own.random(),
        "own Generator": float(numpys.random()), "made at import": made_at_import, "uuid4": str(uuid.uuid4()),
        "secrets": secrets.token_hex(8),
    }})
"""
WITHOUT = "import streaming_agent.snapshot; streaming_agent.snapshot.reseed = lambda: None"
BY_THE_HOOK = {"random", "trace id", "ssl", "TLS client random", "numpy", "temporary name"}
NEVER = {"own Random()", "own Generator", "made at import"}
ALWAYS = {"uuid4", "secrets"}


def shared(tmp_path: Path, *, fix: str = "", primed: bool = False) -> tuple[set[str], list[dict[str, Any]]]:
    agent = tmp_path / "snapshot_agent.py"
    agent.write_text(AGENT.format(fix=fix))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answered = sessions(str(agent), primed=primed)
    if caught:
        pytest.skip("neither root nor user namespaces: plain forks notice too much")
    seen = [events[0].value for events in answered]
    first, second = seen
    return {name for name in first if first[name] == second[name]} - {"process", "hooks"}, seen


@pytest.mark.parametrize("primed", [False, True])
def test_sessions_of_one_snapshot_share_nothing_that_the_package_can_reach(tmp_path: Path, primed: bool) -> None:
    same, seen = shared(tmp_path, primed=primed)
    assert same == NEVER
    assert [session["process"] for session in seen] == [1, 1]
    # primed: the hook ran in the parent, and again in each restored session
    assert [session["hooks"] for session in seen] == [1 + primed] * 2


def test_without_the_fix_sessions_share_it(tmp_path: Path) -> None:
    same, _ = shared(tmp_path, fix=WITHOUT)
    assert same == NEVER | BY_THE_HOOK


def test_without_a_look_at_the_clocks_a_primed_agent_is_not_made_fresh(tmp_path: Path) -> None:
    blind = "from streaming_agent.snapshot import SessionStart; SessionStart.notice_restore = lambda self: False"
    same, seen = shared(tmp_path, fix=blind, primed=True)
    assert same == NEVER | BY_THE_HOOK
    assert [session["hooks"] for session in seen] == [1, 1]


BUSY = """
import threading
from streaming_agent import StreamingAgent
app = StreamingAgent()

def spin():
    while True:
        pass

for _ in range(2):
    threading.Thread(target=spin, daemon=True).start()

@app.answer
async def answer(prompt):
    yield prompt
"""


def test_threads_that_never_wait_do_not_keep_sessions_from_starting(tmp_path: Path) -> None:
    (tmp_path / "busy_agent.py").write_text(BUSY)
    program = "import sys; from streaming_agent.testing import sessions; print(sessions(sys.argv[1], prompt='well'))"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "busy_agent.py")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert output.count("well") == 2


def test_an_agent_that_cannot_be_imported_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import not_there")
    with pytest.raises(RuntimeError, match="not_there"):
        sessions(str(tmp_path / "broken.py"))
    (tmp_path / "empty.py").write_text("")
    with pytest.raises(RuntimeError, match="no StreamingAgent called app"):
        sessions(str(tmp_path / "empty.py"))


@pytest.mark.parametrize(
    ("step", "noticed"), [(0.0, False), (0.5, False), (-0.9, False), (20.0, True), (86_400.0, True)]
)
def test_a_step_of_the_clock_is_no_restore_and_a_sleep_is(step: float, noticed: bool) -> None:
    ahead = [100.0]
    session = SessionStart(lambda: ahead[0])
    assert not session.notice_restore()
    ahead[0] += step
    assert session.notice_restore() is noticed
    assert not session.notice_restore()


def test_hooks_run_once_in_order_on_the_loop_of_answers() -> None:
    ran: list[tuple[str, asyncio.AbstractEventLoop | None]] = []

    def loop() -> asyncio.AbstractEventLoop | None:
        try:
            return asyncio.get_running_loop()
        except RuntimeError:
            return None

    async def answer(prompt: str) -> str:
        ran.append(("answer", loop()))
        return "a"

    app = StreamingAgent(answer)

    @app.on_start
    async def start() -> None:
        ran.append(("start", loop()))

    @app.on_session_start
    def session() -> None:
        ran.append(("session", loop()))

    @app.on_session_start
    async def second() -> None:
        ran.append(("second", loop()))

    async def ask() -> None:
        sent: list[str] = []
        messages = ["lifespan.startup", "lifespan.shutdown"]

        async def receive() -> dict[str, Any]:
            return {"type": messages.pop(0)}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await app({"type": "lifespan"}, receive, send)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        await asyncio.gather(*[Caller(app, {"prompt": "hi"}).end() for _ in range(5)])

    asyncio.run(ask())
    assert [name for name, _ in ran] == ["start", "session", "second", *["answer"] * 5]
    assert len({id(found) for _, found in ran}) == 1


def test_without_lifespan_start_hooks_run_once_before_the_first_reply() -> None:
    ran: list[str] = []
    app = StreamingAgent(lambda prompt: "".join(ran))

    @app.on_start
    async def slow() -> None:
        ran.append("begun ")
        await asyncio.sleep(0.01)
        ran.append("ended")

    async def ask() -> list[str]:
        first = Caller(app, {"prompt": "hi"})
        first.leave()
        ping = Caller(app, b"", method="GET", path="/ping")
        callers = [ping, *[Caller(app, {"prompt": "hi"}) for _ in range(5)]]
        return [(await caller.end()).text for caller in callers]

    assert asyncio.run(ask()) == ["", *["begun ended"] * 5]


def test_without_lifespan_a_start_hook_that_fails_is_503_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    app = StreamingAgent(lambda prompt: "a")
    ran: list[int] = []

    @app.on_start
    def hook() -> None:
        ran.append(1)
        if len(ran) == 1:
            raise RuntimeError("hunter2")

    async def ask() -> None:
        refused = await Caller(app, b"", method="GET", path="/ping").end()
        assert refused.status == 503
        assert json.loads(refused.body)["error"]["message"] == "the agent cannot start: its log says why"
        assert (await Caller(app, {"prompt": "hi"}).end()).text == "a"
        assert (await Caller(StreamingAgent(), {"prompt": "hi"}).end()).status == 503

    asyncio.run(ask())
    assert "hunter2" in caplog.text
    assert "@app.answer" in caplog.text


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
def test_a_start_hook_that_fails_keeps_the_agent_from_starting(
    error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    app = StreamingAgent(lambda prompt: "a")

    @app.on_start
    def hook() -> None:
        raise error

    sent: list[str] = []

    async def start() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "lifespan.startup"}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await app({"type": "lifespan"}, receive, send)

    asyncio.run(start())
    assert sent == ["lifespan.startup.failed"]
    assert "the agent cannot start" in caplog.text
    assert error.__name__ in caplog.text
