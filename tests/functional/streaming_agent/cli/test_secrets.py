"""Every command with marked secrets, in success and in failures: the marks stand nowhere in what is printed."""

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streaming_agent.cli import main
from streaming_agent.client.base64url import encode_base64url

from tests.functional.streaming_agent.client.scripted_api import Reply, json_reply, raw, refused, said, scripted, stream

MARK = "M4rk3d"
API_KEY = f"{MARK}-api-key"
PASSWORD = f"{MARK}-password"
SECRET = f"{MARK}-client-secret"


def marked_token(**claims: object) -> str:
    part = {"token_use": "id", "exp": time.time() + 3600, **claims}
    return (
        f"{encode_base64url(json.dumps({'kid': MARK}).encode())}.{encode_base64url(json.dumps(part).encode())}.{MARK}"
    )


GOOD = {
    "STREAMING_AGENT_TOKEN": marked_token(),
    "STREAMING_AGENT_API_KEY": API_KEY,
    "STREAMING_AGENT_PASSWORD": PASSWORD,
    "STREAMING_AGENT_CLIENT_SECRET": SECRET,
}
ANSWER = raw(said("hello"))
PROXY = f"http://user:{PASSWORD}@127.0.0.1:1"


class Command:
    """Runs a command with the secrets in its environment, and reads all that it prints and logs, at every level."""

    def __init__(
        self,
        capsys: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
        folder: Path,
    ) -> None:
        self._capsys, self._caplog, self._monkeypatch = capsys, caplog, monkeypatch
        caplog.set_level(0)
        for name, value in {**GOOD, "XDG_CONFIG_HOME": str(folder), "HTTPS_PROXY": PROXY}.items():
            monkeypatch.setenv(name, value)

    def __call__(self, verb: str, *options: str, reply: Reply = ANSWER, **environment: str) -> tuple[int, str]:
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)
        with scripted(reply) as api:
            url = f"{api.origin}/prod/invocations"
            code = main([verb, *(option.replace("URL", url) for option in options)])
        printed = self._capsys.readouterr()
        return code, printed.out + printed.err + self._caplog.text


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Command:
    return Command(capsys, caplog, monkeypatch, tmp_path)


def is_marked(printed: str) -> bool:
    return MARK in printed or encode_base64url(MARK.encode()) in printed or "eyJ" in printed


@pytest.mark.parametrize(
    ("verb", "options", "code"),
    [
        ("chat", ["hello", "--url", "URL"], 0),
        ("chat", ["hello", "--url", "URL", "--json"], 0),
        ("chat", ["hello", "--url", "URL", "--timeline"], 0),
        ("verify", ["--url", "URL"], 1),
        ("verify", ["--url", "URL", "--json"], 1),
        ("sign-out", ["--url", "URL", "--username", "me", "--user-pool-id", "us-east-1_A", "--client-id", "c"], 0),
    ],
)
def test_no_command_prints_a_secret(command: Command, verb: str, options: list[str], code: int) -> None:
    ended, printed = command(verb, *options)
    assert ended == code, printed
    assert not is_marked(printed)


FAILURES: dict[str, tuple[list[str], Reply, dict[str, str]]] = {
    "a token with a line end inside": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token()[:20] + "\n" + MARK}),
    "a token that is none": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": MARK}),
    "an expired token": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token(exp=1)}),
    "the other token": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token(token_use="access")}),
    "a token of another alphabet": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token() + "é"}),
    "an API key with a line end inside": (["hello"], ANSWER, {"STREAMING_AGENT_API_KEY": f"{MARK}\n{MARK}"}),
    "an API key of another alphabet": (["hello"], ANSWER, {"STREAMING_AGENT_API_KEY": f"{MARK}ü"}),
    "a header of another alphabet": (["hello", "--header", f"X-Own: {MARK}ü"], ANSWER, {}),
    "a header of the client's own": (["hello", "--header", f"Authorization: {MARK}"], ANSWER, {}),
    "401": (["hello"], refused(401, "UnauthorizedException"), {}),
    "403": (["hello"], refused(403, "ForbiddenException"), {}),
    "a cut answer": (["hello"], stream(said("half"), ends=False), {}),
    "an agent's error": (["hello"], raw(b"event: error\ndata: no\n\n"), {}),
    "a broken compression": (["hello"], raw(said("x"), Content_Encoding="gzip"), {}),
    "a document that is none": (["hello"], raw(b"{", "application/json"), {}),
    "a pool that refuses": (
        ["hello", "--username", "me", "--user-pool-id", "us-east-1_A", "--client-id", "c"],
        json_reply({"__type": "NotAuthorizedException", "message": "no"}, 400),
        {},
    ),
    "a proxy that is not there": (["hello", "--url", "https://a.example/x"], ANSWER, {}),
    "an address with a password": (["hello", "--url", f"https://me:{PASSWORD}@a.example/x"], ANSWER, {}),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_no_failure_prints_a_secret(command: Command, monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    options, reply, environment = FAILURES[failure]
    named = [] if "--url" in options else ["--url", "URL"]
    ended, printed = command("chat", *options, *named, reply=reply, **environment)
    assert ended == 1, printed
    assert not is_marked(printed)


def test_a_process_of_its_own_prints_no_secret_and_no_traceback() -> None:
    """Python's development mode shows warnings, unclosed connections and the exceptions of threads too."""
    with scripted(refused(401, "UnauthorizedException")) as api:
        program = "import sys, logging; logging.basicConfig(level=0)\n"
        program += "from streaming_agent.cli import main; sys.exit(main())"
        url = f"{api.origin}/prod/invocations"
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", program, "chat", "hello", "--url", url],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **GOOD},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert not is_marked(done.stdout + done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("around", ["{} ", "{}\n", "{}\r\n", "Bearer {}", "bearer Bearer {}", '"{}"', "' {}'"])
def test_a_pasted_token_is_mended(around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_AGENT_TOKEN", around.format(GOOD["STREAMING_AGENT_TOKEN"]))
    monkeypatch.setenv("STREAMING_AGENT_API_KEY", f" {API_KEY}\r\n")
    with scripted(ANSWER) as api:
        assert main(["chat", "hello", "--url", f"{api.origin}/prod/invocations"]) == 0
    assert api.asked[0].headers["authorization"] == f"Bearer {GOOD['STREAMING_AGENT_TOKEN']}"
    assert api.asked[0].headers["x-api-key"] == API_KEY


def test_objects_show_no_secret() -> None:
    from streaming_agent.client import AgentAddress, AgentClient, ClientCredentials, SrpSignIn, StaticToken

    address = AgentAddress(invocations_url="https://a.example/")
    token = StaticToken(GOOD["STREAMING_AGENT_TOKEN"])
    with AgentClient(address, token, api_key=API_KEY) as client:
        shown = repr([client, token, SrpSignIn("me", PASSWORD), ClientCredentials(SECRET), vars(client)])
    logging.getLogger(__name__).info(shown)
    assert not is_marked(shown)
