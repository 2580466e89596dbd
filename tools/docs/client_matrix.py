"""Writes the table of docs/client.md: what each kind of agent's answer looks like to each reader, by asking."""

import contextlib
import io
import json
import os
import subprocess
import time
from pathlib import Path
from unittest import mock

import anyio
from streaming_agent.cli import main
from streaming_agent.client import AgentAddress, AgentClient, AsyncAgentClient, ClientError, StaticToken
from streaming_agent.client.base64url import encode_base64url

from .agent_answers import ANSWERS, AgentAnswer
from .answering_server import answering

_PAGE = Path(__file__).parents[2] / "examples" / "chat_web" / "web" / "answer.js"
_READER = Path(__file__).with_name("page_reader.mjs")
_HEAD = ("the agent sends", "`chat`", "`chat --json`", "client", "async client", "page of chat_web")


def table() -> str:
    """One line a kind of answer."""
    with answering(ANSWERS) as urls:
        pages = read_by_the_page(urls)
        rows = [
            (answer.name, _chat(url), _chat(url, "--json"), _sync(url), anyio.run(_async, url), page)
            for answer, url, page in zip(ANSWERS, urls, pages, strict=True)
        ]
    lines = [_HEAD, ("---",) * len(_HEAD), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def token() -> str:
    """A token that is good for an hour, as far as a caller sees."""
    parts = ({"alg": "RS256"}, {"token_use": "id", "exp": int(time.time()) + 3600})
    return ".".join((*(encode_base64url(json.dumps(part).encode()) for part in parts), "c2lnbmF0dXJl"))


def run_chat(url: str, *options: str) -> tuple[str, str, int]:
    """What the command prints, says, and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    environment = {"STREAMING_AGENT_TOKEN": token()}
    with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["chat", "hello", "--url", url, *options])
    return out.getvalue(), err.getvalue(), code


def read_by_the_page(urls: list[str]) -> list[str]:
    """What the page of examples/chat_web makes of each."""
    command = ["node", str(_READER), str(_PAGE), *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [_cell(text, failed) for text, failed in json.loads(done.stdout)]


def _chat(url: str, *options: str) -> str:
    out, err, code = run_chat(url, *options)
    said = err.partition("\n")[0].rpartition("(")[2].rstrip(")") if code else ""
    text = _counted(len(out.splitlines())) if options else out.strip("\n")
    return f"{_cell(text, said)}, exit {code}"


def _counted(events: int) -> str:
    return "" if events == 0 else "1 event" if events == 1 else f"{events} events"


def _sync(url: str) -> str:
    text = ""
    with AgentClient(AgentAddress(invocations_url=url), StaticToken(token())) as client:
        try:
            for event in client.invoke("hello"):
                text += event.text
        except ClientError as error:
            return _cell(text, f"{type(error).__name__}")
    return _cell(text, "")


async def _async(url: str) -> str:
    text = ""
    async with AsyncAgentClient(AgentAddress(invocations_url=url), StaticToken(token())) as client:
        try:
            async for event in await client.invoke("hello"):
                text += event.text
        except ClientError as error:
            return _cell(text, f"{type(error).__name__}")
    return _cell(text, "")


def _cell(text: str, failed: str) -> str:
    shown = " ".join(text.split())
    return ", then ".join(filter(None, (shown, failed))) or "nothing"


__all__ = ["ANSWERS", "AgentAnswer", "read_by_the_page", "run_chat", "table", "token"]
