"""The agent on a real server, on a free port of this machine."""

import asyncio
import importlib
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import uvicorn


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "environment(**variables): environment variables that the agent starts with")
    # bedrock-agentcore 1.25 declares its models in pydantic's old way.
    config.addinivalue_line("filterwarnings", "ignore:Support for class-based:DeprecationWarning")


EXAMPLE = Path(__file__).parents[1]
SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The module agent.py, as AgentCore runs it: from its own folder, configured by its environment."""
    own = {path.stem for path in (EXAMPLE / "agent").glob("*.py")}
    environment = request.node.get_closest_marker("environment")
    for name, value in {"AGENT_MODEL": "scripted", **(environment.kwargs if environment else {})}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(EXAMPLE / "agent")
    yield importlib.import_module("agent")
    for name in own & sys.modules.keys():
        del sys.modules[name]


class Model(Protocol):
    """What a test sets on the agent's model, and what it reads there."""

    words: Sequence[str | Exception]
    pause_seconds: float
    stop_reason: str
    before_word: dict[int, Callable[[], Awaitable[Any]]]
    asked: list[list[str]]
    stopped_at: asyncio.Future[float]


@pytest.fixture
def model(agent: Any) -> Model:
    """The agent's model: notes what it is asked and when it is stopped, and waits before a word if a test says so."""
    scripted_model = importlib.import_module("scripted_model")

    class ObservedModel(scripted_model.ScriptedModel):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__(["Hello, ", "wörld ", "🙂"], pause_seconds=0)
            self.before_word: dict[int, Callable[[], Awaitable[Any]]] = {}
            self.asked: list[list[str]] = []

        async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            self.asked.append([f"{message['role']}: {message['content'][0]['text']}" for message in messages])
            words = 0
            try:
                async for event in super().stream(messages):
                    if "contentBlockDelta" in event:
                        if words in self.before_word:
                            await self.before_word[words]()
                        words += 1
                    yield event
            except BaseException as ended:
                if isinstance(ended, asyncio.CancelledError | GeneratorExit):
                    self.stopped_at.set_result(time.monotonic())
                raise

    agent.model = ObservedModel()
    return agent.model


class Caller:
    """Asks the agent as the gateway does."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    def request(self, payload: Any, session: str | None = "session-of-one-user-0123456789-0123456789") -> httpx.Request:
        headers = {} if session is None else {SESSION: session}
        return self.http.build_request("POST", "/invocations", json=payload, headers=headers)

    async def reply(self, payload: Any, **options: Any) -> httpx.Response:
        return await self.http.send(self.request(payload, **options))

    async def open(self, payload: Any, **options: Any) -> httpx.Response:
        """The reply once its headers are there; its words come with aiter_lines()."""
        return await self.http.send(self.request(payload, **options), stream=True)


@pytest.fixture
async def caller(agent: Any, model: Model) -> AsyncIterator[Caller]:
    model.stopped_at = asyncio.get_running_loop().create_future()
    server = uvicorn.Server(uvicorn.Config(agent.app, log_level="warning", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0), backlog=200) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        url = "http://{}:{}".format(*listener.getsockname())
        async with httpx.AsyncClient(base_url=url, timeout=10, limits=httpx.Limits(), trust_env=False) as http:
            yield Caller(http)
        server.should_exit = server.force_exit = True
        await serving
