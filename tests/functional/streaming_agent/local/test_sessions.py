"""Agents by session: kept apart, bounded, reloaded; or one that runs elsewhere."""

import http.server
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import Tokens, ask, opened, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import AGENT

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


def session(number: int) -> dict[str, str]:
    return {SESSION_HEADER: f"a-session-of-its-own-{number:020d}"}


@pytest.fixture(scope="module")
def two_sessions(assembly: Path) -> Iterator[tuple[Endpoints, str]]:
    with emulator_of(assembly, max_sessions=2) as ready:
        yield ready, sign_in(ready).id


def test_each_session_has_a_process_of_its_own(two_sessions: tuple[Endpoints, str]) -> None:
    ready, token = two_sessions
    pids = [ask(ready.runtime_url, token=token, headers=session(number)).events[0]["pid"] for number in (1, 2, 1)]

    assert pids[0] == pids[2] != pids[1]


def test_at_the_bound_the_session_that_was_idle_longest_is_replaced(two_sessions: tuple[Endpoints, str]) -> None:
    ready, token = two_sessions
    first = ask(ready.runtime_url, token=token, headers=session(1)).events[0]["pid"]
    second = ask(ready.runtime_url, token=token, headers=session(2)).events[0]["pid"]
    ask(ready.runtime_url, token=token, headers=session(3))

    assert ask(ready.runtime_url, token=token, headers=session(2)).events[0]["pid"] == second
    assert ask(ready.runtime_url, token=token, headers=session(1)).events[0]["pid"] != first


def test_when_every_session_is_busy_the_next_is_throttled(two_sessions: tuple[Endpoints, str]) -> None:
    ready, token = two_sessions
    long = {"count": 200, "pause": 0.05}
    with (
        opened(ready.runtime_url, long, token=token, headers=session(1)) as (_, one),
        opened(ready.runtime_url, long, token=token, headers=session(2)) as (_, other),
    ):
        assert one.read1(10)
        assert other.read1(10)
        answer = ask(ready.runtime_url, token=token, headers=session(3))

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (429, "ThrottlingException")


@pytest.mark.parametrize("length", [32, 257])
def test_a_session_id_has_33_to_256_characters(chain: Endpoints, tokens: Tokens, length: int) -> None:
    answer = ask(chain.runtime_url, token=tokens.id, headers={SESSION_HEADER: "x" * length})

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")


def test_without_a_session_id_every_call_is_a_session_of_its_own(chain: Endpoints, tokens: Tokens) -> None:
    first, second = (ask(chain.runtime_url, token=tokens.id).events[0] for _ in range(2))

    assert first["session"] != second["session"]
    assert first["pid"] != second["pid"]


def test_only_allow_listed_headers_reach_the_agent(chain: Endpoints, tokens: Tokens) -> None:
    tenant, other = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Other"
    answer = ask(chain.invocations_url, {"headers": True}, token=tokens.id, headers={tenant: "acme", other: "x"})

    received = {name.lower(): value for name, value in dict(answer.events[1]["headers"]).items()}  # type: ignore[call-overload]
    assert received == {tenant.lower(): "acme"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("qualifier=DEFAULT", "qualifier=blue"), 404),
        (("qualifier=DEFAULT", "qualifier=DEFAULT&qualifier=blue"), 400),
        (("&accountId=123456789012", ""), 400),
        (("accountId=123456789012", "accountId=210987654321"), 404),
        (("/runtimes/", "/runtimes/x"), 404),
    ],
)
def test_the_runtime_is_asked_by_its_exact_name(
    chain: Endpoints, tokens: Tokens, change: tuple[str, str], status: int
) -> None:
    assert ask(chain.runtime_url.replace(*change), token=tokens.id).status == status


def test_a_crash_touches_no_other_session(chain: Endpoints, tokens: Tokens) -> None:
    calm = {"count": 10, "pause": 0.05}
    crash = {"count": 10, "pause": 0.05, "crash_at": 2}
    with ThreadPoolExecutor() as pool:
        answers = list(
            pool.map(
                lambda number: ask(
                    chain.runtime_url, crash if number % 2 else calm, token=tokens.id, headers=session(number)
                ),
                range(6),
            )
        )

    assert [answer.whole for answer in answers] == [True, False] * 3
    assert all(len(answer.events) == 11 for answer in answers[::2])


def test_the_next_call_gets_an_edit_and_calls_under_way_end(assembly: Path, tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text((AGENT / "agent.py").read_text())
    with emulator_of(assembly, agent=tmp_path, reload=True) as ready:
        token = sign_in(ready).id
        with opened(ready.invocations_url, {"count": 20, "pause": 0.1}, token=token) as (_, under_way):
            under_way.read1(10)
            script.write_text(script.read_text().replace('"text"', '"word"'))
            assert "word" in ask(ready.invocations_url, {"count": 1}, token=token).events[-1]
            rest = under_way.read()

    assert rest.rstrip().endswith(b'data: {"text": "19"}')


def test_what_an_agent_writes_beside_itself_ends_no_session_and_an_edit_of_the_same_file_does(
    assembly: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    history = tmp_path / "history.json"
    history.write_text("of the last run")
    writes = "\n    def do_POST(self):\n        open('history.json', 'a').write('asked')\n        self.answered()\n"
    source = (AGENT / "agent.py").read_text().replace("def do_POST", "def answered")
    (tmp_path / "agent.py").write_text(source.replace("\n    def do_GET", f"{writes}\n    def do_GET"))

    def process(ready: Endpoints, token: str) -> object:
        return ask(ready.invocations_url, {"count": 1}, token=token).events[0]["pid"]

    with emulator_of(assembly, agent=tmp_path, reload=True) as ready:
        token = sign_in(ready).id
        first = process(ready, token)
        assert [process(ready, token) for _ in range(3)] == [first] * 3
        assert caplog.text.count("history.json changed while the agent was at work") == 1
        later, deadline = time.time() + 600, time.monotonic() + 60
        while process(ready, token) == first:  # once nothing starts and nothing answers
            assert time.monotonic() < deadline
            later += 1
            os.utime(history, (later, later))


def test_an_edit_is_not_followed_where_that_is_not_wanted(assembly: Path, tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text((AGENT / "agent.py").read_text())
    with emulator_of(assembly, agent=tmp_path, reload=False) as ready:
        token = sign_in(ready).id
        assert "text" in ask(ready.invocations_url, {"count": 1}, token=token).events[-1]
        script.write_text(script.read_text().replace('"text"', '"word"'))
        assert "text" in ask(ready.invocations_url, {"count": 1}, token=token).events[-1]


class Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(f'data: {{"session": "{self.headers[SESSION_HEADER]}"}}\n\n'.encode())

    def log_message(self, *_: object) -> None:
        return


def test_an_agent_that_runs_elsewhere_is_asked_by_its_url(assembly: Path) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with emulator_of(assembly, agent_url=f"http://127.0.0.1:{server.server_port}/") as ready:
            answer = ask(ready.invocations_url, token=sign_in(ready).id)
    finally:
        server.shutdown()
        server.server_close()

    assert len(str(answer.events[0]["session"])) == 36


def test_an_agent_that_is_not_on_yet_is_said_to_be_missing_there(assembly: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with emulator_of(assembly, agent_url=f"http://127.0.0.1:{port}") as ready:
        answer = ask(ready.invocations_url, token=sign_in(ready).id)

    assert (answer.status, answer.message) == (424, f"no agent listens at http://127.0.0.1:{port}: start it there")


def test_users_are_those_that_are_given(assembly: Path) -> None:
    with emulator_of(assembly, users={"ada": "Ada1!lovelace", "alan": None}) as ready:
        assert (ready.username, ready.password) == ("ada", "Ada1!lovelace")
        assert sign_in(ready).id
