"""The bare command, its version, and what is said where an extra isn't installed."""

import re

import pytest
from streaming_agent import errors
from streaming_agent.cli import extras, main

Printed = pytest.CaptureFixture[str]


def test_the_bare_command_prints_its_help(capsys: Printed) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: streaming-agent")


def test_it_knows_its_version(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert re.fullmatch(r"streaming-agent \S+\n", capsys.readouterr().out)


@pytest.mark.parametrize(("verb", "missing"), [("chat", "httpx2"), ("local", "aiohttp")])
def test_help_works_without_the_extra_and_names_it(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch, verb: str, missing: str
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    extra = {"chat": "client", "local": "local"}[verb]
    told = " ".join(capsys.readouterr().out.split())
    assert f"this command needs: pip install 'streaming-agent[{extra}]' (missing: {missing})" in told


def test_every_error_is_one_line_with_its_code_and_page() -> None:
    error = errors.CodedError("CLI045", "two\nlines")
    assert str(error) == "two\\nlines (CLI045)"
    assert error.docs_url.endswith("/docs/errors.md#cli045")
    assert issubclass(errors.Refusal, errors.CodedError)
