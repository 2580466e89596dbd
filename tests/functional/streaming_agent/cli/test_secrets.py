"""Every command with marked secrets, in success and in failures: the marks stand nowhere in what is printed."""

import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
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
        return code, self.printed()

    def printed(self) -> str:
        """All of it until now."""
        printed = self._capsys.readouterr()
        return printed.out + printed.err + self._caplog.text


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


POOL = ["--username", "me", "--user-pool-id", "us-east-1_A", "--client-id", "c"]
# `token` prints the one that it is asked for, and nothing else
COMMANDS: dict[str, tuple[str, list[str]]] = {
    "chat": ("chat", ["hello"]),
    "chat --json": ("chat", ["hello", "--json"]),
    "chat --timeline": ("chat", ["hello", "--timeline"]),
    "chat --keep": ("chat", ["hello", "--keep"]),
    "verify": ("verify", []),
    "verify --json": ("verify", ["--json"]),
    "token": ("token", []),
    "sign-out": ("sign-out", POOL),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_prints_a_secret(command: Command, name: str) -> None:
    verb, options = COMMANDS[name]
    ended, printed = command(verb, *options, "--url", "URL")
    assert ended == (1 if verb == "verify" else 0), printed
    assert not is_marked(printed.removeprefix(GOOD["STREAMING_AGENT_TOKEN"] + "\n"))


def test_the_local_run_and_the_checks_print_no_secret_of_their_options(command: Command, tmp_path: Path) -> None:
    """Each is refused for another reason: where it says so, it does not repeat what it was given."""
    away = str(tmp_path / "away")
    for verb, *options in (
        ("local", "--app", away, "--env", f"MODEL_KEY={MARK}", "--user", f"me:{PASSWORD}"),
        ("local", "--app", away, "--user", PASSWORD),
        ("check", away),
        ("init", str(tmp_path / "app"), "--template", MARK.lower()),
    ):
        with contextlib.suppress(SystemExit):
            main([verb, *options])
        assert not is_marked(command.printed()), (verb, options)


def _echoes(handler: BaseHTTPRequestHandler, status: int, media_type: str = "application/json") -> None:
    """Repeats each header in its reason, as API Gateway's IncompleteSignatureException and debugging proxies do."""
    names = ("Authorization",) if media_type == "text/event-stream" else ("Authorization", "X-Api-Key")
    said = " ".join(f"{name}={handler.headers[name]}" for name in names if name in handler.headers)
    body = json.dumps({"message": f"Authorization header requires 'Credential' parameter. {said}"})
    content = f"event: error\ndata: {body}\n\n" if media_type == "text/event-stream" else body
    handler.send_response_only(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(content.encode())
    handler.close_connection = True


FAILURES: dict[str, tuple[list[str], Reply, dict[str, str]]] = {
    "a refusal that repeats what was sent": (["hello"], lambda handler: _echoes(handler, 403), {}),
    "a 401 that repeats what was sent": (["hello"], lambda handler: _echoes(handler, 401), {}),
    "a failure that repeats what was sent": (["hello"], lambda handler: _echoes(handler, 424), {}),
    "an agent that repeats its token in an error": (
        ["hello"],
        lambda handler: _echoes(handler, 200, "text/event-stream"),
        {},
    ),
    "a body that is cut": (["hello"], raw(b"{", "application/json", 500, Content_Length="90"), {}),
    "no HTTP": (["hello"], lambda handler: handler.wfile.write(b"220 mail\r\n\r\n") and None, {}),
    "a token with a line end inside": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token()[:20] + "\n" + MARK}),
    "a token that is none": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": MARK}),
    "an expired token": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token(exp=1)}),
    "the other token": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token(token_use="access")}),
    "a token of another alphabet": (["hello"], ANSWER, {"STREAMING_AGENT_TOKEN": marked_token() + "é"}),
    "an API key with a line end inside": (["hello"], ANSWER, {"STREAMING_AGENT_API_KEY": f"{MARK}\n{MARK}"}),
    "an API key of another alphabet": (["hello"], ANSWER, {"STREAMING_AGENT_API_KEY": f"{MARK}ü"}),
    "a header of another alphabet": (["hello", "--header", f"X-Own: {MARK}ü"], ANSWER, {}),
    "a header whose name is the secret": (["hello", "--header", f"Bearer {MARK}: x"], ANSWER, {}),
    "a header of the client's own": (["hello", "--header", f"Authorization: {MARK}"], ANSWER, {}),
    "401": (["hello"], refused(401, "UnauthorizedException"), {}),
    "403": (["hello"], refused(403, "ForbiddenException"), {}),
    "a cut answer": (["hello"], stream(said("half"), ends=False), {}),
    "an agent's error": (["hello"], raw(b"event: error\ndata: no\n\n"), {}),
    "a broken compression": (["hello"], raw(said("x"), Content_Encoding="gzip"), {}),
    "a document that is none": (["hello"], raw(b"{", "application/json"), {}),
    "a pool that refuses": (
        ["hello", *POOL],
        json_reply({"__type": "NotAuthorizedException", "message": "no"}, 400),
        {},
    ),
    "a proxy that is not there": (["hello", "--url", "https://a.example/x"], ANSWER, {}),
    "an address with a password": (["hello", "--url", f"https://me:{PASSWORD}@a.example/x"], ANSWER, {}),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("failure", FAILURES)
def test_no_failure_prints_a_secret(command: Command, monkeypatch: pytest.MonkeyPatch, failure: str, name: str) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    given, reply, environment = FAILURES[failure]
    verb, options = COMMANDS[name]
    named = [] if "--url" in given else ["--url", "URL"]
    if verb != "chat":
        given = [option for option in given if option != "hello"]
        known = {"verify": {"--username", "--header", "--url"}, "token": {"--username", "--url"}, "sign-out": {"--url"}}
        given = given if given[:1] and given[0] in known[verb] else []
    ended, printed = command(
        verb, *(options[1:] if verb == "chat" else options), *given, *named, reply=reply, **environment
    )
    assert verb in ("token", "sign-out") or ended == 1, printed
    assert not is_marked(printed.removeprefix(GOOD["STREAMING_AGENT_TOKEN"] + "\n"))


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
def test_a_pasted_token_is_cleaned(around: str, monkeypatch: pytest.MonkeyPatch) -> None:
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
