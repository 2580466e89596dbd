"""What reaches the terminal: lines of an agent's output, and of the log."""

import json
import logging

import pytest
from streaming_agent.cli.console import _OneLine
from streaming_agent.local.agentcore.log_lines import log_lines

TRACE = ["Traceback (most recent call last):\n", '  File "agent.py", line 3\n', "ValueError: no model\n"]


def test_an_exception_that_is_logged_as_json_is_unfolded() -> None:
    logged = {"level": "ERROR", "message": "Invocation failed", "stackTrace": TRACE}

    assert list(log_lines(json.dumps(logged).encode())) == [
        "ERROR Invocation failed",
        "Traceback (most recent call last):",
        '  File "agent.py", line 3',
        "ValueError: no model",
    ]


def test_the_sdks_log_lines_are_short() -> None:
    line = {"timestamp": "2026", "level": "INFO", "message": "Returning", "logger": "bedrock_agentcore.app"}

    assert list(log_lines(json.dumps(line).encode())) == ["INFO Returning"]


@pytest.mark.parametrize(
    "line", ["plain", '{"text": "stackTrace"}', '{"stackTrace":', '{"level": "INFO", "message": "json"}', "[1]"]
)
def test_other_lines_are_shown_as_they_are(line: str) -> None:
    assert list(log_lines(line.encode())) == [line]


@pytest.mark.parametrize(
    "payload",
    ["\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x1b[2K", "\r09:00:00 forged", "\x9b31m", "\u202etxt.exe", "\u2066x"],
)
def test_no_control_character_reaches_the_terminal(payload: str) -> None:
    (line,) = log_lines(payload.encode())
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (f"{payload}\nforged",), None)
    formatted = _OneLine("%(message)s").format(record)

    for shown in (line, formatted):
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown)
        assert not {"\u202e", "\u2066"} & set(shown)
