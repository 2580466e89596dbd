"""Nothing that an agent, an API or a file says takes the terminal over: ten payloads at every place that prints."""

import io
import json
import logging
import sys
from pathlib import Path

import pytest
from streaming_agent.cli import main
from streaming_agent.cli.output import printable, printable_output

from tests.functional.streaming_agent.client.scripted_api import json_reply, raw, said, scripted, stream

from .chats import Chat

PAYLOADS = {
    "window title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "link": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "erased line": "\x1b[2K\x1b[1Gpassword: ",
    "C1 control": "\x9b2J\x90q\x9c",
    "bidi override": "\u202etxt.exe\u202c",
    "bidi isolate": "\u2066abc\u2069\u200f",
    "carriage return": "good\rbad",
    "bell and backspace": "\x07\x08\x08\x7f",
    "null and escape": "\x00\x1bc",
}
FORBIDDEN = set(map(chr, (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0)))) | set(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
payloads = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)


def is_clean(text: str) -> bool:
    return not FORBIDDEN & set(text)


@payloads
@pytest.mark.parametrize("option", [None, "--json", "--timeline"])
def test_an_agents_text(chat: Chat, payload: str, option: str | None) -> None:
    shown = chat(raw(said(f"before {payload} after")), *([option] if option else []))
    assert shown.code == 0
    assert is_clean(shown.out)
    assert "before" in shown.out
    if option == "--json":
        assert json.loads(shown.out) == {"text": f"before {payload} after"}  # the escapes are JSON's own


@payloads
def test_plain_text_and_documents(chat: Chat, payload: str) -> None:
    assert is_clean(chat(raw(payload.encode(), "text/plain")).out)
    assert is_clean(chat(raw(json.dumps({"x": payload}).encode(), "application/json")).out)


@payloads
def test_an_agents_error_and_an_apis(chat: Chat, payload: str) -> None:
    failed = chat(raw(f"data: {json.dumps({'error': payload, 'error_type': payload, 'message': 'x'})}\n\n".encode()))
    refused = chat(json_reply({"message": payload}, 400, {"x-amzn-ErrorType": "Bad"}))
    page = chat(raw(f"<title>{payload}</title>".encode(), "text/html"))
    for shown in (failed, refused, page):
        assert shown.code == 1
        assert is_clean(shown.out + shown.err)


@payloads
def test_verify(chat: Chat, payload: str) -> None:
    with chat.api(json_reply({"message": payload}, 500)) as api:
        shown = chat.ask(api, verb="verify", question=None)
        as_json = chat.ask(api, "--json", verb="verify", question=None)
    assert is_clean(shown.out + shown.err + as_json.out + as_json.err)


@payloads
def test_files_and_arguments(
    payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run_file = {"invocations_url": f"https://evil.example/{payload}", "cognito_endpoint": "http://127.0.0.1:1"}
    (tmp_path / "run.json").write_text(json.dumps(run_file))
    (tmp_path / "outputs.json").write_text(json.dumps({payload: {"AInvocationsUrl01234567": "https://a.example/"}}))
    named = payload.replace("\x00", "")
    for arguments in (
        ["--run-file", "run.json"],
        ["--outputs", "outputs.json", "--api", named],
        ["--url", f"https://a.example/{named}"],
        ["--payload", named],
    ):
        assert main(["chat", *arguments]) == 1
        printed = capsys.readouterr()
        assert is_clean(printed.out + printed.err)


@payloads
def test_a_log_line(payload: str, capsys: pytest.CaptureFixture[str]) -> None:
    with printable_output():
        handler = logging.StreamHandler(sys.stderr)
        handler.emit(logging.makeLogRecord({"msg": payload}))
    assert is_clean(capsys.readouterr().err)


def test_lines_and_tabs_are_left_as_they_are() -> None:
    assert printable("a\tb\nc") == "a\tb\nc"
    assert printable("\x1b[31m") == "\\u001b[31m"


def test_a_line_end_of_two_characters_stays_one_when_it_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    with printable_output():
        print("a\r", end="", flush=True)
        print("\nb", flush=True)
    assert capsys.readouterr().out == "a\nb\n"


def test_what_waits_for_its_other_half_is_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    with printable_output():
        print("\ud83c", end="")
    assert capsys.readouterr().out == "\ufffd"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "shift_jis", "utf-16-le", "utf-8"])
def test_json_is_json_in_every_locale(chat: Chat, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = {"text": "Grün 🍃 \u202e"}
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding, newline=""))
    with scripted(raw(f"data: {json.dumps(content)}\n\n".encode())) as api:
        assert main(["chat", "hello", "--json", "--url", f"{api.origin}/prod/invocations"]) == 0
    assert json.loads(written.getvalue().decode(encoding)) == content


def test_a_prompt_for_a_password_takes_nothing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: prompts.append(prompt) or "")
    pool = ["--user-pool-id", "us-east-1_A", "--client-id", "c"]
    main(["chat", "hello", "--url", "http://127.0.0.1:1/x", "--username", "\x1b]0;owned\x07", *pool])
    assert prompts
    assert all(is_clean(prompt) for prompt in prompts)


def test_output_needs_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.stderr", None)
    with printable_output():
        print("still here")


def test_many_small_pieces_take_no_longer_than_their_sum(chat: Chat) -> None:
    with scripted(stream(*(said("x") for _ in range(300)))) as api:
        assert chat.ask(api).out == "x" * 300 + "\n"
