"""`streaming-agent local` as a process: what it prints, where it says so, and what it leaves behind."""

import json
import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import ask, sign_in
from tests.functional.streaming_agent.local.processes import LocalProcess, is_gone, local_process


class Local:
    """A run of the command, and who asks it."""

    def __init__(self, running: LocalProcess) -> None:
        self.folder, self.process, self.line = running.folder, running.process, running.line
        self.ready = Endpoints(**json.loads(self.line))

    def agent_pid(self) -> int:
        answer = ask(self.ready.invocations_url, token=sign_in(self.ready).id)
        return int(str(answer.events[0]["pid"]))


@pytest.fixture
def local(assembly: Path, tmp_path: Path) -> Iterator[Local]:
    with local_process(tmp_path, "--assembly", assembly) as running:
        yield Local(running)


def test_it_prints_one_line_of_json_when_ready(local: Local) -> None:
    local.process.terminate()
    rest, _ = local.process.communicate(timeout=10)

    assert rest == ""
    # a key to send, a browser's sign-in or AWS credentials are there when the stack asks for them
    assert set(json.loads(local.line)) == {
        *("url", "invocations_url", "runtime_url", "cognito_endpoint"),
        *("user_pool_id", "client_id", "username", "password", "token_type", "transfer_mode"),
        *("agents", "scopes", "urls"),
    }


def test_it_says_where_it_is_in_a_file_for_its_owner_alone_and_takes_it_away(local: Local) -> None:
    file = local.folder / ".streaming-agent" / "local.json"

    assert json.loads(file.read_text())["password"] == local.ready.password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    local.process.terminate()
    local.process.communicate(timeout=10)
    assert not file.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_its_agents(local: Local, how: signal.Signals) -> None:
    agent = local.agent_pid()

    local.process.send_signal(how)
    local.process.communicate(timeout=10)

    assert local.process.returncode == 0
    assert is_gone(agent, within=0.1)


def test_its_agents_end_even_when_it_is_killed(local: Local) -> None:
    agent = local.agent_pid()

    local.process.kill()
    local.process.communicate(timeout=10)

    assert is_gone(agent)


def _open_files(pid: int) -> Iterator[str]:
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # a connection that was closed meanwhile
            yield os.readlink(link)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/net/tcp")
def test_everything_listens_on_loopback_only(local: Local) -> None:
    # the kernel's table, not our intentions: /proc/net/tcp has the listeners of every process
    inodes = {name for pid in (local.process.pid, local.agent_pid()) for name in _open_files(pid)}
    listening = [
        fields[1].split(":")[0]
        for table in ("tcp", "tcp6")
        for fields in (line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes
    ]
    assert len(listening) >= 4
    assert set(listening) == {"0100007F"}


def test_it_says_at_once_what_it_is_doing(local: Local) -> None:
    first = (local.folder / "log").read_text().splitlines()[0]

    assert first[9:].startswith("reading ")


def test_two_runs_in_one_folder_are_both_reachable_and_the_first_is_found_again(local: Local, assembly: Path) -> None:
    file = local.folder / ".streaming-agent" / "local.json"
    with local_process(local.folder, "--assembly", assembly) as second:
        assert json.loads(file.read_text())["invocations_url"] == json.loads(second.line)["invocations_url"]
        own = file.with_name(f"local-{local.process.pid}.json")
        assert json.loads(own.read_text())["invocations_url"] == local.ready.invocations_url
        second.process.terminate()
        second.process.communicate(timeout=10)

    assert json.loads(file.read_text())["invocations_url"] == local.ready.invocations_url


def test_the_console_has_a_short_line_for_a_call_and_no_secret(local: Local) -> None:
    token = sign_in(local.ready).id
    ask(local.ready.invocations_url, token=token)
    ask(local.ready.invocations_url, token=f"{token}x")
    local.process.terminate()
    local.process.communicate(timeout=10)
    log = (local.folder / "log").read_text()

    calls = [line for line in log.splitlines() if "POST /prod/invocations" in line]
    assert [line.split()[3] for line in calls] == ["200,", "401,"]
    assert max(map(len, calls)) < 200
    assert local.ready.password not in log
    assert token not in log
