"""`streaming-agent chat`: an answer is shown whole, or the command says what is missing and ends with 1."""

import io
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from streaming_agent.cli import chat as chat_module

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import Reply, raw, refused, said, scripted, stream

from .chats import Chat

LEAF = b'data: {"text": "Green \\ud83c"}\n\ndata: {"text": "\\udf43 leaf"}\n\n'
DEEP = b"data: " + b"[" * 50_000 + b"]" * 50_000 + b"\n\n"


def test_half_a_character_waits_for_its_other_half(chat: Chat) -> None:
    assert chat(raw(LEAF)).out == "Green 🍃 leaf\n"


@pytest.mark.parametrize("option", ["--json", "--timeline"])
def test_half_a_character_is_no_traceback_where_events_are_shown(chat: Chat, option: str) -> None:
    shown = chat(raw(LEAF), option)
    assert shown.code == 0
    assert shown.out.count("\n") == 2
    assert "Green" in shown.out


def test_an_event_that_is_nested_too_deep_hides_no_other(chat: Chat) -> None:
    shown = chat(raw(DEEP + said("leaf")))
    assert (shown.code, shown.out) == (0, "leaf\n")
    assert "1 of the agent's 2 events cannot be read" in shown.err


def test_a_document_in_another_charset_is_read(chat: Chat) -> None:
    document = '{"text": "Grün"}'.encode("latin-1")
    assert chat(raw(document, "application/json; charset=iso-8859-1")).out == "Grün\n"
    assert chat(raw(document, "application/json")).out == "Gr\ufffdn\n"


@pytest.mark.parametrize(("encoding", "named"), [("gzip", "gzip"), ("br", "br"), ("snappy", "snappy")])
def test_a_compression_that_cannot_be_read_is_named(chat: Chat, encoding: str, named: str) -> None:
    shown = chat(raw(said("hello"), Content_Encoding=encoding))
    assert (shown.code, shown.out) == (1, "")
    assert named in shown.err
    assert "(CLI055)" in shown.err


@pytest.mark.parametrize(
    "failure",
    [
        {"type": "RUN_ERROR", "message": "the tool broke", "code": "X1"},
        {"type": "error", "errorText": "the tool broke"},
        {"type": "error", "error": {"type": "overloaded_error", "message": "the tool broke"}},
        {"event": "error", "message": "the tool broke"},
        {"throttlingException": {"message": "the tool broke"}},
        {"force_stop": True, "force_stop_reason": "the tool broke"},
        {"error": "the tool broke", "error_type": "NoCredentialsError", "message": "An error occurred"},
        {"error": {"code": "agent_failed", "message": "the tool broke"}},
        {"type": "response.failed", "response": {"error": {"code": "x", "message": "the tool broke"}}},
        {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "the tool broke"}},
    ],
)
def test_an_error_in_its_librarys_shape_is_an_error(chat: Chat, failure: object) -> None:
    shown = chat(raw(said("Green ") + f"data: {json.dumps(failure)}\n\n".encode()))
    assert (shown.code, shown.out) == (1, "Green \n")
    assert "the tool broke" in shown.err
    assert "(CLI042)" in shown.err


def test_the_agents_own_type_of_error_is_said(chat: Chat) -> None:
    sdk = {"error": "Unable to locate credentials", "error_type": "NoCredentialsError", "message": "An error occurred"}
    assert "NoCredentialsError: Unable to locate credentials" in chat(raw(f"data: {json.dumps(sdk)}\n\n".encode())).err


@pytest.mark.parametrize(
    "beside",
    [
        b"event: metadata\ndata: run 7 started\n\n",
        b"event: done\ndata: finished\n\n",
        b'event: tool_result\ndata: {"error": "no such order"}\n\n',
        b'data: {"tool_result": {"name": "lookup"}, "error": "no such order", "type": "tool_result"}\n\n',
        b'data: {"type": "reasoning", "text": "hm"}\n\n',
        b'data: {"role": "user", "content": "hello"}\n\n',
        b"data: null\n\ndata: 5\n\n",
        b"id: 5\n\n",
        b"retry: 10\n\n: comment\n\n",
    ],
)
def test_what_stands_beside_the_answer_is_none_of_its_words(chat: Chat, beside: bytes) -> None:
    shown = chat(raw(said("Green ") + beside + said("leaf")))
    assert (shown.code, shown.out) == (0, "Green leaf\n")


@pytest.mark.parametrize(
    "shown_object",
    [
        "{'result': {'type': 'agent_result', 'signature': b'rsn'}}",
        "AIMessageChunk(content='Green', id='run-1')",
        "<strands.agent.agent.Agent object at 0x7f00>",
        "(AIMessageChunk(content='x'), {'langgraph_node': 'model'})",
        "b'bytes'",
    ],
)
def test_the_repr_of_an_object_is_told_and_not_shown(chat: Chat, shown_object: str) -> None:
    shown = chat(raw(said("Green leaf") + f"data: {json.dumps(shown_object)}\n\n".encode()))
    assert (shown.code, shown.out) == (0, "Green leaf\n")
    assert "1 of the agent's 2 events cannot be read" in shown.err


@pytest.mark.parametrize("text", ["f(x)", "{'", "a (b) c", "x = {'a'", "Done (see above)", "[1]", "<b>bold</b> word"])
def test_words_that_only_look_like_code_are_shown(chat: Chat, text: str) -> None:
    assert chat(raw(f"data: {json.dumps(text)}\n\n".encode())).out.strip("\n") == text


def test_an_event_that_is_too_large_is_named_as_the_clients_limit(chat: Chat) -> None:
    shown = chat(raw(said("x" * (11 * 1024 * 1024))))
    assert shown.code == 1
    assert "one event has more than 10 MB" in shown.err


def test_an_answer_without_text_is_shown_as_json_and_is_an_error(chat: Chat) -> None:
    shown = chat(raw(b'data: {"temperature": 21}\n\n'))
    assert (shown.code, shown.out) == (1, '{"temperature": 21}\n')
    assert "no text was found" in shown.err
    as_json = chat(raw(b'data: {"temperature": 21}\n\n'), "--json")
    assert (as_json.code, as_json.out) == (0, '{"temperature": 21}\n')


def test_a_question_comes_without_what_windows_puts_around_it(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeffone\r\ntwo\r\n", newline="\n"))
    shown = chat(raw(said("hello")), question=None)
    assert [asked.json for asked in shown.api.asked] == [{"prompt": "one"}, {"prompt": "two"}]


def test_bytes_that_are_no_text_are_refused_and_the_next_question_is_asked(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\udcff\udcfe\ntwo \ud83c\udf43\n"))
    shown = chat(raw(said("hello")), question=None)
    assert (shown.code, [asked.json for asked in shown.api.asked]) == (1, [{"prompt": "two 🍃"}])
    assert "CLI059" in shown.err


def test_a_question_and_a_payload_exclude_each_other(chat: Chat) -> None:
    with pytest.raises(SystemExit, match="2"):
        chat(raw(said("hello")), "--payload", "{}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("verb", ["chat", "token", "verify"])
def test_output_that_cannot_be_written_is_one_sentence(verb: str) -> None:
    program = "import sys; from streaming_agent.cli import main; sys.exit(main())"
    question = ["hello"] if verb == "chat" else []
    with scripted(raw(said("hello"))) as api, open("/dev/full", "w") as full:
        url = f"{api.origin}/prod/invocations"
        done = subprocess.run(
            [sys.executable, "-c", program, verb, *question, "--url", url],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "STREAMING_AGENT_TOKEN": token()},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "the output cannot be written: No space left on device (SAL108)" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_the_librarys_hint_is_given_where_it_adds_json_of_its_own(chat: Chat) -> None:
    sent = b'data: {"data": "hi", "delta": {"text": "hi"}}\n\ndata: {"result": "hi"}\n\ndata: [DONE]\n\n'
    shown = chat(raw(sent))
    assert (shown.out, shown.err.count("the agent sends")) == ("hi\n", 1)
    assert "Strands" in shown.err


def test_a_header_of_ones_own_is_sent(chat: Chat) -> None:
    name = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"
    shown = chat(raw(said("hello")), "--header", f"{name}: acme")
    assert shown.api.asked[0].headers[name.lower()] == "acme"


@pytest.mark.parametrize(
    ("header", "code"),
    [("Authorization: x", "CLI052"), ("x-api-key: x", "CLI052"), ("a b: x", "CLI052"), ("nothing", "SAL067")],
)
def test_a_header_that_cannot_be_sent_is_refused_before(chat: Chat, header: str, code: str) -> None:
    shown = chat(raw(said("hello")), "--header", header)
    assert shown.code == 1
    assert code in shown.err
    assert not shown.api.asked


def test_after_some_silence_there_is_a_word(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_module, "SILENCE_SECONDS", 0.01)
    waited = threading.Event()
    say = chat_module._say

    def told(sentence: str) -> None:
        say(sentence)
        waited.set()

    monkeypatch.setattr(chat_module, "_say", told)
    shown = chat(_after(waited))
    assert "still waiting" in shown.err
    assert shown.out == "hello\n"


def _after(waited: threading.Event) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        assert waited.wait(10)
        stream(said("hello"))(handler)

    return reply


def test_a_busy_session_is_asked_again_and_that_is_said(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    with chat.api(refused(409, "RetryableConflictException"), stream(said("hello"))) as api:
        shown = chat.ask(api)
    assert (shown.code, shown.out) == (0, "hello\n")
    assert "the session is busy with another answer (409); asking again" in shown.err


def test_an_error_does_not_end_a_conversation(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("first\nsecond\n"))
    with chat.api(raw(b"event: error\ndata: no\n\n"), raw(said("hello"))) as api:
        shown = chat.ask(api, question=None)
    assert (shown.code, shown.out) == (1, "hello\n")
    assert "the agent failed: no (CLI042)" in shown.err


def test_a_conversation_says_whom_it_asks_and_how_to_leave(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO("hello\nquit\nnever asked\n")
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", terminal)
    with chat.api(raw(said("hello"))) as api:
        shown = chat.ask(api, question=None)
        assert len(api.asked) == 1
    assert shown.code == 0
    assert f"asking the agent at {api.origin}/prod/invocations" in shown.err
    assert "Type exit or Ctrl-D to leave" in shown.err


def test_an_answer_is_shown_in_a_locale_that_has_no_such_letters() -> None:
    with scripted(raw('data: {"text": "Grün 🍃"}\n\n'.encode())) as api:
        program = "import sys; from streaming_agent.cli import main; sys.exit(main())"
        environment = {
            "PYTHONPATH": os.pathsep.join(sys.path),
            "STREAMING_AGENT_TOKEN": token(),
            "PYTHONIOENCODING": "ascii",
            "PATH": os.environ["PATH"],
        }
        command = [sys.executable, "-c", program, "chat", "hello", "--url", f"{api.origin}/prod/invocations"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Gr\\u00fcn \\ud83c\\udf43\n")


def test_a_hint_is_given_once(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("first\nsecond\n"))
    with chat.api(raw(b'data: {"data": "hello"}\n\n')) as api:
        shown = chat.ask(api, question=None)
    assert shown.out == "hello\nhello\n"
    assert shown.err.count("from_strands") == 1


def test_a_token_that_was_refused_is_not_sent_again(chat: Chat) -> None:
    with chat.api(refused(401, "UnauthorizedException")) as api:
        shown = chat.ask(api)
    assert len(api.asked) == 1
    assert "API Gateway answered 401 UnauthorizedException: because" in shown.err
