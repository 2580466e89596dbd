"""For an agent's own tests: ask it without a socket, and see what two sessions of one snapshot share."""

import asyncio
import base64
import json
import subprocess
import sys
import threading
import uuid
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from .context import SESSION_HEADER
from .events import AnswerError, Data, Source, Thinking, Tool, ToolState, Usage
from .in_process import post
from .server import StreamingAgent

Asked: TypeAlias = str | Thinking | Source | Tool | Usage | Data | AnswerError


def ask(
    app: StreamingAgent,
    prompt: str,
    *,
    session_id: str | None = None,
    conversation_id: str = "",
    user_id: str | None = None,
    claims: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> list[Asked]:
    """Asks an agent as its server would, and returns what callers get; an `AnswerError` is the last of it.

    Example::

        assert "".join(event for event in ask(app, "Hello") if isinstance(event, str)) == "Hello. "

    :param app: The agent.
    :param prompt: The question.
    :param session_id: AgentCore's session. ``None``: a new one.
    :param conversation_id: Which of its conversations.
    :param user_id: The token's ``sub``. ``None``: there is no token.
    :param claims: More claims of the token.
    :param headers: What AgentCore passes on beside them.
    :param payload: More of the JSON object.
    :return: The events, pieces of text as they came.
    :raises AssertionError: the agent refused the request itself, or its answer had no end.
    """
    sent = {"prompt": prompt, **({"conversation_id": conversation_id} if conversation_id else {}), **(payload or {})}
    given = {
        "accept": "text/event-stream; protocol=words",
        SESSION_HEADER: session_id or f"test-{uuid.uuid4()}",
        **(headers or {}),
    }
    if user_id is not None or claims is not None:
        told = {**({"sub": user_id} if user_id is not None else {}), **(claims or {})}
        middle = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
        given["authorization"] = f"Bearer e30.{middle}.unsigned"
    status, body = _in_its_own_loop(post(app, "/invocations", given, json.dumps(sent).encode()))
    if status != 200:
        raise AssertionError(f"the agent answered {status}: {body.decode(errors='replace')}")
    return read_events(body)


def read_events(body: bytes) -> list[Asked]:
    """The events in what an agent sent; raises `AssertionError` where it was cut."""
    events: list[Asked] = []
    for line in body.decode().split("\n"):
        if line.startswith("data: "):
            match json.loads(line.removeprefix("data: ")):
                case {"text": text}:
                    events.append(text)
                case {"thinking": text}:
                    events.append(Thinking(text))
                case {"source": source}:
                    events.append(Source(source["title"], source["url"]))
                case {"tool": tool}:
                    events.append(Tool(tool["name"], id=tool["id"], state=ToolState(tool["state"])))
                case {"data": data}:
                    events.append(Data(data["name"], data["value"]))
                case {"usage": usage}:
                    events.append(Usage(usage["input_tokens"], usage["output_tokens"]))
                case {"error": error}:
                    return [*events, AnswerError(error["code"], error["message"])]
                case {"end": _}:
                    return events
    raise AssertionError(f"the answer has no end: {body.decode()[-200:]!r}")


def sessions(module: str, n: int = 2, *, prompt: str = "Hello", app: str = "app", primed: bool = False) -> list[Any]:
    """What AgentCore's snapshots make sessions share: starts the agent once, and answers in `n` copies of it.

    Each copy believes to be process 1 and to have slept since, as in a restored snapshot (AC runtime-v2-optimize). That
    needs Linux, and root or user namespaces; without them the copies are plain ones, and a warning says so.

    Example::

        first, second = sessions("agent")
        assert first != second  # where an answer holds something that must be fresh

    :param module: The agent's module: a name, or the path of its file.
    :param n: How many sessions.
    :param prompt: What each is asked.
    :param app: The agent's name in its module.
    :param primed: Whether it answers once before the snapshot.
    :return: For each session the events of its answer.
    :raises RuntimeError: the module cannot be imported or does not answer.
    """
    if not sys.platform.startswith("linux"):
        raise RuntimeError(f"sessions needs Linux, got {sys.platform}: run this test in a container")
    command = [sys.executable, "-m", "streaming_agent.twin", module, str(n), prompt, app, str(int(primed))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} does not answer: {done.stderr.strip()}")
    *bodies, isolated = json.loads(done.stdout.splitlines()[-1])
    if not isolated:
        warnings.warn(
            "sessions are plain forks here: they have process ids of their own, and what notices that differs although "
            "a snapshot shares it; run as root, or allow user namespaces",
            stacklevel=2,
        )
    return [read_events(body.encode()) for body in bodies]


def _in_its_own_loop(work: Any) -> Any:
    """Runs a coroutine, in a thread where a loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    result: list[Any] = []

    def run() -> None:
        try:
            result.append(asyncio.run(work))
        except BaseException as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(result[0], BaseException):
        raise result[0]
    return result[0]


def import_agent(module: str, app: str) -> StreamingAgent:
    """The agent of a module's name or a file's path."""
    from importlib import import_module, util  # noqa: PLC0415

    path = Path(module)
    if path.suffix == ".py":
        sys.path.insert(0, str(path.parent.resolve()))
        spec = util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise SystemExit(f"{module} cannot be imported")
        found = util.module_from_spec(spec)
        sys.modules[path.stem] = found
        spec.loader.exec_module(found)
    else:
        sys.path.insert(0, "")
        found = import_module(module)
    agent = getattr(found, app, None)
    if not isinstance(agent, StreamingAgent):
        raise SystemExit(f"{module} has no StreamingAgent called {app}")
    return agent
