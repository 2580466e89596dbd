"""Runs `streaming-agent chat` against an API that answers as a test says."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from streaming_agent.cli import main

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import Reply, ScriptedApi, scripted


@dataclass(frozen=True)
class Said:
    """What came of one command."""

    code: int
    out: str
    err: str
    api: ScriptedApi


class Chat:
    """`chat` with a token from the environment."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        monkeypatch.setenv("STREAMING_AGENT_TOKEN", token())

    def __call__(self, reply: Reply, *options: str, question: str | None = "hello") -> Said:
        with self.api(reply) as api:
            return self.ask(api, *options, question=question)

    def ask(self, api: ScriptedApi, *options: str, question: str | None = "hello", verb: str = "chat") -> Said:
        """One command against a running API."""
        asked = [question] if question is not None else []
        code = main([verb, *asked, "--url", f"{api.origin}/prod/invocations", *options])
        printed = self._capsys.readouterr()
        return Said(code, printed.out, printed.err, api)

    @contextlib.contextmanager
    def api(self, *replies: Reply) -> Iterator[ScriptedApi]:
        with scripted(*replies) as api:
            yield api
