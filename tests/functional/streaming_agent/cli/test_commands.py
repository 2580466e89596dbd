"""`streaming-agent chat` and `token`, against a real chain."""

import dataclasses
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from streaming_agent.cli import main
from streaming_agent.client import claims_of
from streaming_agent.local.emulator import Endpoints

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, chain: Endpoints, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a local run was started."""
    monkeypatch.chdir(tmp_path)
    ready = tmp_path / ".streaming-agent" / "local.json"
    ready.parent.mkdir()
    ready.touch(mode=0o600)
    ready.write_text(json.dumps(dataclasses.asdict(chain)))
    return tmp_path


def test_chat_prints_the_answer(capsys: Printed) -> None:
    assert main(["chat", "--payload", '{"count": 4}']) == 0
    assert capsys.readouterr().out == "0123\n"


def test_an_agent_without_credentials_is_told_how_the_local_run_passes_them_on(capsys: Printed) -> None:
    sdk = {"error": "Unable to locate credentials", "error_type": "NoCredentialsError", "message": "An error occurred"}
    assert main(["chat", "--payload", json.dumps({"event": sdk})]) == 1
    said = capsys.readouterr().err

    assert "NoCredentialsError: Unable to locate credentials" in said
    assert "start it with --env AWS_ACCESS_KEY_ID --env AWS_SECRET_ACCESS_KEY" in said


def test_an_empty_address_is_not_the_local_run(capsys: Printed) -> None:
    """Most often `--url "$URL"` with a variable that is not set."""
    assert main(["chat", "hello", "--url", ""]) == 1
    assert "CLI027" in capsys.readouterr().err


def test_chat_can_show_each_event_and_when_it_came(capsys: Printed) -> None:
    assert main(["chat", "--payload", '{"count": 2}', "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()][1:] == [{"text": "0"}, {"text": "1"}]

    assert main(["chat", "--payload", '{"count": 3, "pause": 0.1}', "--timeline"]) == 0
    times = [float(line.split()[0]) for line in capsys.readouterr().out.splitlines()]
    assert times[-1] - times[0] > 0.2


def test_a_reader_that_has_seen_enough_ends_it_quietly(folder: Path) -> None:
    command = [Path(sys.executable).with_name("streaming-agent"), "chat", "--payload", '{"count": 200, "pause": 0.01}']
    chat = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert chat.stdout is not None
    assert chat.stderr is not None
    assert chat.stdout.read(1) == b"0"
    chat.stdout.close()

    assert chat.wait(10) == 128 + signal.SIGPIPE
    assert chat.stderr.read() == b""


def test_a_conversation_without_anybody_to_have_it_is_over(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)

    assert main(["chat"]) == 0
    assert capsys.readouterr().out == ""


def test_a_password_is_typed_on_a_terminal_or_given(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("secret"))

    assert main(["chat", "hello", "--username", "ada"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "streaming-agent: cannot ask for the password of ada: stdin is not a terminal;"
        " set STREAMING_AGENT_PASSWORD (SAL063)",
        "  https://github.com/streaming-agent-construct/streaming-agent-construct/blob/main/docs/errors.md#sal063",
    ]


def test_chat_without_a_question_is_a_conversation(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("first\n\nsecond\n"))

    assert main(["chat"]) == 0
    assert capsys.readouterr().out == "012\n012\n"


@pytest.mark.parametrize("kind", ["id", "access"])
def test_token_prints_the_one_that_is_asked_for(capsys: Printed, kind: str) -> None:
    assert main(["token", "--type", kind]) == 0
    assert claims_of(capsys.readouterr().out.strip())["token_use"] == kind


def test_a_deployment_is_asked_by_its_outputs(
    capsys: Printed, chain: Endpoints, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["token"])
    monkeypatch.setenv("STREAMING_AGENT_TOKEN", capsys.readouterr().out.strip())
    outputs = folder / "outputs.json"
    outputs.write_text(json.dumps({"Chat": {"AgentInvocationsUrl01234567": chain.invocations_url}}))

    assert main(["chat", "hello", "--outputs", str(outputs)]) == 0
    assert capsys.readouterr().out == "012\n"


TWO = {"A": {"OneInvocationsUrl01234567": "https://a/"}, "B": {"TwoInvocationsUrl01234567": "https://b/"}}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--outputs", "two.json"],
            "the outputs describe several APIs (A/One, B/Two): choose one with --api (SAL060)",
        ),
        (["--outputs", "two.json", "--api", "C/One"], "api: expected one of A/One, B/Two, got C/One (SAL061)"),
        (["--url", "https://a/"], "(SAL062)"),
        (["--payload", "hello"], 'payload: expected a JSON object such as {"prompt": "hello"}, got hello (SAL064)'),
        (["--run-file", "missing.json"], "(CLI023)"),
        (["--url", "http://example.com/"], "(CLI027)"),
    ],
)
def test_bad_input_is_one_sentence(capsys: Printed, folder: Path, arguments: list[str], sentence: str) -> None:
    (folder / "two.json").write_text(json.dumps(TWO))

    assert main(["chat", *arguments]) == 1
    error, page = capsys.readouterr().err.splitlines()
    assert error.startswith("streaming-agent: ")
    assert error.endswith(sentence)
    assert page.endswith(f"docs/errors.md#{error[-7:-1].lower()}")


def test_a_code_from_cognito_needs_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from streaming_agent.cli.api_options import _asked_for
    from streaming_agent.client import Challenge
    from streaming_agent.template import Refusal

    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    with pytest.raises(Refusal, match="SAL063"):
        _asked_for(Challenge("SOFTWARE_TOKEN_MFA", {}))
